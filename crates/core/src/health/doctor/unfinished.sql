-- Indexes of the schemas in $1 that are not valid and that nobody builds at this moment, and constraints that were never checked
-- against the rows that were there before.
select
    c.relnamespace as namespace,
    'index' as kind,
    t.relname::text as "table",
    c.relname::text as name,
    exists (select from pg_catalog.pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x')) as constrains,
    pg_catalog.pg_get_indexdef(c.oid) as definition,
    t.relkind::text as relation_kind
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
join pg_catalog.pg_class t on t.oid = i.indrelid
where not (i.indisvalid and i.indisready and i.indislive) and c.relnamespace = any ($1)
    and not exists (
        select from pg_catalog.pg_locks l
        where l.locktype = 'relation' and l.granted and l.mode = 'ShareUpdateExclusiveLock' and l.relation = i.indrelid
            and l.pid <> pg_catalog.pg_backend_pid()
            and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
    )
union all
select
    t.relnamespace,
    'constraint',
    t.relname::text,
    k.conname::text,
    false,
    pg_catalog.pg_get_constraintdef(k.oid),
    t.relkind::text
from pg_catalog.pg_constraint k
join pg_catalog.pg_class t on t.oid = k.conrelid
where t.relnamespace = any ($1) and not k.convalidated and k.contype in ('c', 'f', 'n') and k.conparentid = 0 and k.coninhcount = 0
    -- PostgreSQL 18 has constraints that nobody means to check.
    and coalesce(pg_catalog.to_jsonb(k) ->> 'conenforced', 'true') = 'true'
order by 1, 2, 3, 4
