-- Exact sizes of every schema that holds a table: looks at each file, so it runs in the background.
select n.nspname::text as schema, pg_catalog.sum(pg_catalog.pg_total_relation_size(c.oid))::int8 as size_bytes
from pg_catalog.pg_namespace n
join pg_catalog.pg_class c on c.relnamespace = n.oid
where c.relkind in ('r', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
group by n.nspname
