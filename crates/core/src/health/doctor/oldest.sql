-- The tables that hold a database's oldest transaction back.
select n.nspname::text as schema, c.relname::text as name, pg_catalog.age(c.relfrozenxid)::int8 as xid_age,
    pg_catalog.mxid_age(c.relminmxid)::int8 as mxid_age
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm', 't') and c.relpersistence <> 't'
order by case when $1 then pg_catalog.mxid_age(c.relminmxid) else pg_catalog.age(c.relfrozenxid) end desc, n.nspname, c.relname
limit 3
