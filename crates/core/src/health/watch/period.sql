-- Since when the server counts scans of this database: since it was told to forget them, or had to after a crash, and at least since it
-- started. $1: seconds that are enough.
select
    pg_catalog.to_char(p.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
    s.stats_reset is null as since_start,
    extract(epoch from pg_catalog.now() - p.since)::float8 >= $1 as long_enough,
    pg_catalog.pg_is_in_recovery() as standby,
    exists (
        select from pg_catalog.pg_stat_replication r
    ) as has_standbys
from pg_catalog.pg_stat_database s
cross join lateral (select coalesce(s.stats_reset, pg_catalog.pg_postmaster_start_time()) as since) p
where s.datname = pg_catalog.current_database()
