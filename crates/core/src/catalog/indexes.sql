-- Indexes of one table ($1).
select
    c.relname::text as name,
    pg_catalog.pg_get_indexdef(i.indexrelid) as definition,
    i.indisunique as "unique",
    i.indisprimary as "primary",
    i.indisvalid as valid,
    case when c.relkind = 'i' then pg_catalog.pg_relation_size(c.oid) else 0 end as size_bytes,
    pg_catalog.pg_stat_get_numscans(i.indexrelid) as scans
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indexrelid
where i.indrelid = $1::int8::oid
order by i.indisprimary desc, c.relname collate "C"
