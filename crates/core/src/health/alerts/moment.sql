-- What holds up the server at this moment, seen from the current database.
select
    s.kind, s.pid, s.role, s.seconds, s.seen
from (
    select 'long_transaction' as kind, a.pid::text as pid, a.usename::text as role,
        extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)::int8 as seconds,
        -- Of other roles' sessions, a role without pg_read_all_stats sees who they are and no more.
        a.state is not null or a.usesysid is null as seen
    from pg_catalog.pg_stat_activity a
    where a.datname = pg_catalog.current_database() and a.pid <> pg_catalog.pg_backend_pid()
        and (a.backend_type is null or a.backend_type = 'client backend')
    union all
    -- Nobody sits at it any more, and it holds its locks until somebody ends it.
    select 'long_transaction', 'prepared ' || p.gid, p.owner::text,
        extract(epoch from pg_catalog.clock_timestamp() - p.prepared)::int8, true
    from pg_catalog.pg_prepared_xacts p
    where p.database = pg_catalog.current_database()
    union all
    select 'blocked', l.pid::text, a.usename::text,
        pg_catalog.max(extract(epoch from pg_catalog.clock_timestamp() - l.waitstart))::int8, true
    from pg_catalog.pg_locks l
    join pg_catalog.pg_stat_activity a on a.pid = l.pid
    where not l.granted and a.datname = pg_catalog.current_database()
    group by l.pid, a.usename
    union all
    select 'connections', null, null,
        (select pg_catalog.count(*) from pg_catalog.pg_stat_activity a
         where a.usesysid is not null and (a.backend_type is null or a.backend_type = 'client backend')), true
    union all
    select 'connections_limit', null, null,
        pg_catalog.current_setting('max_connections')::int8
            - pg_catalog.current_setting('superuser_reserved_connections')::int8
            - coalesce(pg_catalog.current_setting('reserved_connections', true)::int8, 0), true
) s
order by s.seconds desc nulls last
