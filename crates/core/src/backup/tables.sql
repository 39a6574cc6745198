-- $1: OID of the schema
select c.relname::text as name, pg_catalog.has_table_privilege(c.oid, 'SELECT') as readable
from pg_catalog.pg_class c
where c.relnamespace = $1 and c.relkind in ('r', 'p')
order by c.relname
