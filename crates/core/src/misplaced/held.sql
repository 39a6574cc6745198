-- Which of the schemas $1 have a relation ('relation'), or a type of its own ('type'), of the names $2.
select 'relation' as what, c.relname::text as name, pg_catalog.array_agg(c.relnamespace::int8) as schemas
from pg_catalog.pg_class c
where c.relname = any ($2::text[]::name[]) and c.relnamespace = any ($1::int8[]::oid[]) and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
group by c.relname
union all
select 'type', t.typname::text, pg_catalog.array_agg(t.typnamespace::int8)
from pg_catalog.pg_type t
where t.typname = any ($2::text[]::name[]) and t.typnamespace = any ($1::int8[]::oid[]) and t.typtype in ('e', 'd', 'r', 'c')
    and (t.typtype <> 'c' or exists (select from pg_catalog.pg_class c where c.oid = t.typrelid and c.relkind = 'c'))
group by t.typname
