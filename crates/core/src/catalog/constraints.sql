-- Constraints of one table ($1), primary key first.
select
    k.conname::text as name,
    k.contype::text as kind,
    pg_catalog.pg_get_constraintdef(k.oid) as definition,
    k.convalidated as validated,
    case
        when k.confrelid = 0 then null
        when f.relnamespace = k.connamespace then f.relname::text
        else n.nspname || '.' || f.relname
    end as "references"
from pg_catalog.pg_constraint k
left join pg_catalog.pg_class f on f.oid = k.confrelid
left join pg_catalog.pg_namespace n on n.oid = f.relnamespace
-- PostgreSQL 18 lists NOT NULL here too; it is shown with the column.
where k.conrelid = $1::int8::oid and k.contype in ('p', 'u', 'f', 'c', 'x')
order by pg_catalog.strpos('pufcx', k.contype::text), k.conname collate "C"
