-- Who has written into the migration history of one of these tenants and not ended the transaction yet; {schemas} are their
-- names as literals.
select n.nspname, coalesce(nullif(a.application_name, ''), 'a session') || ', pid ' || l.pid
from pg_catalog.pg_locks l
join pg_catalog.pg_class c on c.oid = l.relation and c.relname = '_sqlx_migrations'
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_stat_activity a on a.pid = l.pid
where l.locktype = 'relation' and l.granted and l.mode = 'RowExclusiveLock'
  and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
  and n.nspname in ({schemas})
