-- Columns of tables in public whose name says that they hold the name of a schema or tenant.
select c.relname::text as "table", a.attname::text as "column"
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_catalog.pg_type t on t.oid = a.atttypid
where n.nspname = 'public'
    and c.relkind in ('r', 'p')
    and not c.relispartition
    and t.typcategory = 'S'
    and pg_catalog.lower(a.attname) ~ '^(db_|pg_|tenant_?|schema_?)?(schema|schema_?name|tenant|tenant_?name|tenant_?id|tenant_?slug|tenant_?code)$'
    and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    and pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT')
order by 1, 2
limit 100
