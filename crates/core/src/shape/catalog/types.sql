-- Enumerations, domains, composite and range types of the schemas $1.
select
    t.typnamespace::int8 as schema,
    t.oid::int8 as oid,
    case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'c' then 'composite_type' else 'range_type' end as kind,
    null::text as parent,
    t.typname::text as name,
    null::text as arguments,
    case when t.typtype = 'e' then (
        select coalesce(pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' order by e.enumsortorder), '')
        from pg_catalog.pg_enum e
        where e.enumtypid = t.oid
    ) end as labels,
    case when t.typtype = 'd' then pg_catalog.format_type(t.typbasetype, t.typtypmod) end as data_type,
    case when t.typtype = 'd' and t.typcollation not in (0, b.typcollation) then (
        select pg_catalog.format('%I.%I', n.nspname, l.collname)
        from pg_catalog.pg_collation l
        join pg_catalog.pg_namespace n on n.oid = l.collnamespace
        where l.oid = t.typcollation
    ) end as collation,
    case when t.typtype = 'd' and t.typnotnull then 'not null' end as not_null,
    case when t.typtype = 'd' then pg_catalog.pg_get_expr(t.typdefaultbin, 0) end as default_value,
    case t.typtype
        when 'c' then (
            select coalesce(pg_catalog.string_agg(
                pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
                || coalesce((
                    select pg_catalog.format(' collate %I.%I', n.nspname, l.collname)
                    from pg_catalog.pg_collation l
                    join pg_catalog.pg_namespace n on n.oid = l.collnamespace
                    where l.oid = a.attcollation and a.attcollation <> y.typcollation
                ), ''), ', ' order by a.attnum), '')
            from pg_catalog.pg_attribute a
            join pg_catalog.pg_type y on y.oid = a.atttypid
            where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
        )
        when 'r' then (
            select 'subtype = ' || pg_catalog.format_type(r.rngsubtype, null)
                || ', subtype_opclass = ' || (
                    select pg_catalog.format('%I.%I', n.nspname, o.opcname)
                    from pg_catalog.pg_opclass o
                    join pg_catalog.pg_namespace n on n.oid = o.opcnamespace
                    where o.oid = r.rngsubopc
                )
                || coalesce((
                    select pg_catalog.format(', collation = %I.%I', n.nspname, l.collname)
                    from pg_catalog.pg_collation l
                    join pg_catalog.pg_namespace n on n.oid = l.collnamespace
                    where l.oid = r.rngcollation
                ), '')
                || case when r.rngcanonical::oid <> 0 then ', canonical = ' || r.rngcanonical::text else '' end
                || case when r.rngsubdiff::oid <> 0 then ', subtype_diff = ' || r.rngsubdiff::text else '' end
                || ', multirange_type_name = ' || pg_catalog.format_type(r.rngmultitypid, null)
            from pg_catalog.pg_range r
            where r.rngtypid = t.oid
        )
    end as definition,
    case when t.typtype = 'r' then (
        select m.typname::text from pg_catalog.pg_range r
        join pg_catalog.pg_type m on m.oid = r.rngmultitypid
        where r.rngtypid = t.oid
    ) end as multirange,
    d.description as comment,
    case when t.typacl is not null then (
        select pg_catalog.string_agg(pg_catalog.lower(a.privilege_type) || ' to '
            || case when a.grantee = 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end
            || case when a.is_grantable then ' with grant option' else '' end, '; '
            order by pg_catalog.pg_get_userbyid(a.grantee)::text collate "C", a.privilege_type collate "C")
        from pg_catalog.aclexplode(t.typacl) a
        where a.grantee <> t.typowner
    ) else 'usage to public' end as grants,
    pg_catalog.pg_get_userbyid(t.typowner)::text as owner
from pg_catalog.pg_type t
left join pg_catalog.pg_class c on c.oid = t.typrelid
left join pg_catalog.pg_type b on b.oid = t.typbasetype
left join pg_catalog.pg_description d
    on d.objoid = t.oid and d.classoid = 'pg_catalog.pg_type'::pg_catalog.regclass and d.objsubid = 0
where t.oid = any (array(
        select n.objid from pg_catalog.pg_depend n
        where n.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and n.refobjid = any ($1::int8[]::oid[])
            and n.classid = 'pg_catalog.pg_type'::pg_catalog.regclass and n.deptype = 'n'
    ))
    and (t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and c.relkind = 'c'))
    and t.oid not in (
        select e.objid from pg_catalog.pg_depend e
        where e.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
            and e.classid = 'pg_catalog.pg_type'::pg_catalog.regclass and e.deptype = 'e'
    )
