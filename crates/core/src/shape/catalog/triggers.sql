-- Triggers of the schemas $1 that somebody made, but for those that come from a parent.
select
    c.relnamespace::int8 as schema,
    t.oid::int8 as oid,
    'trigger' as kind,
    c.relname::text as parent,
    t.tgname::text as name,
    null::text as arguments,
    pg_catalog.pg_get_triggerdef(t.oid) as definition,
    case t.tgenabled when 'D' then 'disable' when 'R' then 'enable replica' when 'A' then 'enable always' end as enabled,
    d.description as comment
from pg_catalog.pg_class c
join pg_catalog.pg_trigger t on t.tgrelid = c.oid
left join pg_catalog.pg_description d
    on d.objoid = t.oid and d.classoid = 'pg_catalog.pg_trigger'::pg_catalog.regclass and d.objsubid = 0
where c.oid = any (array(
        select n.objid from pg_catalog.pg_depend n
        where n.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and n.refobjid = any ($1::int8[]::oid[])
            and n.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and n.deptype = 'n'
    ))
    and not t.tgisinternal
    and t.tgparentid = 0
    and c.relname <> '_sqlx_migrations'
    and c.oid not in (
        select e.objid from pg_catalog.pg_depend e
        where e.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
            and e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and e.deptype = 'e'
    )
