-- What is elsewhere and depends on something in the schema: it would stand in the way of removing it, or go with it.
,outside as (
    select distinct d.classid, d.objid
    from pg_catalog.pg_depend d
    join member m on m.classid = d.refclassid and m.objid = d.refobjid
    where (d.deptype in ('n', 'e', 'x')
            -- A partition, or a sequence, of a table here that stands in another schema.
            or d.deptype in ('a', 'P', 'S') and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)
        and not exists (select from member o where o.classid = d.classid and o.objid = d.objid)
)
select distinct
    case
        when k.oid is not null then 'foreign_key'
        when o.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass then 'constraint'
        when v.oid is not null then case when v.relkind = 'm' then 'materialized_view' when v.relkind = 'v' then 'view' else 'rule' end
        when o.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass then 'default'
        when o.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass then 'trigger'
        when o.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass then 'policy'
        when o.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass then 'function'
        when o.classid = 'pg_catalog.pg_extension'::pg_catalog.regclass then 'extension'
        else 'object'
    end as kind,
    case
        when v.oid is not null then pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, v.oid, 0)
        else pg_catalog.pg_describe_object(o.classid, o.objid, 0)
    end as object
from outside o
left join pg_catalog.pg_constraint k
    on o.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass and k.oid = o.objid and k.contype = 'f'
left join pg_catalog.pg_rewrite r on o.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and r.oid = o.objid
left join pg_catalog.pg_class v on v.oid = r.ev_class
order by kind, object
