-- In which tenants' schemas ($1) transactions hold locks on relations. A prepared transaction has no process; its virtual transaction
-- is -1/ and its number.
select
    l.pid,
    l.virtualtransaction as transaction,
    c.relnamespace::int8 as namespace,
    pg_catalog.count(distinct c.oid)::int8 as relations,
    pg_catalog.bool_or(l.mode not in ('AccessShareLock', 'RowShareLock')) as writes
from pg_catalog.pg_locks l
join pg_catalog.pg_class c on c.oid = l.relation
where l.locktype = 'relation'
    and l.granted
    and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
    and c.relnamespace = any ($1::int8[]::oid[])
group by 1, 2, 3
