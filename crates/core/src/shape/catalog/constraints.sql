-- Constraints of the tables and domains of the schemas $1; when $2, also those that come from a parent. NOT NULL, which
-- PostgreSQL 18 keeps here too, stands with the column.
select
    k.connamespace::int8 as schema,
    k.oid::int8 as oid,
    'constraint' as kind,
    c.relname::text as parent,
    k.conname::text as name,
    null::text as arguments,
    pg_catalog.pg_get_constraintdef(k.oid) as definition,
    case when k.contype in ('p', 'u', 'x') and i.reloptions is not null then (
        select pg_catalog.string_agg(o, ', ' order by o collate "C") from pg_catalog.unnest(i.reloptions) o
    ) end as options,
    d.description as comment,
    case when k.conparentid <> 0 or k.coninhcount > 0 then 'inherited' end as inherited
from pg_catalog.pg_class c
join pg_catalog.pg_constraint k on k.conrelid = c.oid
left join pg_catalog.pg_class i on i.oid = k.conindid
left join pg_catalog.pg_description d
    on d.objoid = k.oid and d.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass and d.objsubid = 0
where c.oid = any (array(
        select n.objid from pg_catalog.pg_depend n
        where n.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and n.refobjid = any ($1::int8[]::oid[])
            and n.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and n.deptype = 'n'
    ))
    and c.relkind in ('r', 'p', 'f')
    and c.relname <> '_sqlx_migrations'
    and k.contype in ('p', 'u', 'f', 'c', 'x')
    and ($2::bool or (k.conparentid = 0 and k.coninhcount = 0))
    and c.oid not in (
        select e.objid from pg_catalog.pg_depend e
        where e.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
            and e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and e.deptype = 'e'
    )
union all
select
    t.typnamespace::int8,
    k.oid::int8,
    'domain_constraint',
    t.typname::text,
    k.conname::text,
    null,
    pg_catalog.pg_get_constraintdef(k.oid),
    null,
    d.description,
    null
from pg_catalog.pg_type t
join pg_catalog.pg_constraint k on k.contypid = t.oid and k.contype = 'c'
left join pg_catalog.pg_description d
    on d.objoid = k.oid and d.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass and d.objsubid = 0
where t.oid = any (array(
        select n.objid from pg_catalog.pg_depend n
        where n.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and n.refobjid = any ($1::int8[]::oid[])
            and n.classid = 'pg_catalog.pg_type'::pg_catalog.regclass and n.deptype = 'n'
    ))
    and t.oid not in (
        select e.objid from pg_catalog.pg_depend e
        where e.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
            and e.classid = 'pg_catalog.pg_type'::pg_catalog.regclass and e.deptype = 'e'
    )
