-- The tables of these schemas ($1): the names of their columns by number, and which of them point to another table, since deleting there
-- looks here.
select
    t.oid::int8 as oid,
    t.relnamespace::int8 as namespace,
    t.relname::text as name,
    a.columns,
    f.keys as foreign_keys
from pg_catalog.unnest($1::int8[]) chosen (namespace)
join pg_catalog.pg_class t
    on t.relnamespace = chosen.namespace::oid and t.relkind in ('r', 'm', 'p') and t.relhasindex
left join (
    select a.attrelid, pg_catalog.array_agg(a.attname::text order by a.attnum) as columns
    from pg_catalog.pg_attribute a
    where a.attnum > 0
    group by a.attrelid
) a on a.attrelid = t.oid
left join (
    select c.conrelid, pg_catalog.array_agg(pg_catalog.array_to_string(c.conkey, ' ')) as keys
    from pg_catalog.pg_constraint c
    where c.contype = 'f'
    group by c.conrelid
) f on f.conrelid = t.oid
