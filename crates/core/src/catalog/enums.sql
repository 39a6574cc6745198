-- Enum types of one schema ($1).
select t.typname::text as name, pg_catalog.array_agg(e.enumlabel::text order by e.enumsortorder) as labels
from pg_catalog.pg_type t
join pg_catalog.pg_enum e on e.enumtypid = t.oid
where t.typnamespace = $1::int8::oid
group by t.typname
order by t.typname collate "C"
