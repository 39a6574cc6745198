-- Everything in the schemas $1 that has a name there.
select 1259 as class, c.oid::int8 as oid, c.relname::text as name, c.relnamespace::int8 as namespace
from pg_catalog.pg_class c where c.relnamespace = any ($1::int8[]::oid[])
union all
select 1247, t.oid::int8, t.typname::text, t.typnamespace::int8 from pg_catalog.pg_type t where t.typnamespace = any ($1::int8[]::oid[])
union all
select 1255, p.oid::int8, p.proname || ' ' || p.proargtypes::text, p.pronamespace::int8
from pg_catalog.pg_proc p where p.pronamespace = any ($1::int8[]::oid[])
union all
select 3381, s.oid::int8, s.stxname::text, s.stxnamespace::int8
from pg_catalog.pg_statistic_ext s where s.stxnamespace = any ($1::int8[]::oid[])
order by 1, 2
