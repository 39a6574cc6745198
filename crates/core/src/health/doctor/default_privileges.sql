-- What future tables and sequences are granted to whom: in the schemas in $1, and (namespace 0) everywhere.
select d.defaclnamespace as namespace, d.defaclrole as owner, d.defaclobjtype::text as kind, x.grantee, x.privilege_type as privilege
from pg_catalog.pg_default_acl d
cross join lateral pg_catalog.aclexplode(d.defaclacl) x
where d.defaclobjtype in ('r', 'S') and (d.defaclnamespace = 0 or d.defaclnamespace = any ($1)) and x.grantee <> d.defaclrole
