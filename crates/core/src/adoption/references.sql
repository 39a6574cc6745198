-- Schemas ($1) into which foreign keys of other schemas lead, and of how many.
select t.relnamespace::int8 as namespace, pg_catalog.count(distinct f.connamespace)::int4 as schemas
from pg_catalog.pg_constraint f
join pg_catalog.pg_class t on t.oid = f.confrelid
where f.contype = 'f'
    and t.relnamespace = any ($1::int8[]::oid[])
    and f.connamespace <> t.relnamespace
group by t.relnamespace
