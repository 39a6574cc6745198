-- $1: OID of the schema
select
    c.relname::text as name,
    pg_catalog.has_sequence_privilege(c.oid, 'SELECT') as readable
from pg_catalog.pg_class c
where c.relnamespace = $1 and c.relkind = 'S'
order by c.relname
