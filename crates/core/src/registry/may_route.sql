-- Roles that may ask for a domain's tenant, the owner aside.
select distinct case when a.grantee = 0 then 'public' else pg_catalog.pg_get_userbyid(a.grantee)::text end
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace and n.nspname = 'cadastre'
cross join lateral pg_catalog.aclexplode(p.proacl) a
where p.proname = 'tenant_for_domain' and a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner
order by 1
