-- Every schema in quarantine with its comment and figures.
select
    n.oid::int8 as oid,
    n.nspname::text as schema,
    pg_catalog.pg_get_userbyid(n.nspowner)::text as owner,
    pg_catalog.obj_description(n.oid, 'pg_namespace') as comment,
    pg_catalog.has_schema_privilege(n.oid, 'USAGE') as readable,
    coalesce(r.tables, 0)::int4 as tables,
    coalesce(r.rows, 0)::int8 as rows,
    coalesce(r.pages, 0)::int8 * pg_catalog.current_setting('block_size')::int8 as size_bytes
from pg_catalog.pg_namespace n
left join lateral (
    select
        pg_catalog.count(*) filter (where c.relkind <> 'i' and not c.relispartition) as tables,
        pg_catalog.sum(case when c.relkind in ('r', 'm') then greatest(c.reltuples, 0)::int8 end) as rows,
        pg_catalog.sum(c.relpages::int8 + coalesce(t.relpages, 0) + coalesce(tx.relpages, 0)) as pages
    from pg_catalog.pg_class c
    left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
    left join pg_catalog.pg_index ti on ti.indrelid = t.oid
    left join pg_catalog.pg_class tx on tx.oid = ti.indexrelid
    where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'm', 'f', 'i')
) r on true
where pg_catalog.starts_with(n.nspname::text, '_cadastre_q_')
order by n.nspname collate "C"
