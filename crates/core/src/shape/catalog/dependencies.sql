-- Which object of the schema $1 needs which other one of it, by the names that shapes use.
, relation as (
    select c.oid, c.relkind, c.relname::text as name, c.reltype,
        case c.relkind
            when 'v' then 'view' when 'm' then 'materialized_view' when 'f' then 'foreign_table' when 'S' then 'sequence'
            when 'c' then 'composite_type' else 'table'
        end as kind
    from pg_catalog.pg_class c
    where c.relnamespace = $1::int8::oid and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c')
),
type as (
    select t.oid, t.typelem, t.typtype, t.typname::text as name
    from pg_catalog.pg_type t
    where t.typnamespace = $1::int8::oid
),
named_type as (
    select t.oid, case t.typtype when 'e' then 'enum' when 'd' then 'domain' else 'range_type' end as kind, t.name
    from type t
    where t.typtype in ('e', 'd', 'r')
    union all
    select r.reltype, r.kind, r.name from relation r where r.reltype <> 0
    union all
    select g.rngmultitypid, 'range_type', t.name
    from type t
    join pg_catalog.pg_range g on g.rngtypid = t.oid
),
object (class, oid, sub, kind, parent, name, arguments) as (
    select 'pg_catalog.pg_class'::pg_catalog.regclass::oid, r.oid, 0, r.kind, null::text, r.name, null::text from relation r
    union all
    -- A view's columns, and a composite type's, are the thing itself.
    select 'pg_catalog.pg_class'::pg_catalog.regclass, r.oid, a.attnum,
        case when r.relkind in ('v', 'm', 'c') then r.kind else 'column' end,
        case when r.relkind in ('v', 'm', 'c') then null else r.name end,
        case when r.relkind in ('v', 'm', 'c') then r.name else a.attname::text end,
        null
    from relation r
    join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    union all
    select 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, 0, t.kind, null, t.name, null from named_type t
    union all
    select 'pg_catalog.pg_type'::pg_catalog.regclass, a.oid, 0, t.kind, null, t.name, null
    from pg_catalog.pg_type a
    join named_type t on t.oid = a.typelem
    where a.typnamespace = $1::int8::oid and a.typelem <> 0
    union all
    select 'pg_catalog.pg_constraint'::pg_catalog.regclass, k.oid, 0,
        case when k.conrelid <> 0 then 'constraint' else 'domain_constraint' end,
        coalesce(r.name, t.name), k.conname::text, null
    from pg_catalog.pg_constraint k
    left join relation r on r.oid = k.conrelid
    left join type t on t.oid = k.contypid
    where k.connamespace = $1::int8::oid and k.contype in ('p', 'u', 'f', 'c', 'x') and coalesce(r.name, t.name) is not null
    union all
    select 'pg_catalog.pg_class'::pg_catalog.regclass, i.indexrelid, 0,
        case when k.oid is null then 'index' else 'constraint' end, r.name, coalesce(k.conname, x.relname)::text, null
    from relation r
    join pg_catalog.pg_index i on i.indrelid = r.oid
    join pg_catalog.pg_class x on x.oid = i.indexrelid
    left join pg_catalog.pg_constraint k
        on k.conrelid = r.oid and k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')
    union all
    select 'pg_catalog.pg_attrdef'::pg_catalog.regclass, d.oid, 0,
        case when a.attgenerated = '' then 'default' else 'column' end, r.name, a.attname::text, null
    from relation r
    join pg_catalog.pg_attrdef d on d.adrelid = r.oid
    join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum = d.adnum
    union all
    select 'pg_catalog.pg_rewrite'::pg_catalog.regclass, w.oid, 0,
        case when w.rulename = '_RETURN' then r.kind else 'rule' end,
        case when w.rulename = '_RETURN' then null else r.name end,
        case when w.rulename = '_RETURN' then r.name else w.rulename::text end,
        null
    from relation r
    join pg_catalog.pg_rewrite w on w.ev_class = r.oid
    union all
    select 'pg_catalog.pg_trigger'::pg_catalog.regclass, t.oid, 0, 'trigger', r.name, t.tgname::text, null
    from relation r
    join pg_catalog.pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
    union all
    select 'pg_catalog.pg_policy'::pg_catalog.regclass, p.oid, 0, 'policy', r.name, p.polname::text, null
    from relation r
    join pg_catalog.pg_policy p on p.polrelid = r.oid
    union all
    select 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, s.oid, 0, 'statistics', r.name, s.stxname::text, null
    from relation r
    join pg_catalog.pg_statistic_ext s on s.stxrelid = r.oid
    union all
    select 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 0,
        case p.prokind when 'a' then 'aggregate' when 'p' then 'procedure' else 'function' end,
        null, p.proname::text, pg_catalog.pg_get_function_identity_arguments(p.oid)
    from pg_catalog.pg_proc p
    where p.pronamespace = $1::int8::oid
    union all
    select o.classid, o.oid, 0, 'other', null, o.name, o.sort from other o where o.schema = $1::int8::oid
)
select distinct
    x.kind, x.parent, x.name, x.arguments,
    y.kind as needed_kind, y.parent as needed_parent, y.name as needed_name, y.arguments as needed_arguments
from object x
join pg_catalog.pg_depend d on d.classid = x.class and d.objid = x.oid and d.objsubid = x.sub
join object y on y.class = d.refclassid and y.oid = d.refobjid and y.sub = d.refobjsubid
where (x.kind, x.parent, x.name, x.arguments) is distinct from (y.kind, y.parent, y.name, y.arguments)
union
-- An inherited column follows its parent's.
select 'column', r.name, a.attname::text, null, 'column', p.name, a.attname::text, null
from relation r
join pg_catalog.pg_inherits h on h.inhrelid = r.oid
join relation p on p.oid = h.inhparent
join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attinhcount > 0 and a.attnum > 0 and not a.attisdropped
