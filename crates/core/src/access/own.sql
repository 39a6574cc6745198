-- Login roles that belong to one tenant: they have USAGE on its schema, by a grant or as its owner, and on no other tenant's.
-- $1: schemas (OIDs) that are asked about; $2: those of all tenants. Administrators are nobody's own: superusers, roles that may create
-- roles, the asking role.
with tenant as (
    select n.oid, n.nspowner, n.nspacl
    from pg_catalog.pg_namespace n
    where n.oid = any ($2::int8[]::oid[])
),
used as (
    select distinct t.oid, a.grantee as role
    from tenant t
    cross join lateral pg_catalog.aclexplode(coalesce(t.nspacl, pg_catalog.acldefault('n', t.nspowner))) a
    where a.privilege_type = 'USAGE' and a.grantee <> 0
),
own as (
    select u.oid, u.role
    from used u
    where (select pg_catalog.count(*) from used o where o.role = u.role) = 1
)
select
    u.oid::int8 as namespace,
    r.rolname::text as role,
    pg_catalog.pg_has_role(r.oid, n.nspowner, 'USAGE') as owns,
    pg_catalog.pg_has_role(r.oid, 'pg_read_all_data', 'USAGE') as reads_all,
    coalesce(x.is_superuser, false)
        or x.creates_roles and (
            pg_catalog.current_setting('server_version_num')::int4 < 160000
            or pg_catalog.pg_has_role(x.oid, r.oid, 'USAGE WITH ADMIN OPTION')
        ) as alterable,
    pg_catalog.shobj_description(r.oid, 'pg_authid') as comment,
    (
        select pg_catalog.count(*)
        from pg_catalog.pg_stat_activity s
        where s.usename = r.rolname and s.datname = pg_catalog.current_database()
    ) as sessions
from own u
join pg_catalog.pg_roles r on r.oid = u.role
join pg_catalog.pg_namespace n on n.oid = u.oid
cross join (
    select me.oid, me.rolsuper as is_superuser, me.rolcreaterole as creates_roles
    from pg_catalog.pg_roles me
    where me.rolname = current_user
) x
where r.rolcanlogin
    and not r.rolsuper
    and not r.rolcreaterole
    and r.rolname <> all (array[current_user, session_user])
    and u.oid = any ($1::int8[]::oid[])
order by u.oid, r.rolname collate "C"
