-- Objects that hold on to something in a tenant's schema ($1) from another schema: from one of $2, or from none of the tenants.
with edge as (
    select d.classid, d.objid, coalesce(rc.relnamespace, rp.pronamespace, rt.typnamespace) as target, d.refclassid, d.refobjid
    from pg_catalog.pg_depend d
    left join pg_catalog.pg_class rc on d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and rc.oid = d.refobjid
    left join pg_catalog.pg_proc rp on d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass and rp.oid = d.refobjid
    left join pg_catalog.pg_type rt on d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass and rt.oid = d.refobjid
    where d.deptype in ('n', 'a') and d.refobjid >= 16384
        and d.classid in (
            'pg_catalog.pg_constraint'::pg_catalog.regclass, 'pg_catalog.pg_rewrite'::pg_catalog.regclass,
            'pg_catalog.pg_attrdef'::pg_catalog.regclass, 'pg_catalog.pg_trigger'::pg_catalog.regclass,
            'pg_catalog.pg_policy'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass,
            'pg_catalog.pg_class'::pg_catalog.regclass
        )
),
placed as (
    select
        e.*,
        coalesce(k.connamespace, f.relnamespace, p.pronamespace, c.relnamespace) as source,
        f.oid as relation
    from edge e
    left join pg_catalog.pg_constraint k on e.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass and k.oid = e.objid
    left join pg_catalog.pg_rewrite w on e.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and w.oid = e.objid
    left join pg_catalog.pg_attrdef a on e.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and a.oid = e.objid
    left join pg_catalog.pg_trigger g on e.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass and g.oid = e.objid
    left join pg_catalog.pg_policy y on e.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass and y.oid = e.objid
    left join pg_catalog.pg_class f on f.oid = coalesce(w.ev_class, a.adrelid, g.tgrelid, y.polrelid)
    left join pg_catalog.pg_proc p on e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and p.oid = e.objid
    left join pg_catalog.pg_class c on e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and c.oid = e.objid
)
select
    n.oid as namespace,
    n.nspname::text as schema,
    case
        when k.contype = 'f' then 'foreign_key'
        when k.oid is not null then 'constraint'
        when f.relkind = 'v' and p.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass then 'view'
        when f.relkind = 'm' and p.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass then 'materialized_view'
        when p.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass then 'rule'
        when a.attgenerated <> '' then 'generated_column'
        when p.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass then 'default'
        when p.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass then 'trigger'
        when p.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass then 'policy'
        when p.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass then 'function'
        else 'relation'
    end as kind,
    p.classid::oid as class,
    p.objid as object,
    case
        when f.relkind in ('v', 'm') and p.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass then
            pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, f.oid, 0)
        else coalesce(pg_catalog.pg_describe_object(p.classid, p.objid, 0), '?')
    end as described,
    o.nspname::text as other,
    o.oid as other_namespace,
    p.targets,
    p.has_own,
    coalesce(f.relname, t.relname, r.relname)::text as relation,
    coalesce(k.conname::text, a.attname::text, g.tgname::text) as name,
    case
        when k.oid is not null then pg_catalog.pg_get_constraintdef(k.oid)
        when f.relkind in ('v', 'm') and p.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass then pg_catalog.pg_get_viewdef(f.oid)
        when p.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass then pg_catalog.pg_get_expr(b.adbin, b.adrelid)
        when g.oid is not null then pg_catalog.pg_get_triggerdef(g.oid)
    end as definition,
    coalesce(f.reloptions, '{}') as options
from (
    select
        x.classid, x.objid, x.source, x.target, x.relation,
        pg_catalog.array_agg(distinct pg_catalog.pg_describe_object(x.refclassid, x.refobjid, 0)) filter (where i.indexrelid is null) as targets,
        pg_catalog.bool_and(
            i.indexrelid is not null
            or exists (
                select from pg_catalog.pg_class c, pg_catalog.pg_class o
                where x.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and o.oid = x.refobjid
                    and c.relnamespace = x.source and c.relname = o.relname and c.relkind = o.relkind
            )
            or exists (
                select from pg_catalog.pg_proc c, pg_catalog.pg_proc o
                where x.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass and o.oid = x.refobjid
                    and c.pronamespace = x.source and c.proname = o.proname and c.proargtypes = o.proargtypes
            )
            or exists (
                select from pg_catalog.pg_type c, pg_catalog.pg_type o
                where x.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass and o.oid = x.refobjid
                    and c.typnamespace = x.source and c.typname = o.typname
            )
        ) as has_own
    from placed x
    left join pg_catalog.pg_index i
        on x.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and i.indexrelid = x.refobjid
    where x.source <> x.target and x.target = any ($1)
        and (x.source = any ($2) or x.source <> all ($1))
    group by 1, 2, 3, 4, 5
) p
join pg_catalog.pg_namespace n on n.oid = p.source
join pg_catalog.pg_namespace o on o.oid = p.target
left join pg_catalog.pg_constraint k on p.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass and k.oid = p.objid
left join pg_catalog.pg_class t on t.oid = k.conrelid
left join pg_catalog.pg_class f on f.oid = p.relation
left join pg_catalog.pg_class r on p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and r.oid = p.objid
left join pg_catalog.pg_attrdef b on p.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and b.oid = p.objid
left join pg_catalog.pg_attribute a on a.attrelid = b.adrelid and a.attnum = b.adnum
left join pg_catalog.pg_trigger g on p.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass and g.oid = p.objid
-- A partition's copy of a constraint or trigger goes with its parent's.
where coalesce(k.conparentid, 0) = 0 and coalesce(g.tgparentid, 0) = 0 and not coalesce(g.tgisinternal, false)
    and n.nspname !~ '^pg_' and n.nspname !~ '^_cadastre_' and n.nspname <> all (array['information_schema', 'cadastre'])
    and p.targets is not null
order by 2, 6, 7
