-- Tables that could be a framework's register of tenants, or of their domains: they have a column that one would have ($1).
-- Looked for in public, and elsewhere among tables whose name is in three schemas at most: a table that every tenant has
-- registers nobody. Nothing but the catalogs is read.
with named as (
    select c.relname
    from pg_catalog.pg_class c
    where c.relkind in ('r', 'p')
    group by c.relname
    having pg_catalog.count(*) <= 3
),
eligible as materialized (
    select c.oid, c.relname, c.relowner, n.nspname, n.oid as namespace, c.reltuples
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p')
        and not c.relispartition
        and c.relpersistence <> 't'
        and n.nspname !~ '^(pg_|_cadastre_)'
        and n.nspname <> all (array['information_schema', 'cadastre'])
        and (n.nspname = 'public' or c.relname in (select named.relname from named))
),
anchored as (
    select e.*
    from eligible e
    where exists (
        select from pg_catalog.pg_attribute a
        where a.attrelid = e.oid and a.attnum > 0 and not a.attisdropped and a.attname = any ($1::text[])
    )
)
select
    t.oid::int8 as oid,
    t.nspname::text as schema,
    t.relname::text as name,
    t.reltuples::float8 as estimate,
    pg_catalog.has_schema_privilege(t.namespace, 'USAGE') and pg_catalog.has_table_privilege(t.oid, 'SELECT') as readable,
    x.columns,
    x.types,
    array(
        select f.conkey[1] || ' ' || f.confrelid::int8 || ' ' || f.confkey[1]
        from pg_catalog.pg_constraint f
        where f.conrelid = t.oid and f.contype = 'f' and pg_catalog.cardinality(f.conkey) = 1
    ) as leads_to,
    x.numbers
from anchored t
cross join lateral (
    select
        pg_catalog.array_agg(a.attname::text order by a.attnum) as columns,
        pg_catalog.array_agg(y.typname::text order by a.attnum) as types,
        pg_catalog.array_agg(a.attnum order by a.attnum) as numbers
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_type y on y.oid = a.atttypid
    where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
) x
order by (t.nspname <> 'public'), t.nspname collate "C", t.relname collate "C"
limit 500
