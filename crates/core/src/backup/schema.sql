-- $1: name of the schema
select
    n.oid,
    coalesce(nullif(pg_catalog.btrim(pg_catalog.split_part(pg_catalog.obj_description(n.oid, 'pg_namespace'), E'\n', 1)), ''), n.nspname)
        as name,
    pg_catalog.pg_has_role(n.nspowner, 'USAGE') as owned
from pg_catalog.pg_namespace n
where n.nspname = $1
