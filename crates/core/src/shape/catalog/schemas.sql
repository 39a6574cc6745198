-- Grants on the schemas $1 themselves. A schema's comment is the tenant's name, not its structure.
select
    n.oid::int8 as schema,
    n.oid::int8 as oid,
    'schema' as kind,
    null::text as parent,
    ''::text as name,
    null::text as arguments,
    (
        select pg_catalog.string_agg(pg_catalog.lower(a.privilege_type) || ' to '
            || case when a.grantee = 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end
            || case when a.is_grantable then ' with grant option' else '' end, '; '
            order by pg_catalog.pg_get_userbyid(a.grantee)::text collate "C", a.privilege_type collate "C")
        from pg_catalog.aclexplode(n.nspacl) a
        where a.grantee <> n.nspowner
    ) as grants,
    pg_catalog.pg_get_userbyid(n.nspowner)::text as owner
from pg_catalog.pg_namespace n
where n.oid = any ($1::int8[]::oid[])
