-- Sessions other than $2 that hold a lock on one of the relations among the objects $1 (class and OID of each, one after the other).
select distinct pg_catalog.format('%s, pid %s', coalesce(nullif(a.application_name, ''), 'a session'), l.pid)
from pg_catalog.generate_series(1, pg_catalog.cardinality($1::int8[]), 2) i
join pg_catalog.pg_locks l on l.locktype = 'relation' and l.relation = ($1::int8[])[i + 1]::oid and l.granted and l.pid <> $2::int4
left join pg_catalog.pg_stat_activity a on a.pid = l.pid
where ($1::int8[])[i] = 1259
  and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
order by 1
