-- Tables in which migration tools note what they have applied, as far as this role may read them.
select c.relnamespace as schema, c.relname::text as name
from pg_catalog.pg_class c
where c.relnamespace = any ($1)
    and c.relname = any ($2::text[])
    and c.relkind in ('r', 'p')
    and pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE')
    and pg_catalog.has_table_privilege(c.oid, 'SELECT')
order by c.relnamespace, c.relname collate "C"
