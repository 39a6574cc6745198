-- The schema of $1 with the most relations that a statement about all of it would lock.
select x.namespace, pg_catalog.sum(x.number)::int8 as relations
from (
    select c.relnamespace as namespace, pg_catalog.count(*) as number
    from pg_catalog.pg_class c
    where c.relnamespace = any ($1) and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'i', 'I')
    group by 1
    union all
    -- A TOAST table and its index.
    select c.relnamespace, 2 * pg_catalog.count(*)
    from pg_catalog.pg_class c
    where c.relnamespace = any ($1) and c.reltoastrelid <> 0
    group by 1
) x
group by 1
order by 2 desc, 1
limit 1
