-- Extended statistics of the schemas $1.
select
    s.stxnamespace::int8 as schema,
    s.oid::int8 as oid,
    'statistics' as kind,
    c.relname::text as parent,
    s.stxname::text as name,
    null::text as arguments,
    pg_catalog.pg_get_statisticsobjdef(s.oid) as definition,
    case when s.stxstattarget >= 0 then s.stxstattarget::text end as statistics,
    d.description as comment,
    pg_catalog.pg_get_userbyid(s.stxowner)::text as owner
from pg_catalog.pg_statistic_ext s
join pg_catalog.pg_class c on c.oid = s.stxrelid
left join pg_catalog.pg_description d
    on d.objoid = s.oid and d.classoid = 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass and d.objsubid = 0
where s.stxnamespace = any ($1::int8[]::oid[])
