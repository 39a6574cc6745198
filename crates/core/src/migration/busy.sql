-- Of these schemas ($1) those with a table that somebody has, or wants, for himself alone: whoever looks into its structure waits.
select distinct c.relnamespace::int8
from pg_catalog.pg_locks l
join pg_catalog.pg_class c on c.oid = l.relation
where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.pid is distinct from pg_catalog.pg_backend_pid()
    and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
    and c.relnamespace = any ($1::int8[]::oid[])
