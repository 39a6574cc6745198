-- What is granted on tables (r) and sequences (S) that will be made in schema $1. A grantee '' is PUBLIC.
select distinct d.defaclobjtype::text as kind, coalesce(r.rolname::text, '') as grantee, a.privilege_type as privilege
from pg_catalog.pg_default_acl d
cross join lateral pg_catalog.aclexplode(d.defaclacl) a
left join pg_catalog.pg_roles r on r.oid = a.grantee
where d.defaclnamespace = $1::int8::oid and d.defaclobjtype in ('r', 'S')
order by 1, 2, 3
