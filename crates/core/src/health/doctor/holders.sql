-- What keeps VACUUM from removing rows: replication slots, prepared transactions, standbys and sessions, the oldest first.
select x.kind, x.name, x.age
from (
    select 'slot' as kind, s.slot_name::text as name,
        greatest(pg_catalog.age(s.xmin), pg_catalog.age(s.catalog_xmin))::int8 as age
    from pg_catalog.pg_replication_slots s
    where s.xmin is not null or s.catalog_xmin is not null
    union all
    select 'prepared', p.gid, pg_catalog.age(p.transaction)::int8
    from pg_catalog.pg_prepared_xacts p
    union all
    select 'standby', coalesce(r.application_name, ''), pg_catalog.age(r.backend_xmin)::int8
    from pg_catalog.pg_stat_replication r
    where r.backend_xmin is not null
    union all
    select 'session', a.pid::text, pg_catalog.age(a.backend_xmin)::int8
    from pg_catalog.pg_stat_activity a
    where a.backend_xmin is not null and a.pid <> pg_catalog.pg_backend_pid() and a.backend_type = 'client backend'
) x
where x.age > 10000
order by x.age desc, x.kind, x.name
limit 3
