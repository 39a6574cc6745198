-- Owner and grants of the schemas in $1. A grantee 0 is PUBLIC. A deactivated tenant is not in use, though its owner keeps its rights: the
-- comment says so.
select
    n.oid,
    n.nspowner as owner,
    (n.nspacl is null or exists (select from pg_catalog.aclexplode(n.nspacl) a where a.privilege_type = 'USAGE'))
        and coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'), '') not like '{"cadastre\_inactive":%' as in_use,
    array(select a.grantee from pg_catalog.aclexplode(n.nspacl) a) as grantees,
    array(select a.privilege_type from pg_catalog.aclexplode(n.nspacl) a) as privileges
from pg_catalog.pg_namespace n
where n.oid = any ($1)
