-- Figures of every table of these schemas ($1: OIDs); sizes exactly ($2) or from relpages.
select
    c.relnamespace::int8 as namespace,
    c.relname::text as table_name,
    case
        when pg_catalog.pg_stat_get_live_tuples(c.oid) > 0 then pg_catalog.pg_stat_get_live_tuples(c.oid)
        else greatest(c.reltuples, 0)::int8
    end as rows,
    case
        when $2 then pg_catalog.pg_total_relation_size(c.oid)
        else (c.relpages::int8 + coalesce(i.pages, 0) + coalesce(t.relpages, 0) + coalesce(tx.pages, 0))
            * pg_catalog.current_setting('block_size')::int8
    end::int8 as size_bytes,
    case
        when $2 then pg_catalog.pg_indexes_size(c.oid)
        else coalesce(i.pages, 0) * pg_catalog.current_setting('block_size')::int8
    end::int8 as index_bytes,
    pg_catalog.pg_stat_get_dead_tuples(c.oid) as dead_rows,
    coalesce(i.indexes, 0)::int4 as indexes,
    pg_catalog.pg_stat_get_numscans(c.oid) as seq_scans,
    coalesce(i.scans, 0)::int8 as index_scans,
    pg_catalog.pg_stat_get_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_tuples_updated(c.oid)
        + pg_catalog.pg_stat_get_tuples_deleted(c.oid) as writes,
    (pg_catalog.pg_stat_get_blocks_hit(c.oid) + coalesce(i.hit, 0))::int8 as blocks_hit,
    (pg_catalog.pg_stat_get_blocks_fetched(c.oid) + coalesce(i.fetched, 0))::int8 as blocks_fetched
from pg_catalog.pg_class c
left join lateral (
    select
        pg_catalog.count(*) as indexes,
        pg_catalog.sum(x.relpages::int8) as pages,
        pg_catalog.sum(pg_catalog.pg_stat_get_numscans(x.oid)) as scans,
        pg_catalog.sum(pg_catalog.pg_stat_get_blocks_hit(x.oid)) as hit,
        pg_catalog.sum(pg_catalog.pg_stat_get_blocks_fetched(x.oid)) as fetched
    from pg_catalog.pg_index xi
    join pg_catalog.pg_class x on x.oid = xi.indexrelid
    where xi.indrelid = c.oid
) i on true
left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
left join lateral (
    select pg_catalog.sum(x.relpages::int8) as pages
    from pg_catalog.pg_index xi
    join pg_catalog.pg_class x on x.oid = xi.indexrelid
    where xi.indrelid = t.oid
) tx on true
where c.relnamespace = any ($1::int8[]::oid[]) and c.relkind in ('r', 'm')
order by c.relnamespace, c.relname collate "C"
