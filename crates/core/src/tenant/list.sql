-- Every schema that is not the system's, with figures: one row each, one query whatever their number. Which of them are
-- tenants is decided by `adoption`.
-- Sizes come from relpages and rows from the statistics: no file and no table is touched. What a table is, and how its rows
-- are estimated, is the same as in stats/stats.sql; nothing but foreign tables and views, or
-- tables that belong to an extension, make no tenant.
with of_extension as (
    select d.classid, d.objid
    from pg_catalog.pg_depend d
    where d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and d.deptype = 'e' and d.objsubid = 0
),
-- An index is in its table's schema. What belongs to TOAST is in a schema of its own: there, most tables are empty and most
-- indexes have the one page that every index has, so that few need to be followed to the table whose they are.
toast as (
    select c.relnamespace, pg_catalog.sum(large.pages) as pages
    from (
        select
            coalesce((select i.indrelid from pg_catalog.pg_index i where i.indexrelid = t.oid), t.oid) as oid,
            t.relpages - (t.relkind = 'i')::int4 as pages
        from pg_catalog.pg_class t
        where t.relnamespace = 'pg_toast'::pg_catalog.regnamespace
            and t.relkind in ('t', 'i')
            and t.relpages > (t.relkind = 'i')::int4
    ) large
    join pg_catalog.pg_class c on c.reltoastrelid <> 0 and c.reltoastrelid = large.oid
    group by c.relnamespace
),
relation as (
    select
        c.relnamespace,
        pg_catalog.count(*) filter (where c.relkind <> 'i' and not c.relispartition) as tables,
        pg_catalog.sum(
            case
                -- A partitioned table's rows are counted in its partitions.
                when c.relkind in ('p', 'i') then 0
                when pg_catalog.pg_stat_get_live_tuples(c.oid) > 0 then pg_catalog.pg_stat_get_live_tuples(c.oid)
                when c.reltuples <= 0
                    or pg_catalog.pg_stat_get_tuples_inserted(c.oid) > 0
                    or pg_catalog.pg_stat_get_tuples_updated(c.oid) > 0
                    or pg_catalog.pg_stat_get_tuples_deleted(c.oid) > 0
                    then 0
                else c.reltuples::int8
            end
        )::int8 as rows,
        pg_catalog.sum(
            case when c.relkind in ('r', 'm', 'i') then c.relpages::int8 + (c.reltoastrelid <> 0)::int4 else 0 end
        )::int8 as pages,
        pg_catalog.max(
            case
                when c.relkind <> 'i' then greatest(
                    pg_catalog.pg_stat_get_last_autovacuum_time(c.oid),
                    pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid)
                )
            end
        ) as last_activity,
        pg_catalog.max(c.oid::int8) filter (where c.relname = '_sqlx_migrations' and c.relkind = 'r') as history,
        pg_catalog.bool_or(c.relname = 'ar_internal_metadata' and c.relkind = 'r') as rails,
        pg_catalog.bool_or(c.relkind in ('r', 'p') and x.objid is null) as holds_table
    from pg_catalog.pg_class c
    left join of_extension x on x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and x.objid = c.oid
    where c.relkind in ('r', 'p', 'm', 'f', 'i') and c.relnamespace <> 'pg_toast'::pg_catalog.regnamespace
    group by c.relnamespace
)
select
    n.oid::int8 as oid,
    n.nspname::text as schema,
    pg_catalog.pg_get_userbyid(n.nspowner)::text as owner,
    pg_catalog.obj_description(n.oid, 'pg_namespace') as comment,
    coalesce(r.tables, 0)::int4 as tables,
    coalesce(r.rows, 0) as rows,
    (coalesce(r.pages, 0) + coalesce(toast.pages, 0)) * pg_catalog.current_setting('block_size')::int8 as size_bytes,
    pg_catalog.to_char(r.last_activity at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_activity,
    -- An ACL that grants USAGE to nobody, not even to the owner, is how a tenant is put out of use.
    n.nspacl is null
        or exists (select from pg_catalog.aclexplode(n.nspacl) a where a.privilege_type = 'USAGE') as in_use,
    pg_catalog.has_schema_privilege(n.oid, 'USAGE') as readable,
    case
        when n.nspname = 'public' then 'public'
        when n.nspname = 'cadastre' then 'cadastre'
        when n.nspname ~ '^_cadastre_' then 'quarantined'
        when x.objid is not null then 'extension'
    end as never,
    coalesce(r.holds_table, false) as holds_table,
    coalesce(r.rails, false) as rails,
    r.history is not null as has_history,
    r.history is not null
        and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        and coalesce(pg_catalog.has_table_privilege(r.history::oid, 'SELECT'), false) as history_readable
from pg_catalog.pg_namespace n
left join relation r on r.relnamespace = n.oid
left join toast on toast.relnamespace = n.oid
left join of_extension x on x.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and x.objid = n.oid
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname collate "C"
