-- The tables of the schema ($1) that a backup holds, and how many locks reading each takes: itself, its indexes, its TOAST
-- table, its partitions.
select
    c.relname::text as name,
    2 + (select pg_catalog.count(*) from pg_catalog.pg_index i where i.indrelid = c.oid)
        + case when c.relkind = 'p' then (select 3 * pg_catalog.count(*) from pg_catalog.pg_partition_tree(c.oid)) else 0 end
        as locks
from pg_catalog.pg_class c
where c.relnamespace = $1
    and c.relkind in ('r', 'p')
    and not (c.relispartition and exists (
        select
        from pg_catalog.pg_inherits i
        join pg_catalog.pg_class p on p.oid = i.inhparent
        where i.inhrelid = c.oid and p.relnamespace = c.relnamespace
    ))
order by c.oid
