-- Relations outside the tenant that this transaction has changed. {schema} is the tenant's name as a literal.
--
-- Locks tell, since they are held to the end: whoever writes rows of a relation, or changes its definition, holds a lock of
-- one of these modes. A foreign key that refers to a shared table leaves a lock and triggers of the server's own on it, but
-- changes nothing about it; a sequence that is only used is not changed either.
select coalesce(pg_catalog.string_agg(distinct pg_catalog.format('%I.%I', n.nspname, c.relname), ', '), '') as touched
from pg_catalog.pg_locks l
join pg_catalog.pg_class c on c.oid = l.relation
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation' and l.granted
  and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
  and l.mode in ('RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                 'AccessExclusiveLock')
  and n.nspname not in ({schema}, 'pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_(temp|toast_temp)_'
  and c.relkind not in ('i', 'I')
  and not (c.relkind = 'S' and l.mode = 'RowExclusiveLock')
  and not (l.mode = 'ShareRowExclusiveLock' and not exists (
        select from pg_catalog.pg_trigger t
        where t.tgrelid = c.oid and not t.tgisinternal and t.xmin = pg_catalog.pg_current_xact_id()::xid))
