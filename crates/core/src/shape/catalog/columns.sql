-- Columns of the schemas $1, with their place among the table's own when $2. Columns that a table has from its parents
-- stand with the parents: one that a parent got later comes earlier in a table that is made anew. Of views, only those with a comment or grants of their own.
select
    c.relnamespace::int8 as schema,
    c.oid::int8 as oid,
    case when c.relkind in ('v', 'm') then 'view_column' else 'column' end as kind,
    c.relname::text as parent,
    a.attname::text as name,
    null::text as arguments,
    case when c.relkind not in ('v', 'm') then pg_catalog.format_type(a.atttypid, a.atttypmod) end as data_type,
    case when c.relkind not in ('v', 'm') and a.attcollation not in (0, t.typcollation) then (
        select pg_catalog.format('%I.%I', n.nspname, l.collname)
        from pg_catalog.pg_collation l
        join pg_catalog.pg_namespace n on n.oid = l.collnamespace
        where l.oid = a.attcollation
    ) end as collation,
    case when a.attnotnull then 'not null' end as not_null,
    case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as identity,
    i.name as identity_sequence,
    i.parameters as identity_parameters,
    case when a.attgenerated <> '' then (
        select '(' || pg_catalog.pg_get_expr(g.adbin, g.adrelid) || ')'
            || case when a.attgenerated = 's' then ' stored' else ' virtual' end
        from pg_catalog.pg_attrdef g
        where g.adrelid = a.attrelid and g.adnum = a.attnum
    ) end as generated,
    case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as compression,
    case when c.relkind not in ('v', 'm') and a.attstorage <> t.typstorage then
        case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end
    end as storage,
    case when a.attstattarget >= 0 then a.attstattarget::text end as statistics,
    case when a.attoptions is not null then (
        select pg_catalog.string_agg(o, ', ' order by o collate "C") from pg_catalog.unnest(a.attoptions) o
    ) end as options,
    case when a.attfdwoptions is not null then (
        select pg_catalog.string_agg(
            pg_catalog.quote_ident(o.option_name) || ' ' || pg_catalog.quote_literal(o.option_value), ', '
            order by o.option_name collate "C")
        from pg_catalog.pg_options_to_table(a.attfdwoptions) o
    ) end as server,
    case when $2::bool and c.relkind not in ('v', 'm') then (
        select pg_catalog.lpad(pg_catalog.count(*)::text, 4, '0') from pg_catalog.pg_attribute b
        where b.attrelid = a.attrelid and b.attnum between 1 and a.attnum and not b.attisdropped
            and b.attinhcount = 0
    ) end as position,
    d.description as comment,
    case when a.attacl is not null then (
        select pg_catalog.string_agg(pg_catalog.lower(x.privilege_type) || ' to '
            || case when x.grantee = 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantee)) end
            || case when x.is_grantable then ' with grant option' else '' end, '; '
            order by pg_catalog.pg_get_userbyid(x.grantee)::text collate "C", x.privilege_type collate "C")
        from pg_catalog.aclexplode(a.attacl) x
        where x.grantee <> c.relowner
    ) end as grants
from pg_catalog.pg_class c
join pg_catalog.pg_attribute a on a.attrelid = c.oid
join pg_catalog.pg_type t on t.oid = a.atttypid
left join pg_catalog.pg_description d
    on d.objoid = c.oid and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objsubid = a.attnum
left join lateral (
    select
        sc.relname::text as name,
        pg_catalog.format('increment by %s minvalue %s maxvalue %s start with %s cache %s %s',
            s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
            case when s.seqcycle then 'cycle' else 'no cycle' end) as parameters
    from pg_catalog.pg_depend p
    join pg_catalog.pg_class sc on sc.oid = p.objid and sc.relkind = 'S'
    join pg_catalog.pg_sequence s on s.seqrelid = sc.oid
    where a.attidentity <> ''
        and p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and p.refobjid = a.attrelid
        and p.refobjsubid = a.attnum and p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and p.deptype = 'i'
    -- Keeps the planner from looking the sequence up for columns that have none.
    offset 0
) i on true
where c.oid = any (array(
        select n.objid from pg_catalog.pg_depend n
        where n.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and n.refobjid = any ($1::int8[]::oid[])
            and n.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and n.deptype = 'n'
    ))
    and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and c.relname <> '_sqlx_migrations'
    and a.attnum > 0
    and not a.attisdropped
    and (a.attinhcount = 0
        -- One that is calculated in another way than a parent's.
        or a.attgenerated <> '' and exists (
            select from pg_catalog.pg_inherits h
            join pg_catalog.pg_attribute pa on pa.attrelid = h.inhparent and pa.attname = a.attname
            join pg_catalog.pg_attrdef g on g.adrelid = a.attrelid and g.adnum = a.attnum
            left join pg_catalog.pg_attrdef pg on pg.adrelid = pa.attrelid and pg.adnum = pa.attnum
            where h.inhrelid = c.oid
                and pg_catalog.pg_get_expr(pg.adbin, pg.adrelid) is distinct from pg_catalog.pg_get_expr(g.adbin, g.adrelid)
        ))
    and (c.relkind not in ('v', 'm') or d.description is not null or a.attacl is not null)
    and c.oid not in (
        select e.objid from pg_catalog.pg_depend e
        where e.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
            and e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and e.deptype = 'e'
    )
