-- What holds on to what, where one side is in schema $1: each side as the object that can be moved by itself (see objects.sql).
with piece as materialized (
    select 1259 as classid, c.oid as objid from pg_catalog.pg_class c where c.relnamespace = $1::int8::oid
    union all
    select 1247, t.oid from pg_catalog.pg_type t where t.typnamespace = $1::int8::oid
    union all
    select 1255, p.oid from pg_catalog.pg_proc p where p.pronamespace = $1::int8::oid
    union all
    select 3381, s.oid from pg_catalog.pg_statistic_ext s where s.stxnamespace = $1::int8::oid
    union all
    select 2606, k.oid from pg_catalog.pg_class c join pg_catalog.pg_constraint k on k.conrelid = c.oid where c.relnamespace = $1::int8::oid
    union all
    select 2606, k.oid from pg_catalog.pg_type t join pg_catalog.pg_constraint k on k.contypid = t.oid
    where t.typnamespace = $1::int8::oid and t.typtype = 'd'
    union all
    select 2604, a.oid from pg_catalog.pg_class c join pg_catalog.pg_attrdef a on a.adrelid = c.oid where c.relnamespace = $1::int8::oid
    union all
    select 2618, w.oid from pg_catalog.pg_class c join pg_catalog.pg_rewrite w on w.ev_class = c.oid where c.relnamespace = $1::int8::oid
    union all
    select 2620, g.oid from pg_catalog.pg_class c join pg_catalog.pg_trigger g on g.tgrelid = c.oid
    where c.relnamespace = $1::int8::oid and not g.tgisinternal
    union all
    select 3256, y.oid from pg_catalog.pg_class c join pg_catalog.pg_policy y on y.polrelid = c.oid where c.relnamespace = $1::int8::oid
),
edge as materialized (
    select d.classid, d.objid, d.refclassid, d.refobjid
    from piece p join pg_catalog.pg_depend d on d.classid = p.classid and d.objid = p.objid
    where d.deptype in ('n', 'a', 'i', 'P', 'S') and d.refobjid >= 16384
    union
    select d.classid, d.objid, d.refclassid, d.refobjid
    from piece p join pg_catalog.pg_depend d on d.refclassid = p.classid and d.refobjid = p.objid
    where d.deptype in ('n', 'a', 'i', 'P', 'S') and d.classid <> 2605
        and not exists (select from pg_catalog.pg_trigger g where d.classid = 2620 and g.oid = d.objid and g.tgisinternal)
),
node as materialized (
    select o.classid, o.objid,
        case when f.relkind <> 'c' then 1259 when e.oid is not null then 1247 else o.classid end as class,
        case when f.relkind <> 'c' then f.oid when e.oid is not null then e.oid else o.objid end as oid,
        case
            when f.relkind <> 'c' then f.relnamespace
            when e.oid is not null then e.typnamespace
            else coalesce(p.pronamespace, z.stxnamespace)
        end as namespace,
        case
            when f.relkind <> 'c' then f.relname::text
            when e.oid is not null then e.typname::text
            when p.oid is not null then p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')'
            when z.oid is not null then z.stxname::text
            else pg_catalog.pg_describe_object(o.classid, o.objid, 0)
        end as name,
        case
            when k.contype = 'f' then 'foreign_key'
            when k.oid is not null then 'constraint'
            when a.oid is not null then 'default'
            when w.oid is not null and f.relkind in ('v', 'm') then 'view'
            when w.oid is not null then 'rule'
            when g.oid is not null then 'trigger'
            when y.oid is not null then 'policy'
            when o.classid = 1255 then 'routine'
            when o.classid = 3381 then 'statistics'
            when o.classid = 1247 then 'type'
            else 'relation'
        end as how
    from (
        select x.classid, x.objid from edge x
        union
        select x.refclassid, x.refobjid from edge x
    ) o
    left join pg_catalog.pg_class c on o.classid = 1259 and c.oid = o.objid
    left join pg_catalog.pg_index i on o.classid = 1259 and i.indexrelid = o.objid
    left join pg_catalog.pg_depend s on c.relkind = 'S' and s.classid = 1259 and s.objid = c.oid and s.objsubid = 0
        and s.refclassid = 1259 and s.deptype in ('a', 'i')
    left join pg_catalog.pg_constraint k on o.classid = 2606 and k.oid = o.objid
    left join pg_catalog.pg_attrdef a on o.classid = 2604 and a.oid = o.objid
    left join pg_catalog.pg_rewrite w on o.classid = 2618 and w.oid = o.objid
    left join pg_catalog.pg_trigger g on o.classid = 2620 and g.oid = o.objid
    left join pg_catalog.pg_policy y on o.classid = 3256 and y.oid = o.objid
    left join pg_catalog.pg_proc p on o.classid = 1255 and p.oid = o.objid
    left join pg_catalog.pg_statistic_ext z on o.classid = 3381 and z.oid = o.objid
    left join pg_catalog.pg_type t on t.oid = case
        when o.classid = 1247 then o.objid
        when c.relkind = 'c' then c.reltype
        else nullif(k.contypid, 0)
    end
    -- Of an array its element, of a multirange its range.
    cross join lateral (select case when t.typcategory = 'A' and t.typelem <> 0 then t.typelem else t.oid end as oid) l
    left join pg_catalog.pg_range m on m.rngmultitypid = l.oid
    left join pg_catalog.pg_type e on e.oid = coalesce(m.rngtypid, l.oid)
    left join pg_catalog.pg_class f on f.oid = coalesce(i.indrelid, s.refobjid, nullif(k.conrelid, 0), a.adrelid, w.ev_class, g.tgrelid,
        y.polrelid, nullif(e.typrelid, 0), c.oid)
)
select distinct
    a.class::int4 as class, a.oid::int8 as oid, a.namespace::int8 as namespace, n.nspname::text as schema, a.name, a.how,
    b.class::int4 as on_class, b.oid::int8 as on_oid, b.namespace::int8 as on_namespace, m.nspname::text as on_schema, b.name as on_name
from edge x
join node a on a.classid = x.classid and a.objid = x.objid
join node b on b.classid = x.refclassid and b.objid = x.refobjid
left join pg_catalog.pg_namespace n on n.oid = a.namespace
left join pg_catalog.pg_namespace m on m.oid = b.namespace
where (a.class, a.oid) <> (b.class, b.oid) and b.class <> 2615
    and (a.namespace is null or n.nspname !~ '^pg_') and (b.namespace is null or m.nspname !~ '^pg_')
order by 4, 5, 10, 11, 6
