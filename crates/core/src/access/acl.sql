-- Comment, owner and grants of one schema ($1), the grants in their order. A grantee without a name is PUBLIC.
select
    pg_catalog.pg_get_userbyid(n.nspowner)::text as owner,
    n.nspacl is not null as granted,
    pg_catalog.obj_description(n.oid, 'pg_namespace') as comment,
    coalesce(
        (
            select pg_catalog.json_agg(
                pg_catalog.json_build_object(
                    'grantor', pg_catalog.pg_get_userbyid(a.grantor),
                    'grantee', case when a.grantee <> 0 then pg_catalog.pg_get_userbyid(a.grantee) end,
                    'privilege', a.privilege_type,
                    'grantable', a.is_grantable
                )
                order by a.place
            )
            from pg_catalog.aclexplode(n.nspacl) with ordinality
                as a (grantor, grantee, privilege_type, is_grantable, place)
        ),
        '[]'
    )::text as grants,
    pg_catalog.now() as now
from pg_catalog.pg_namespace n
where n.oid = $1
