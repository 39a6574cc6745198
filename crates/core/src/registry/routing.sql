-- What a role ($1) has of the registry, and whose it is.
select
    r.oid is not null as role_there,
    coalesce(r.rolsuper, false) as superuser,
    -- Of its own, not by way of another role: that is what a grant gives and a revoke takes.
    exists (
        select from pg_catalog.aclexplode(n.nspacl) a where a.grantee = r.oid and a.privilege_type = 'USAGE'
    ) as may_use,
    exists (
        select from pg_catalog.aclexplode(p.proacl) a where a.grantee = r.oid and a.privilege_type = 'EXECUTE'
    ) as may_ask,
    -- More than asking: some table of the registry, or making objects in its schema. Then the schema stays open to it.
    r.oid is not null
        and (
            pg_catalog.has_schema_privilege(r.oid, n.oid, 'CREATE')
            or exists (
                select from pg_catalog.pg_class c
                where c.relnamespace = n.oid
                    and c.relkind in ('r', 'v')
                    and pg_catalog.has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE')
            )
        ) as may_more,
    pg_catalog.pg_has_role(n.nspowner, 'USAGE') and pg_catalog.pg_has_role(p.proowner, 'USAGE') as grantable,
    pg_catalog.pg_get_userbyid(n.nspowner)::text as owner,
    coalesce(n.nspacl::text, '') || ' ' || coalesce(p.proacl::text, '') || ' ' || coalesce(r.oid::text, '') as state
from pg_catalog.pg_namespace n
join pg_catalog.pg_proc p on p.pronamespace = n.oid and p.proname = 'tenant_for_domain'
    and p.proargtypes = '25'::pg_catalog.oidvector
left join pg_catalog.pg_roles r on r.rolname = $1
where n.nspname = 'cadastre'
