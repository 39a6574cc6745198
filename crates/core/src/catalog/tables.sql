-- Tables and views of one schema ($1) with figures; of one, which may be a partition, when its name is given ($2). A
-- partitioned table is one, with the figures of its partitions. See stats/stats.sql.
with relation as (
    select c.oid, c.relname, c.relkind
    from pg_catalog.pg_class c
    where c.relnamespace = $1::int8::oid
        and c.relkind in ('r', 'p', 'm', 'v', 'f')
        and case when $2::text is null then not c.relispartition else c.relname = $2::text end
),
member as (
    select r.oid as root, r.oid from relation r where r.relkind <> 'p'
    union all
    select r.oid, t.relid::pg_catalog.oid
    from relation r
    cross join lateral pg_catalog.pg_partition_tree(r.oid::pg_catalog.regclass) t
    where r.relkind = 'p'
),
figure as (
    select
        m.root,
        pg_catalog.sum(
            case
                when c.relkind = 'p' then 0
                when pg_catalog.pg_stat_get_live_tuples(c.oid) > 0 or w.writes > 0
                    then pg_catalog.pg_stat_get_live_tuples(c.oid)
                else greatest(c.reltuples, 0)::int8
            end
        )::int8 as rows,
        pg_catalog.sum(
            case when c.relkind in ('r', 'm') then pg_catalog.pg_total_relation_size(c.oid) else 0 end
        )::int8 as size_bytes,
        pg_catalog.sum(
            case when c.relkind in ('r', 'm') then pg_catalog.pg_indexes_size(c.oid) else 0 end
        )::int8 as index_bytes,
        pg_catalog.sum(pg_catalog.pg_stat_get_dead_tuples(c.oid))::int8 as dead_rows,
        pg_catalog.sum(pg_catalog.pg_stat_get_numscans(c.oid))::int8 as seq_scans,
        pg_catalog.sum(coalesce(i.scans, 0))::int8 as index_scans,
        pg_catalog.sum(w.writes)::int8 as writes,
        pg_catalog.sum(pg_catalog.pg_stat_get_blocks_hit(c.oid) + coalesce(i.hit, 0))::int8 as blocks_hit,
        pg_catalog.sum(pg_catalog.pg_stat_get_blocks_fetched(c.oid) + coalesce(i.fetched, 0))::int8 as blocks_fetched,
        pg_catalog.max(greatest(
            pg_catalog.pg_stat_get_last_vacuum_time(c.oid), pg_catalog.pg_stat_get_last_autovacuum_time(c.oid)
        )) as last_vacuum,
        pg_catalog.max(greatest(
            pg_catalog.pg_stat_get_last_analyze_time(c.oid), pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid)
        )) as last_analyze,
        pg_catalog.sum(case when m.oid = m.root then i.indexes else 0 end)::int4 as indexes
    from member m
    join pg_catalog.pg_class c on c.oid = m.oid
    cross join lateral (
        select
            pg_catalog.pg_stat_get_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_tuples_updated(c.oid)
                + pg_catalog.pg_stat_get_tuples_deleted(c.oid) as writes
    ) w
    left join lateral (
        select
            pg_catalog.count(*) as indexes,
            pg_catalog.sum(pg_catalog.pg_stat_get_numscans(x.indexrelid)) as scans,
            pg_catalog.sum(pg_catalog.pg_stat_get_blocks_hit(x.indexrelid)) as hit,
            pg_catalog.sum(pg_catalog.pg_stat_get_blocks_fetched(x.indexrelid)) as fetched
        from pg_catalog.pg_index x
        where x.indrelid = c.oid
    ) i on true
    group by m.root
)
select
    r.oid::int8 as oid,
    r.relname::text as table_name,
    r.relkind::text as kind,
    f.rows,
    f.size_bytes,
    f.index_bytes,
    f.dead_rows,
    f.seq_scans,
    f.index_scans,
    f.writes,
    f.blocks_hit,
    f.blocks_fetched,
    pg_catalog.to_char(f.last_vacuum at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_vacuum,
    pg_catalog.to_char(f.last_analyze at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_analyze,
    (
        select pg_catalog.count(*) from pg_catalog.pg_attribute a
        where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    )::int4 as columns,
    f.indexes,
    pg_catalog.obj_description(r.oid, 'pg_class') as comment
from relation r
join figure f on f.root = r.oid
order by r.relname collate "C"
