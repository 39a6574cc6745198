-- Locks of this session on tables, views and sequences, but for those that keep nobody from anything. $1 is the copy.
select
    case when n.nspname = $1 then null else n.nspname::text end as schema,
    c.relname::text as relation,
    l.mode as mode
from pg_catalog.pg_locks l
join pg_catalog.pg_class c on c.oid = l.relation
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation' and l.granted and l.mode <> 'AccessShareLock'
    and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
    and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.relname <> '_sqlx_migrations'
    and n.nspname <> all (array['pg_catalog', 'information_schema']) and n.nspname !~ '^pg_(temp|toast)'
