-- Who may do what with one schema ($1).
select
    case when a.grantee = 0 then 'public' else pg_catalog.pg_get_userbyid(a.grantee)::text end
        || ': ' || pg_catalog.string_agg(pg_catalog.lower(a.privilege_type), ', ' order by a.privilege_type) as entry
from pg_catalog.pg_namespace n
cross join pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a
where n.oid = $1::int8::oid
group by a.grantee
order by entry
