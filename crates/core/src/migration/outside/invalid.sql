-- Indexes of these schemas that are not valid and that nobody builds at this moment.
select n.nspname::text as schema, c.relname::text as name, t.relname::text as "table"
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
join pg_catalog.pg_class t on t.oid = i.indrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where not (i.indisvalid and i.indisready and i.indislive) and n.nspname = any ($1)
    and not exists (
        select from pg_catalog.pg_locks l
        where l.locktype = 'relation' and l.granted and l.mode = 'ShareUpdateExclusiveLock' and l.relation = i.indrelid
            and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
    )
order by 1, 2
