-- Who holds a lock on the tables of the schemas in $1 (OIDs) that VACUUM, ANALYZE and REINDEX CONCURRENTLY have to wait for. An automatic
-- VACUUM gives way by itself.
select
    l.relation as "table",
    min(l.pid)::int4 as pid,
    min(coalesce(nullif(a.application_name, ''), a.usename::text, 'a session')) as program
from pg_catalog.pg_locks l
join pg_catalog.pg_class c on c.oid = l.relation
left join pg_catalog.pg_stat_activity a on a.pid = l.pid
where l.locktype = 'relation' and l.granted and l.pid <> pg_catalog.pg_backend_pid() and c.relnamespace = any ($1)
    and l.mode in ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
    and a.backend_type is distinct from 'autovacuum worker'
group by l.relation
