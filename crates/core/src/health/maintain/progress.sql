-- What the process $1 does at this moment: VACUUM, ANALYZE or the building of an index, how far it is, and for whom it waits. Some columns
-- are not in every version.
select p.phase, p.done, p.total, w.pid as waits_for, w.program
from (select) as one
left join (
    select
        v.phase,
        case v.phase
            when 'scanning heap' then v.heap_blks_scanned
            when 'vacuuming heap' then v.heap_blks_vacuumed
            else (pg_catalog.to_jsonb(v) ->> 'indexes_processed')::int8
        end as done,
        case
            when v.phase in ('scanning heap', 'vacuuming heap') then v.heap_blks_total
            else (pg_catalog.to_jsonb(v) ->> 'indexes_total')::int8
        end as total,
        1 as rank
    from pg_catalog.pg_stat_progress_vacuum v
    where v.pid = $1
    union all
    select a.phase, a.sample_blks_scanned, a.sample_blks_total, 2
    from pg_catalog.pg_stat_progress_analyze a
    where a.pid = $1
    union all
    select
        i.phase,
        case when i.phase like 'waiting%' then i.lockers_done when i.blocks_total > 0 then i.blocks_done else i.tuples_done end,
        case when i.phase like 'waiting%' then i.lockers_total when i.blocks_total > 0 then i.blocks_total else i.tuples_total end,
        3
    from pg_catalog.pg_stat_progress_create_index i
    where i.pid = $1
    order by rank
    limit 1
) p on true
left join lateral (
    select
        b.pid,
        coalesce(nullif(s.application_name, ''), s.usename::text, 'a session') as program
    from pg_catalog.pg_stat_activity me
    cross join lateral pg_catalog.unnest(pg_catalog.pg_blocking_pids(me.pid)) b (pid)
    left join pg_catalog.pg_stat_activity s on s.pid = b.pid
    where me.pid = $1 and me.wait_event_type = 'Lock'
    limit 1
) w on true
