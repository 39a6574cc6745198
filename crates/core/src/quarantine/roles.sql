-- Roles besides the owners that have rights on the schema ($1) or on something in it.
select distinct case when a.grantee = 0 then 'PUBLIC' else pg_catalog.pg_get_userbyid(a.grantee)::text end as role
from (
    select n.nspacl as acl, n.nspowner as owner from pg_catalog.pg_namespace n where n.oid = $1
    union all
    select c.relacl, c.relowner from pg_catalog.pg_class c where c.relnamespace = $1
    union all
    select t.attacl, c.relowner
    from pg_catalog.pg_class c join pg_catalog.pg_attribute t on t.attrelid = c.oid where c.relnamespace = $1
    union all
    select p.proacl, p.proowner from pg_catalog.pg_proc p where p.pronamespace = $1
) x
cross join pg_catalog.aclexplode(x.acl) a
where a.grantee <> x.owner
order by role
