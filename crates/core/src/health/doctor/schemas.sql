-- Owner and grants of the schemas in $1. A grantee 0 is PUBLIC.
select
    n.oid,
    n.nspowner as owner,
    array(select a.grantee from pg_catalog.aclexplode(n.nspacl) a) as grantees,
    array(select a.privilege_type from pg_catalog.aclexplode(n.nspacl) a) as privileges
from pg_catalog.pg_namespace n
where n.oid = any ($1)
