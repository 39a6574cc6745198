-- Roles that may insert into a table of the schemas in $1, whose column takes its default from a sequence that they may not use.
-- Identity columns ask for no right of their own.
select distinct
    t.relnamespace as namespace,
    t.relname::text as "table",
    a.attname::text as "column",
    sn.nspname::text as sequence_schema,
    s.relname::text as sequence,
    r.rolname::text as role
from pg_catalog.pg_class t
join pg_catalog.pg_attrdef f on f.adrelid = t.oid
join pg_catalog.pg_attribute a on a.attrelid = f.adrelid and a.attnum = f.adnum
join pg_catalog.pg_depend d
    on d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and d.objid = f.oid
    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype = 'n'
join pg_catalog.pg_class s on s.oid = d.refobjid and s.relkind = 'S'
join pg_catalog.pg_namespace sn on sn.oid = s.relnamespace
cross join lateral pg_catalog.aclexplode(t.relacl) x
join pg_catalog.pg_roles r on r.oid = x.grantee
where t.relnamespace = any ($1) and t.relkind in ('r', 'p') and t.relacl is not null
    and x.privilege_type = 'INSERT' and x.grantee <> t.relowner
    and not pg_catalog.has_sequence_privilege(x.grantee, s.oid, 'USAGE, UPDATE')
order by 1, 2, 3, 6
