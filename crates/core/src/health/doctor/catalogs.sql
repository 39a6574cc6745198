-- The catalogs that creating, changing and dropping tenants leaves dead rows in.
select c.relname::text as name, pg_catalog.pg_total_relation_size(c.oid)::int8 as size_bytes,
    pg_catalog.pg_stat_get_live_tuples(c.oid) as live, pg_catalog.pg_stat_get_dead_tuples(c.oid) as dead,
    pg_catalog.to_char(
        greatest(pg_catalog.pg_stat_get_last_autovacuum_time(c.oid), pg_catalog.pg_stat_get_last_vacuum_time(c.oid)) at time zone 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS"Z"'
    ) as last_vacuum
from pg_catalog.pg_class c
where c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace
    and c.relname in ('pg_class', 'pg_attribute', 'pg_attrdef', 'pg_constraint', 'pg_depend', 'pg_index', 'pg_namespace',
        'pg_proc', 'pg_shdepend', 'pg_statistic', 'pg_trigger', 'pg_type')
order by c.relname
