-- The routines of the schema $1 with their text and their own settings: what no rename follows.
select
    pg_catalog.format('%s(%s)', p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) as routine,
    p.prosrc || E'\n' || coalesce(pg_catalog.array_to_string(p.proconfig, E'\n'), '') as text
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where n.nspname = $1
order by 1
