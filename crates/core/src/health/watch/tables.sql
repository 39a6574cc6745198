-- The largest tables of these schemas ($1; all of them, and what all tenants share, where it is empty), $2 at most. Which they are is told by
-- relpages, and by the file where nothing has counted yet; what they measure is asked of the files. Asking takes a lock, so that a table
-- that somebody holds or wants for himself alone is told by relpages too.
with held as (
    select distinct l.relation as oid
    from pg_catalog.pg_locks l
    where l.locktype = 'relation'
        and l.mode = 'AccessExclusiveLock'
        and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
),
relation as (
    select
        c.oid,
        c.relkind,
        h.oid is not null as held,
        case c.relkind when 'i' then i.indrelid when 't' then o.oid else c.oid end as belongs_to,
        pg_catalog.current_setting('block_size')::int8 as page,
        case
            when coalesce(t.reltuples, c.reltuples) >= 0 or h.oid is not null then c.relpages::int8
            else coalesce(pg_catalog.pg_relation_size(c.oid), 0) / pg_catalog.current_setting('block_size')::int8
        end as pages
    from pg_catalog.pg_class c
    left join pg_catalog.pg_index i on c.relkind = 'i' and i.indexrelid = c.oid
    left join pg_catalog.pg_class t on t.oid = i.indrelid
    left join pg_catalog.pg_class o on c.relkind = 't' and o.reltoastrelid = c.oid
    left join held h on h.oid = c.oid
    where c.relkind in ('r', 'm', 't', 'i') and c.relpersistence <> 't'
),
summed as (
    -- An index of a TOAST table belongs to that; its share is found when it is measured.
    select
        r.belongs_to as oid,
        pg_catalog.bool_or(r.held) as held,
        pg_catalog.sum(r.pages * r.page)::int8 as total,
        coalesce(pg_catalog.sum(r.pages * r.page) filter (where r.relkind in ('r', 'm')), 0)::int8 as heap,
        coalesce(pg_catalog.sum(r.pages * r.page) filter (where r.relkind = 't'), 0)::int8 as toast,
        coalesce(pg_catalog.sum(r.pages * r.page) filter (where r.relkind = 'i'), 0)::int8 as indexes
    from relation r
    group by r.belongs_to
),
largest as (
    select c.oid, c.relname, c.reltoastrelid, c.reltuples, n.nspname, n.oid as namespace, s.held, s.total, s.heap, s.toast, s.indexes
    from summed s
    join pg_catalog.pg_class c on c.oid = s.oid and c.relkind in ('r', 'm')
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where case
        when pg_catalog.cardinality($1::int8[]) > 0 then n.oid = any ($1::int8[]::oid[])
        else n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    end
    order by s.total desc, n.nspname, c.relname
    limit $2
)
select
    l.oid::int8 as oid,
    l.namespace::int8 as namespace,
    l.nspname::text as schema,
    l.relname::text as name,
    l.held as estimated,
    case when l.held then l.total else coalesce(pg_catalog.pg_total_relation_size(l.oid), 0) end as total_bytes,
    case when l.held then l.heap else coalesce(pg_catalog.pg_relation_size(l.oid), 0) end as heap_bytes,
    case when l.held then l.indexes else coalesce(pg_catalog.pg_indexes_size(l.oid), 0) end as index_bytes,
    case
        when l.held then l.toast
        else coalesce(pg_catalog.pg_total_relation_size(nullif(l.reltoastrelid, 0)), 0)
    end as toast_bytes,
    greatest(pg_catalog.pg_stat_get_live_tuples(l.oid), case when l.reltuples > 0 then l.reltuples::int8 else 0 end) as live_rows,
    pg_catalog.pg_stat_get_dead_tuples(l.oid) as dead_rows,
    pg_catalog.to_char(
        greatest(pg_catalog.pg_stat_get_last_vacuum_time(l.oid), pg_catalog.pg_stat_get_last_autovacuum_time(l.oid))
            at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
    ) as vacuumed,
    pg_catalog.to_char(
        greatest(pg_catalog.pg_stat_get_last_analyze_time(l.oid), pg_catalog.pg_stat_get_last_autoanalyze_time(l.oid))
            at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
    ) as analyzed
from largest l
order by total_bytes desc, l.nspname, l.relname
