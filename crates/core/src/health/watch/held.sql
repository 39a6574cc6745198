-- Transactions without a session, and replication slots: both can keep VACUUM from removing dead rows, for as long as they are there.
select
    'prepared' as kind,
    p.gid as name,
    p.owner::text as role,
    p.database = pg_catalog.current_database() as here,
    p.transaction::text as number,
    pg_catalog.to_char(p.prepared at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since,
    (extract(epoch from pg_catalog.clock_timestamp() - p.prepared) * 1000)::int8 as age_ms,
    pg_catalog.age(p.transaction)::int8 as holds_xids
from pg_catalog.pg_prepared_xacts p
union all
select
    'slot',
    s.slot_name::text,
    null,
    s.database is null or s.database = pg_catalog.current_database(),
    null,
    null,
    null,
    greatest(pg_catalog.age(s.xmin), pg_catalog.age(s.catalog_xmin))::int8
from pg_catalog.pg_replication_slots s
where s.xmin is not null or s.catalog_xmin is not null
order by holds_xids desc nulls last
