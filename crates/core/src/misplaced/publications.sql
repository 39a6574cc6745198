-- Publications that name one of the tables $1 ('table'), or, from PostgreSQL 15 on, one of the schemas $2 ('schema').
select p.pubname::text as publication, 'table' as what, c.relname::text as name
from pg_catalog.pg_publication_rel r
join pg_catalog.pg_publication p on p.oid = r.prpubid
join pg_catalog.pg_class c on c.oid = r.prrelid
where r.prrelid = any ($1::int8[]::oid[]) and pg_catalog.cardinality($2::int8[]) >= 0
