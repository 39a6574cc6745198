-- $1: OID of the schema. Whoever makes a relation holds a lock on it until the end of the transaction; a large table brings two more.
select pg_catalog.count(*) + 2 * pg_catalog.count(nullif(c.reltoastrelid, 0)) as locks
from pg_catalog.pg_class c
where c.relnamespace = $1
