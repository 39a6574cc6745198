-- Indexes of the schemas $1 that back no constraint; when $2, also those that belong to the index of a parent.
select
    c.relnamespace::int8 as schema,
    x.oid::int8 as oid,
    'index' as kind,
    c.relname::text as parent,
    x.relname::text as name,
    null::text as arguments,
    pg_catalog.pg_get_indexdef(i.indexrelid) as definition,
    case when not i.indisvalid then 'invalid' end as validity,
    case when i.indisclustered then 'clustered' end as clustered,
    d.description as comment,
    case when x.relispartition then 'inherited' end as inherited
from pg_catalog.pg_class c
join pg_catalog.pg_index i on i.indrelid = c.oid
join pg_catalog.pg_class x on x.oid = i.indexrelid
left join pg_catalog.pg_description d
    on d.objoid = x.oid and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objsubid = 0
where c.oid = any (array(
        select n.objid from pg_catalog.pg_depend n
        where n.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and n.refobjid = any ($1::int8[]::oid[])
            and n.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and n.deptype = 'n'
    ))
    and c.relkind in ('r', 'p', 'm')
    and c.relname <> '_sqlx_migrations'
    and ($2::bool or not x.relispartition)
    and not exists (
        select from pg_catalog.pg_constraint k
        where k.conrelid = c.oid and k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')
    )
    and c.oid not in (
        select e.objid from pg_catalog.pg_depend e
        where e.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
            and e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and e.deptype = 'e'
    )
