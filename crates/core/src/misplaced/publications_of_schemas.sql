union all
select p.pubname::text, 'schema', n.nspname::text
from pg_catalog.pg_publication_namespace s
join pg_catalog.pg_publication p on p.oid = s.pnpubid
join pg_catalog.pg_namespace n on n.oid = s.pnnspid
where s.pnnspid = any ($2::int8[]::oid[])
