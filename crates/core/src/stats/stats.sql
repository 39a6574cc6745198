-- Figures of every table of these schemas ($1: OIDs); sizes exactly ($2) or from relpages; whether its rows may be counted where
-- that is asked ($3). What a table is, and how its rows are estimated, is the same here, in catalog/tables.sql and in
-- tenant/list.sql; a partitioned table is one, with the figures of its partitions.
with relation as (
    select c.oid, c.relnamespace, c.relname, c.relkind, c.relpages, c.reltuples, c.reltoastrelid
    -- A join, not `= any`: that would look through the whole list for every relation of the database.
    from pg_catalog.unnest($1::int8[]) chosen (namespace)
    join pg_catalog.pg_class c on c.relnamespace = chosen.namespace::pg_catalog.oid
    where c.relkind in ('r', 'p', 'm', 'f') and not c.relispartition
),
member as (
    select r.oid as root, r.oid, r.relkind, r.relpages, r.reltuples, r.reltoastrelid
    from relation r
    where r.relkind <> 'p'
    union all
    select r.oid, c.oid, c.relkind, c.relpages, c.reltuples, c.reltoastrelid
    from relation r
    cross join lateral pg_catalog.pg_partition_tree(r.oid::pg_catalog.regclass) t
    join pg_catalog.pg_class c on c.oid = t.relid::pg_catalog.oid
    where r.relkind = 'p'
),
figure as (
    select
        m.root,
        pg_catalog.sum(
            case
                when m.relkind = 'p' then 0
                when pg_catalog.pg_stat_get_live_tuples(m.oid) > 0 or w.writes > 0
                    then pg_catalog.pg_stat_get_live_tuples(m.oid)
                else greatest(m.reltuples, 0)::int8
            end
        )::int8 as rows,
        pg_catalog.sum(
            case
                when m.relkind not in ('r', 'm') then 0
                when $2 then pg_catalog.pg_total_relation_size(m.oid)
                else (m.relpages::int8 + coalesce(i.pages, 0) + coalesce(large.pages, 0))
                    * (select pg_catalog.current_setting('block_size')::int8)
            end
        )::int8 as size_bytes,
        pg_catalog.sum(
            case
                when m.relkind not in ('r', 'm') then 0
                when $2 then pg_catalog.pg_indexes_size(m.oid)
                else coalesce(i.pages, 0) * (select pg_catalog.current_setting('block_size')::int8)
            end
        )::int8 as index_bytes,
        pg_catalog.sum(pg_catalog.pg_stat_get_dead_tuples(m.oid))::int8 as dead_rows,
        pg_catalog.sum(case when m.oid = m.root then i.indexes else 0 end)::int4 as indexes,
        pg_catalog.sum(pg_catalog.pg_stat_get_numscans(m.oid))::int8 as seq_scans,
        pg_catalog.sum(coalesce(i.scans, 0))::int8 as index_scans,
        pg_catalog.sum(w.writes)::int8 as writes,
        pg_catalog.sum(pg_catalog.pg_stat_get_blocks_hit(m.oid) + coalesce(i.hit, 0))::int8 as blocks_hit,
        pg_catalog.sum(pg_catalog.pg_stat_get_blocks_fetched(m.oid) + coalesce(i.fetched, 0))::int8 as blocks_fetched
    from member m
    cross join lateral (
        select
            pg_catalog.pg_stat_get_tuples_inserted(m.oid) + pg_catalog.pg_stat_get_tuples_updated(m.oid)
                + pg_catalog.pg_stat_get_tuples_deleted(m.oid) as writes
    ) w
    left join lateral (
        select
            pg_catalog.count(*) as indexes,
            pg_catalog.sum(x.relpages::int8) as pages,
            pg_catalog.sum(pg_catalog.pg_stat_get_numscans(x.oid)) as scans,
            pg_catalog.sum(pg_catalog.pg_stat_get_blocks_hit(x.oid)) as hit,
            pg_catalog.sum(pg_catalog.pg_stat_get_blocks_fetched(x.oid)) as fetched
        from pg_catalog.pg_index xi
        join pg_catalog.pg_class x on x.oid = xi.indexrelid
        where xi.indrelid = m.oid
    ) i on true
    left join lateral (
        -- What is kept outside of the rows; where nothing is, its index has the one page that every index has.
        select
            case
                when t.relpages = 0 then 1
                else t.relpages::int8 + (
                    select pg_catalog.sum(x.relpages::int8)
                    from pg_catalog.pg_index xi
                    join pg_catalog.pg_class x on x.oid = xi.indexrelid
                    where xi.indrelid = t.oid
                )
            end as pages
        from pg_catalog.pg_class t
        where not $2 and m.reltoastrelid <> 0 and t.oid = m.reltoastrelid
    ) large on true
    group by m.root
)
select
    r.relnamespace::int8 as namespace,
    r.relname::text as table_name,
    -- Counting reads all rows, or none: not those that a policy leaves, and not another server's.
    $3
        and r.relkind <> 'f'
        and pg_catalog.has_schema_privilege(r.relnamespace, 'USAGE')
        and pg_catalog.has_table_privilege(r.oid, 'SELECT')
        and not pg_catalog.row_security_active(r.oid) as countable,
    f.rows,
    f.size_bytes,
    f.index_bytes,
    f.dead_rows,
    f.indexes,
    f.seq_scans,
    f.index_scans,
    f.writes,
    f.blocks_hit,
    f.blocks_fetched
from relation r
join figure f on f.root = r.oid
order by r.relnamespace, r.relname collate "C"
