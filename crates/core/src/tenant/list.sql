-- Every tenant schema with figures: one row each, one query whatever their number.
-- Sizes come from relpages and rows from the statistics: no file and no table is touched. What a table is, and how its rows
-- are estimated, is the same as in stats/stats.sql; a schema with nothing but foreign tables and views is no tenant.
with tenant as (
    select n.oid, n.nspname, n.nspowner, n.nspacl
    from pg_catalog.pg_namespace n
    where n.nspname !~ '^pg_'
        and n.nspname !~ '^_cadastre_'
        and n.nspname <> all (array['information_schema', 'public', 'cadastre'])
        and not exists (
            select from pg_catalog.pg_depend d
            where d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
                and d.objid = n.oid and d.objsubid = 0 and d.deptype = 'e'
        )
),
index_pages as (
    select i.indrelid, pg_catalog.sum(c.relpages::int8) as pages
    from pg_catalog.pg_index i
    join pg_catalog.pg_class c on c.oid = i.indexrelid
    group by i.indrelid
),
relation as (
    select
        c.relnamespace,
        pg_catalog.count(*) filter (where not c.relispartition) as tables,
        pg_catalog.sum(
            case
                -- A partitioned table's rows are counted in its partitions.
                when c.relkind = 'p' then 0
                when pg_catalog.pg_stat_get_live_tuples(c.oid) > 0
                    or pg_catalog.pg_stat_get_tuples_inserted(c.oid) > 0
                    or pg_catalog.pg_stat_get_tuples_updated(c.oid) > 0
                    or pg_catalog.pg_stat_get_tuples_deleted(c.oid) > 0
                    then pg_catalog.pg_stat_get_live_tuples(c.oid)
                else greatest(c.reltuples, 0)::int8
            end
        )::int8 as rows,
        pg_catalog.sum(
            case when c.relkind = 'f' then 0 else c.relpages::int8 end
                + coalesce(ix.pages, 0) + coalesce(t.relpages, 0) + coalesce(tx.pages, 0)
        )::int8 as pages,
        pg_catalog.max(
            greatest(
                pg_catalog.pg_stat_get_last_autovacuum_time(c.oid),
                pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid)
            )
        ) as last_activity,
        pg_catalog.max(c.oid::int8) filter (where c.relname = '_sqlx_migrations' and c.relkind = 'r') as history
    from pg_catalog.pg_class c
    left join index_pages ix on ix.indrelid = c.oid
    left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
    left join index_pages tx on tx.indrelid = t.oid
    where c.relkind in ('r', 'p', 'm', 'f')
    group by c.relnamespace
    having pg_catalog.bool_or(c.relkind in ('r', 'p'))
)
select
    n.oid::int8 as oid,
    n.nspname::text as schema,
    pg_catalog.pg_get_userbyid(n.nspowner)::text as owner,
    pg_catalog.obj_description(n.oid, 'pg_namespace') as comment,
    r.tables::int4 as tables,
    r.rows,
    r.pages * pg_catalog.current_setting('block_size')::int8 as size_bytes,
    pg_catalog.to_char(r.last_activity at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_activity,
    -- An ACL that grants USAGE to nobody, not even to the owner, is how a tenant is put out of use.
    n.nspacl is null
        or exists (select from pg_catalog.aclexplode(n.nspacl) a where a.privilege_type = 'USAGE') as in_use,
    pg_catalog.has_schema_privilege(n.oid, 'USAGE') as readable,
    r.history is not null as has_history,
    r.history is not null
        and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        and coalesce(pg_catalog.has_table_privilege(r.history::oid, 'SELECT'), false) as history_readable
from tenant n
join relation r on r.relnamespace = n.oid
order by n.nspname collate "C"
