-- What sessions of this database wait for. Who waits for a row holds a lock on it meanwhile, which tells the table.
with here as (
    select d.oid
    from pg_catalog.pg_database d
    where d.datname = pg_catalog.current_database()
)
select
    w.pid,
    w.locktype as kind,
    w.mode,
    c.relnamespace::int8 as namespace,
    n.nspname::text as schema,
    c.relname::text as relation
from pg_catalog.pg_locks w
cross join here
left join lateral (
    select r.relation
    from pg_catalog.pg_locks r
    where r.pid = w.pid and r.locktype = 'tuple' and r.database = here.oid
    limit 1
) r on w.relation is null
left join pg_catalog.pg_class c on c.oid = coalesce(w.relation, r.relation)
left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where not w.granted
    and (w.database is null or w.database in (0, here.oid))
    and w.pid is not null
