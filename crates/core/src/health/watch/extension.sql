-- What there is of pg_stat_statements, and how it is set. Only those with pg_read_all_settings see what is loaded at the start.
select
    e.extversion as version,
    n.nspname::text as schema,
    exists (
        select from pg_catalog.pg_available_extensions a where a.name = 'pg_stat_statements'
    ) as available,
    (select s.setting from pg_catalog.pg_settings s where s.name = 'shared_preload_libraries') as loaded,
    pg_catalog.current_setting('pg_stat_statements.max', true)::int8 as most,
    pg_catalog.current_setting('pg_stat_statements.track', true) as track,
    pg_catalog.current_setting('compute_query_id', true) as numbers,
    pg_catalog.current_setting('server_version_num')::int4 as server,
    pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') as sees_all
from (select) as one
left join pg_catalog.pg_extension e on e.extname = 'pg_stat_statements'
left join pg_catalog.pg_namespace n on n.oid = e.extnamespace
