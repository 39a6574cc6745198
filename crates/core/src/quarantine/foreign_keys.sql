-- The foreign keys of tables in the schema ($1), how to remove each, how many locks that takes, and whether it leads elsewhere.
select
    pg_catalog.format(
        'alter table if exists %s drop constraint if exists %I',
        k.conrelid::pg_catalog.regclass::text,
        k.conname
    ) as statement,
    r.relnamespace <> $1 as elsewhere,
    8 * (
        1 + (select pg_catalog.count(*) from pg_catalog.pg_partition_tree(k.conrelid))
            + (select pg_catalog.count(*) from pg_catalog.pg_partition_tree(k.confrelid))
    ) as locks
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
join pg_catalog.pg_class r on r.oid = k.confrelid
where c.relnamespace = $1 and k.contype = 'f' and k.conparentid = 0
order by elsewhere, k.oid
