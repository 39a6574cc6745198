-- Indexes of the tables of the schemas in $1 (OIDs), those of their TOAST tables included.
select
    i.indexrelid as oid,
    coalesce(o.oid, i.indrelid) as "table",
    n.nspname::text as schema,
    c.relname::text as name,
    m.amname::text as method,
    i.indisvalid and i.indisready and i.indislive as valid,
    i.indisexclusion as exclusion,
    exists (select from pg_catalog.pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x')) as constrains,
    o.oid is not null as toast,
    -- Whoever builds or drops an index concurrently holds this lock on its table.
    exists (
        select from pg_catalog.pg_locks l
        where l.locktype = 'relation' and l.granted and l.mode = 'ShareUpdateExclusiveLock' and l.relation = i.indrelid
            and l.pid <> pg_catalog.pg_backend_pid()
            and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
    ) as busy
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_am m on m.oid = c.relam
join pg_catalog.pg_class t on t.oid = i.indrelid and t.relkind in ('r', 'm', 't') and t.relpersistence <> 't'
left join pg_catalog.pg_class o on o.reltoastrelid = t.oid
where coalesce(o.relnamespace, t.relnamespace) = any ($1)
order by 2, c.relname collate "C"
