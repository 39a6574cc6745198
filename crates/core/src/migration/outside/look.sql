-- Indexes of a tenant that have this name, or belong to this table and were made since the history row was last written.
select c.relname::text, i.indisvalid and i.indisready and i.indislive,
    pg_catalog.age(c.xmin) < (select pg_catalog.age(h.xmin) from {history} h where h.version = {version}),
    (select l.pid from pg_catalog.pg_locks l
     where l.locktype = 'relation' and l.granted and l.mode = 'ShareUpdateExclusiveLock' and l.relation = i.indrelid
        and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
        and l.pid <> pg_catalog.pg_backend_pid() limit 1)
from pg_catalog.pg_class c
join pg_catalog.pg_index i on i.indexrelid = c.oid
join pg_catalog.pg_class t on t.oid = i.indrelid
where c.relnamespace = pg_catalog.quote_ident({schema})::pg_catalog.regnamespace and c.relkind in ('i', 'I')
    and t.relname = {table} and {named}
order by c.relname
