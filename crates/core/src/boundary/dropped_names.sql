-- The names of {objects} (class and OID) as another session sees them, of all schemas but {schemas}. Null where there are none.
select pg_catalog.string_agg(o.name, ', ' order by o.name)
from (values {objects}) d (class, oid)
cross join lateral (
    select n.nspname as schema, pg_catalog.format('%I.%I', n.nspname, c.relname) as name
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where d.class = 1259 and c.oid = d.oid::oid and c.relkind not in ('i', 'I', 't')
    union all
    select n.nspname, pg_catalog.format('%I.%I', n.nspname, p.proname)
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where d.class = 1255 and p.oid = d.oid::oid
    union all
    select n.nspname, pg_catalog.format('%I.%I', n.nspname, t.typname)
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    where d.class = 1247 and t.oid = d.oid::oid and t.typrelid = 0 and t.typelem = 0
    union all
    select n.nspname, pg_catalog.format('schema %I', n.nspname)
    from pg_catalog.pg_namespace n where d.class = 2615 and n.oid = d.oid::oid
) o
where o.schema not in ({schemas}) and o.schema !~ '^pg_(temp|toast_temp)_'
