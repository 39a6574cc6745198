-- Row security policies of the schemas $1.
select
    c.relnamespace::int8 as schema,
    p.oid::int8 as oid,
    'policy' as kind,
    c.relname::text as parent,
    p.polname::text as name,
    null::text as arguments,
    case when p.polpermissive then 'permissive' else 'restrictive' end as mode,
    case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end
        as command,
    case when p.polroles = '{0}' then 'public' else (
        select pg_catalog.string_agg(pg_catalog.quote_ident(r.rolname), ', ' order by r.rolname::text collate "C")
        from pg_catalog.pg_roles r
        where r.oid = any (p.polroles)
    ) end as roles,
    pg_catalog.pg_get_expr(p.polqual, p.polrelid) as using_expression,
    pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) as check_expression,
    d.description as comment
from pg_catalog.pg_class c
join pg_catalog.pg_policy p on p.polrelid = c.oid
left join pg_catalog.pg_description d
    on d.objoid = p.oid and d.classoid = 'pg_catalog.pg_policy'::pg_catalog.regclass and d.objsubid = 0
where c.oid = any (array(
        select n.objid from pg_catalog.pg_depend n
        where n.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and n.refobjid = any ($1::int8[]::oid[])
            and n.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and n.deptype = 'n'
    )) and c.relname <> '_sqlx_migrations'
