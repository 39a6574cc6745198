-- Owner and grants of the schemas in $1. A grantee 0 is PUBLIC.
select
    n.oid,
    n.nspowner as owner,
    n.nspacl is null or exists (select from pg_catalog.aclexplode(n.nspacl) a where a.privilege_type = 'USAGE') as in_use,
    array(select a.grantee from pg_catalog.aclexplode(n.nspacl) a) as grantees,
    array(select a.privilege_type from pg_catalog.aclexplode(n.nspacl) a) as privileges
from pg_catalog.pg_namespace n
where n.oid = any ($1)
