-- $1: OIDs of relations. Domains are followed to the type that they are made of, and to its modifier.
with recursive base (origin, type, typmod) as (
    select distinct a.atttypid, a.atttypid, -1
    from pg_catalog.pg_attribute a
    where a.attrelid = any ($1) and a.attnum > 0 and not a.attisdropped
    union all
    select b.origin, t.typbasetype, case when t.typtypmod >= 0 then t.typtypmod else b.typmod end
    from base b
    join pg_catalog.pg_type t on t.oid = b.type
    where t.typtype = 'd'
)
select
    a.attrelid as relation,
    a.attname::text as name,
    pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type,
    b.type as base_type,
    case when a.atttypmod >= 0 then a.atttypmod else b.typmod end as base_typmod,
    a.attgenerated <> '' as generated
from pg_catalog.pg_attribute a
join base b on b.origin = a.atttypid
join pg_catalog.pg_type t on t.oid = b.type and t.typtype <> 'd'
where a.attrelid = any ($1) and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum
