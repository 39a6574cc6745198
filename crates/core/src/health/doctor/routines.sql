-- Functions and types of the schemas in $1 that could matter: by owner, and what is set or run with the owner's rights.
select
    p.pronamespace as namespace,
    case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind,
    p.proname::text as name,
    pg_catalog.pg_get_function_identity_arguments(p.oid) as arguments,
    p.proowner as owner,
    p.prosecdef as definer,
    coalesce(
        p.proacl is null or exists (
            select from pg_catalog.aclexplode(p.proacl) x where x.privilege_type = 'EXECUTE' and x.grantee <> p.proowner
        ),
        false
    ) as shared,
    (
        select pg_catalog.substr(c.setting, 13) from pg_catalog.unnest(p.proconfig) c (setting)
        where c.setting like 'search_path=%'
    ) as path
from pg_catalog.pg_proc p
where p.pronamespace = any ($1)
    and not exists (
        select from pg_catalog.pg_depend e
        where e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and e.objid = p.oid and e.deptype = 'e'
    )
union all
select
    t.typnamespace,
    case t.typtype when 'd' then 'domain' else 'type' end,
    t.typname::text, null, t.typowner, false, false, null
from pg_catalog.pg_type t
left join pg_catalog.pg_class c on c.oid = t.typrelid
-- The row types of tables, arrays and multiranges follow what they belong to.
where t.typnamespace = any ($1) and (t.typtype in ('d', 'e', 'r') or t.typtype = 'c' and c.relkind = 'c')
    and not exists (
        select from pg_catalog.pg_depend e
        where e.classid = 'pg_catalog.pg_type'::pg_catalog.regclass and e.objid = t.oid and e.deptype = 'e'
    )
order by 1, 3, 4
