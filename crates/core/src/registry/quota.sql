-- What each registered tenant may use, and how many people it has: rows of the table that its template names, as the server estimates
-- them (the same way as tenant/list.sql). $1 and $2: shipped templates and their tables; the registry's own settings come first.
select
    t.schema_name as schema,
    t.people_limit,
    t.storage_limit,
    p.table_name as people_table,
    case
        when c.oid is null then null
        when pg_catalog.pg_stat_get_live_tuples(c.oid) > 0
            or pg_catalog.pg_stat_get_tuples_inserted(c.oid) > 0
            or pg_catalog.pg_stat_get_tuples_deleted(c.oid) > 0
            then pg_catalog.pg_stat_get_live_tuples(c.oid)
        else greatest(c.reltuples, 0)::int8
    end as people
from cadastre.tenant t
left join cadastre.setting s on s.name = 'people.' || t.template
-- With several arrays `unnest` is a form of its own, which takes no schema.
left join unnest($1::pg_catalog.text[], $2::pg_catalog.text[]) as d (template, table_name) on d.template = t.template
cross join lateral (select coalesce(s.value #>> '{}', d.table_name) as table_name) p
left join pg_catalog.pg_namespace n on n.nspname = t.schema_name
left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = p.table_name and c.relkind in ('r', 'p')
where t.state not in ('purged', 'quarantined')
