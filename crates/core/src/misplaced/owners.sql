-- Roles ($2), in which of the schemas $1 they may work, and where their sessions look first.
with used as (
    select distinct a.grantee as role, n.oid
    from pg_catalog.pg_namespace n
    cross join lateral pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a
    where n.oid = any ($1::int8[]::oid[]) and a.privilege_type in ('USAGE', 'CREATE') and a.grantee = any ($2::int8[]::oid[])
)
select r.oid::int8 as oid, r.rolname::text as name, r.rolsuper as superuser,
    array(select u.oid::int8 from used u where u.role = r.oid order by u.oid) as uses,
    (
        select pg_catalog.split_part(c.setting, '=', 2)
        from pg_catalog.pg_db_role_setting s
        cross join lateral pg_catalog.unnest(s.setconfig) c (setting)
        where s.setrole in (r.oid, 0) and s.setdatabase in (0, d.oid) and c.setting like 'search\_path=%'
        order by (s.setrole <> 0) desc, (s.setdatabase <> 0) desc
        limit 1
    ) as search_path
from pg_catalog.pg_roles r
cross join (select x.oid from pg_catalog.pg_database x where x.datname = pg_catalog.current_database()) d
where r.oid = any ($2::int8[]::oid[])
