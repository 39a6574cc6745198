-- Which schemas ($1) hold tables of the same names. Partitions and extensions' own tables do not count.
select
    c.relnamespace::int8 as namespace,
    pg_catalog.count(*)::int4 as tables,
    pg_catalog.md5(pg_catalog.string_agg(c.relname::text, e'\n' order by c.relname collate "C")) as names
from pg_catalog.pg_class c
where c.relnamespace = any ($1::int8[]::oid[])
    and c.relkind in ('r', 'p')
    and not c.relispartition
    and not exists (
        select from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e'
    )
group by c.relnamespace
