-- Which of these roles ($2) may still use a schema ($1: OID). Superusers may always; administrators of the schema are its owner
-- and its members, unless a role is the tenant's own ($3).
select r.rolname::text
from pg_catalog.pg_roles r
join pg_catalog.pg_namespace n on n.oid = $1::int8::oid
where r.rolname = any ($2)
    and not r.rolsuper
    and pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE, CREATE')
    and (r.rolname = any ($3) or not pg_catalog.pg_has_role(r.oid, n.nspowner, 'USAGE')
        and not pg_catalog.pg_has_role(r.oid, 'pg_read_all_data', 'USAGE'))
union all
select 'public'
from pg_catalog.pg_namespace n
cross join pg_catalog.aclexplode(n.nspacl) a
where n.oid = $1::int8::oid and a.grantee = 0
