-- Transactions of this database that have been open for longer than $1 seconds, the oldest first: rows that they may still see cannot be
-- removed, and REINDEX CONCURRENTLY waits for them.
select
    a.pid,
    coalesce(nullif(a.application_name, ''), a.usename::text, 'a session') as program,
    extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)::int8 as seconds,
    coalesce(a.state, '') as state
from pg_catalog.pg_stat_activity a
where a.datname = pg_catalog.current_database() and a.backend_type = 'client backend' and a.pid <> pg_catalog.pg_backend_pid()
    and a.xact_start < pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => $1)
order by a.xact_start
