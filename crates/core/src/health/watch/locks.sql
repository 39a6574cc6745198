-- In which tenants' schemas ($1) transactions hold locks on relations. A prepared transaction has no process: its number is that of the
-- lock that every transaction holds on itself, which has the same virtual transaction.
with prepared as (
    select l.virtualtransaction, l.transactionid::text as number
    from pg_catalog.pg_locks l
    where l.pid is null and l.locktype = 'transactionid' and l.granted
)
select
    l.pid,
    p.number as transaction,
    c.relnamespace::int8 as namespace,
    pg_catalog.count(distinct c.oid)::int8 as relations,
    pg_catalog.bool_or(l.mode not in ('AccessShareLock', 'RowShareLock')) as writes
from pg_catalog.pg_locks l
join pg_catalog.pg_class c on c.oid = l.relation
left join prepared p on l.pid is null and p.virtualtransaction = l.virtualtransaction
where l.locktype = 'relation'
    and l.granted
    and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
    and c.relnamespace = any ($1::int8[]::oid[])
group by 1, 2, 3
