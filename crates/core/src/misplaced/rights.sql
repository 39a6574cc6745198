-- Who may do what with the relations of schema $1 that belong to no extension, sequences of columns among them. A grantee '' is PUBLIC.
select c.oid::int8 as oid, c.relname::text as name, c.relkind::text as kind, pg_catalog.pg_get_userbyid(c.relowner)::text as owner,
    array(
        select coalesce(r.rolname::text, '') from pg_catalog.aclexplode(c.relacl) a
        left join pg_catalog.pg_roles r on r.oid = a.grantee where a.grantee <> c.relowner order by a.grantee, a.privilege_type
    ) as grantees,
    array(
        select a.privilege_type from pg_catalog.aclexplode(c.relacl) a where a.grantee <> c.relowner order by a.grantee, a.privilege_type
    ) as privileges
from pg_catalog.pg_class c
where c.relnamespace = $1::int8::oid and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
    and not exists (
        select from pg_catalog.pg_depend e
        where e.classid = 1259 and e.objid = c.oid and e.objsubid = 0 and e.deptype = 'e'
    )
