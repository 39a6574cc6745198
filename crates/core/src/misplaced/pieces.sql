-- Everything that moves with objects ($1: class and OID of each, one after the other), and where it is.
with root as (
    select $1::int8[] as all
),
moved (class, oid) as (
    select r.all[i]::int4, r.all[i + 1]::oid from root r cross join pg_catalog.generate_series(1, pg_catalog.cardinality(r.all), 2) i
),
relation as (
    select c.oid, c.relname, c.relnamespace, c.reltype
    from moved m join pg_catalog.pg_class c on c.oid = m.oid where m.class = 1259
    union
    select c.oid, c.relname, c.relnamespace, c.reltype
    from moved m
    join pg_catalog.pg_depend d on d.refclassid = 1259 and d.refobjid = m.oid and d.classid = 1259 and d.objsubid = 0 and d.deptype in ('a', 'i')
    join pg_catalog.pg_class c on c.oid = d.objid and c.relkind = 'S'
    where m.class = 1259
    union
    select c.oid, c.relname, c.relnamespace, 0
    from moved m join pg_catalog.pg_index i on i.indrelid = m.oid join pg_catalog.pg_class c on c.oid = i.indexrelid where m.class = 1259
    union
    select c.oid, c.relname, c.relnamespace, 0
    from moved m join pg_catalog.pg_class c on c.reltype = m.oid where m.class = 1247 and c.relkind = 'c'
),
base as (
    select r.reltype as oid from relation r where r.reltype <> 0
    union
    select m.oid from moved m where m.class = 1247
    union
    select g.rngmultitypid from moved m join pg_catalog.pg_range g on g.rngtypid = m.oid where m.class = 1247
),
type as (
    select b.oid from base b
    union
    select t.typarray from base b join pg_catalog.pg_type t on t.oid = b.oid where t.typarray <> 0
)
select 1259 as class, r.oid::int8 as oid, r.relname::text as name, r.relnamespace::int8 as namespace from relation r
union all
select 1247, t.oid::int8, t.typname::text, t.typnamespace::int8 from type y join pg_catalog.pg_type t on t.oid = y.oid
union all
select 1255, p.oid::int8, p.proname || ' ' || p.proargtypes::text, p.pronamespace::int8
from moved m join pg_catalog.pg_proc p on p.oid = m.oid where m.class = 1255
union all
select 3381, s.oid::int8, s.stxname::text, s.stxnamespace::int8
from moved m join pg_catalog.pg_statistic_ext s on s.oid = m.oid where m.class = 3381
order by 1, 2
