-- Rewrite rules of the schemas $1, but for those that make a view a view.
select
    c.relnamespace::int8 as schema,
    r.oid::int8 as oid,
    'rule' as kind,
    c.relname::text as parent,
    r.rulename::text as name,
    null::text as arguments,
    pg_catalog.pg_get_ruledef(r.oid) as definition,
    case r.ev_enabled when 'D' then 'disable' when 'R' then 'enable replica' when 'A' then 'enable always' end as enabled,
    d.description as comment
from pg_catalog.pg_class c
join pg_catalog.pg_rewrite r on r.ev_class = c.oid
left join pg_catalog.pg_description d
    on d.objoid = r.oid and d.classoid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objsubid = 0
where c.oid = any (array(
        select n.objid from pg_catalog.pg_depend n
        where n.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and n.refobjid = any ($1::int8[]::oid[])
            and n.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and n.deptype = 'n'
    ))
    and r.rulename <> '_RETURN'
    and c.relname <> '_sqlx_migrations'
    and c.oid not in (
        select e.objid from pg_catalog.pg_depend e
        where e.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
            and e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and e.deptype = 'e'
    )
