-- Tables of one schema ($1) with figures; of one table when its name is given ($2).
select
    c.oid::int8 as oid,
    c.relname::text as table_name,
    c.relkind::text as kind,
    case
        when pg_catalog.pg_stat_get_live_tuples(c.oid) > 0 then pg_catalog.pg_stat_get_live_tuples(c.oid)
        else greatest(c.reltuples, 0)::int8
    end as rows,
    case when c.relkind in ('r', 'm') then pg_catalog.pg_total_relation_size(c.oid) else 0 end as size_bytes,
    case when c.relkind in ('r', 'm') then pg_catalog.pg_indexes_size(c.oid) else 0 end as index_bytes,
    pg_catalog.pg_stat_get_dead_tuples(c.oid) as dead_rows,
    pg_catalog.pg_stat_get_numscans(c.oid) as seq_scans,
    coalesce(i.scans, 0)::int8 as index_scans,
    pg_catalog.pg_stat_get_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_tuples_updated(c.oid)
        + pg_catalog.pg_stat_get_tuples_deleted(c.oid) as writes,
    pg_catalog.pg_stat_get_blocks_hit(c.oid) + coalesce(i.hit, 0)::int8 as blocks_hit,
    pg_catalog.pg_stat_get_blocks_fetched(c.oid) + coalesce(i.fetched, 0)::int8 as blocks_fetched,
    pg_catalog.to_char(greatest(pg_catalog.pg_stat_get_last_vacuum_time(c.oid),
        pg_catalog.pg_stat_get_last_autovacuum_time(c.oid)) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_vacuum,
    pg_catalog.to_char(greatest(pg_catalog.pg_stat_get_last_analyze_time(c.oid),
        pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid)) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_analyze,
    (
        select pg_catalog.count(*) from pg_catalog.pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    )::int4 as columns,
    coalesce(i.indexes, 0)::int4 as indexes,
    pg_catalog.obj_description(c.oid, 'pg_class') as comment
from pg_catalog.pg_class c
left join lateral (
    select
        pg_catalog.count(*) as indexes,
        pg_catalog.sum(pg_catalog.pg_stat_get_numscans(x.indexrelid)) as scans,
        pg_catalog.sum(pg_catalog.pg_stat_get_blocks_hit(x.indexrelid)) as hit,
        pg_catalog.sum(pg_catalog.pg_stat_get_blocks_fetched(x.indexrelid)) as fetched
    from pg_catalog.pg_index x
    where x.indrelid = c.oid
) i on true
where c.relnamespace = $1::int8::oid
    and c.relkind in ('r', 'p', 'm', 'v', 'f')
    and ($2::text is null or c.relname = $2::text)
order by c.relname collate "C"
