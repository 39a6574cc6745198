-- Sessions whose transaction has touched something in the schema ($1); a prepared transaction has no session.
select
    coalesce(l.pid, 0) as pid,
    coalesce(s.usename::text, '') as role,
    coalesce(s.application_name, '') as application,
    pg_catalog.bool_or(l.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')) as writes,
    pg_catalog.max(x.gid) as prepared
from pg_catalog.pg_locks l
join pg_catalog.pg_class c on c.oid = l.relation and c.relnamespace = $1
left join pg_catalog.pg_stat_activity s on s.pid = l.pid
left join pg_catalog.pg_prepared_xacts x on l.pid is null and l.virtualtransaction = '-1/' || x.transaction::text
where l.locktype = 'relation'
    and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
    and l.pid is distinct from pg_catalog.pg_backend_pid()
    and coalesce(s.backend_type, '') <> 'autovacuum worker'
group by l.pid, s.usename, s.application_name
order by pid
