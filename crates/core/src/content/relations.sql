-- $1: OID of the schema
select
    c.oid,
    c.relname::text as name,
    c.relkind::text as kind,
    c.relispartition and exists (
        select
        from pg_catalog.pg_inherits i
        join pg_catalog.pg_class p on p.oid = i.inhparent
        where i.inhrelid = c.oid and p.relnamespace = c.relnamespace
    ) as partition,
    pg_catalog.has_table_privilege(c.oid, 'SELECT') as readable
from pg_catalog.pg_class c
where c.relnamespace = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f')
order by c.relname
