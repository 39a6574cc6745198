-- Estimated size and rows of tables by name: $1 schemas, $2 tables.
select n.nspname::text as schema,
       c.relname::text as "table",
       (c.relpages::int8 + coalesce(t.relpages, 0)) * pg_catalog.current_setting('block_size')::int8 as bytes,
       greatest(c.reltuples, 0)::int8 as rows
from pg_catalog.pg_namespace n
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p') and c.relname = any ($2::text[])
left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
where n.nspname = any ($1::text[])
