-- How many sessions there are in every database, and how many there may be. Only those of clients count against the limit.
select
    pg_catalog.current_setting('max_connections')::int8 as most,
    pg_catalog.current_setting('superuser_reserved_connections')::int8 as for_superusers,
    coalesce(pg_catalog.current_setting('reserved_connections', true)::int8, 0) as for_reserved,
    (
        select pg_catalog.count(*)
        from pg_catalog.pg_stat_activity s
        where s.usesysid is not null and s.datid is not null and coalesce(s.backend_type, 'client backend') = 'client backend'
    ) as used,
    array(
        select d.datname || e'\t' || pg_catalog.count(s.pid)
        from pg_catalog.pg_stat_activity s
        join pg_catalog.pg_database d on d.oid = s.datid
        where d.datname <> pg_catalog.current_database() and s.usesysid is not null and coalesce(s.backend_type, 'client backend') = 'client backend'
        group by d.datname
        order by pg_catalog.count(s.pid) desc, d.datname
    ) as elsewhere,
    (select d.datconnlimit::int8 from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()) as of_database
