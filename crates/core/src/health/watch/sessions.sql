-- The sessions of this database, without the parallel workers of others. A null backend_type says that this role may see nothing of a
-- session but whose it is. Who waits is asked of pg_locks, which everybody may read; pg_blocking_pids names a prepared
-- transaction 0.
with waiting as (
    select l.pid, min(l.waitstart) as since
    from pg_catalog.pg_locks l
    where not l.granted
    group by l.pid
),
here as (
    select d.oid
    from pg_catalog.pg_database d
    where d.datname = pg_catalog.current_database()
)
select
    s.pid,
    s.usesysid::int8 as role_oid,
    s.usename::text as role,
    s.application_name as application,
    s.backend_type is null as hidden,
    s.backend_type,
    coalesce(pg_catalog.host(s.client_addr), s.client_hostname) as client,
    s.client_port = -1 as local,
    s.state,
    s.wait_event_type,
    s.wait_event,
    pg_catalog.to_char(s.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as started,
    pg_catalog.to_char(s.query_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as query_started,
    (extract(epoch from t.now - s.backend_start) * 1000)::int8 as session_ms,
    (extract(epoch from t.now - s.xact_start) * 1000)::int8 as transaction_ms,
    (extract(epoch from t.now - s.query_start) * 1000)::int8 as query_ms,
    (extract(epoch from t.now - s.state_change) * 1000)::int8 as state_ms,
    s.backend_xid is not null as has_written,
    pg_catalog.age(s.backend_xmin)::int8 as holds_xids,
    pg_catalog.left(s.query, 4000) as query,
    (extract(epoch from t.now - w.since) * 1000)::int8 as waiting_ms,
    case when w.pid is not null then pg_catalog.pg_blocking_pids(s.pid) else '{}' end as blocked_by,
    s.pid = pg_catalog.pg_backend_pid() as own,
    pg_catalog.to_char(t.now at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now
from pg_catalog.pg_stat_activity s
join here on here.oid = s.datid
cross join (select pg_catalog.clock_timestamp() as now) t
left join waiting w on w.pid = s.pid
where s.leader_pid is null or s.leader_pid = s.pid
order by s.pid
