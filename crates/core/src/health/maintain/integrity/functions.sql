-- The functions of amcheck that this role may call.
select p.proname::text as name, n.nspname::text as schema
from pg_catalog.pg_extension e
join pg_catalog.pg_depend d
    on d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and d.refobjid = e.oid and d.deptype = 'e'
    and d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
join pg_catalog.pg_proc p on p.oid = d.objid
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where e.extname = 'amcheck' and p.proname in ('bt_index_check', 'verify_heapam', 'gin_index_check')
    and pg_catalog.has_function_privilege(p.oid, 'EXECUTE') and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
