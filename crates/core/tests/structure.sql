-- How many tenants share each structure, most frequent first.
with description as (
    select c.relnamespace as schema, c.relname || '.' || a.attname || ' ' || a.attnum || ' ' || a.attnotnull || ' '
        || format_type(a.atttypid, a.atttypmod) as line
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid
    where c.relkind = 'r' and a.attnum > 0
    union all
    select c.relnamespace, pg_get_indexdef(i.indexrelid)
    from pg_index i
    join pg_class c on c.oid = i.indrelid
    union all
    select c.connamespace, c.conrelid::regclass || ' ' || c.conname || ' ' || c.convalidated || ' ' || pg_get_constraintdef(c.oid)
    from pg_constraint c
),
line as (
    select n.oid as schema, replace(d.line, n.nspname || '.', '') as line
    from pg_namespace n
    join description d on d.schema = n.oid
    where n.nspname !~ '^pg_|^information_schema$|^public$'
),
tenant as (
    select schema, string_agg(line, E'\n' order by line) as structure from line group by schema
)
select count(*) from tenant group by structure order by 1 desc
