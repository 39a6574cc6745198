-- Those that have a statement to remove them, which one, and the name that it takes.
, object as (
    select
        m.classid,
        m.objid,
        case m.classid
            when 'pg_catalog.pg_class'::pg_catalog.regclass then (
                select case c.relkind
                    when 'r' then 'table'
                    when 'p' then 'table'
                    when 'v' then 'view'
                    when 'm' then 'materialized view'
                    when 'f' then 'foreign table'
                    when 'S' then 'sequence'
                end
                from pg_catalog.pg_class c where c.oid = m.objid
            )
            when 'pg_catalog.pg_type'::pg_catalog.regclass then (
                -- The row type of a table is part of it; that of a composite type is the type.
                select case when c.oid is null or c.relkind = 'c' then 'type' end
                from pg_catalog.pg_type t left join pg_catalog.pg_class c on c.oid = t.typrelid where t.oid = m.objid
            )
            when 'pg_catalog.pg_proc'::pg_catalog.regclass then (
                select case p.prokind when 'a' then 'aggregate' when 'p' then 'procedure' else 'function' end
                from pg_catalog.pg_proc p where p.oid = m.objid
            )
            when 'pg_catalog.pg_operator'::pg_catalog.regclass then 'operator'
            when 'pg_catalog.pg_opclass'::pg_catalog.regclass then 'operator class'
            when 'pg_catalog.pg_opfamily'::pg_catalog.regclass then 'operator family'
            when 'pg_catalog.pg_collation'::pg_catalog.regclass then 'collation'
            when 'pg_catalog.pg_conversion'::pg_catalog.regclass then 'conversion'
            when 'pg_catalog.pg_cast'::pg_catalog.regclass then 'cast'
            when 'pg_catalog.pg_ts_config'::pg_catalog.regclass then 'text search configuration'
            when 'pg_catalog.pg_ts_dict'::pg_catalog.regclass then 'text search dictionary'
            when 'pg_catalog.pg_ts_parser'::pg_catalog.regclass then 'text search parser'
            when 'pg_catalog.pg_ts_template'::pg_catalog.regclass then 'text search template'
            when 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass then 'statistics'
        end as kind
    from member m
)
select
    o.classid::int8 as class,
    o.objid::int8 as object,
    o.kind,
    -- An aggregate without arguments has a star in `drop aggregate`.
    case o.kind when 'aggregate' then pg_catalog.regexp_replace(i.identity, '\(\)$', '(*)') else i.identity end as identity
from object o
cross join lateral pg_catalog.pg_identify_object(o.classid, o.objid, 0) i
where o.kind is not null and i.identity is not null
order by o.classid, o.objid
