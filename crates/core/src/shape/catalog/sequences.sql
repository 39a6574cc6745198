-- Sequences of the schemas $1, but for those behind identity columns, which stand with the column.
select
    c.relnamespace::int8 as schema,
    c.oid::int8 as oid,
    'sequence' as kind,
    null::text as parent,
    c.relname::text as name,
    null::text as arguments,
    pg_catalog.format('as %s increment by %s minvalue %s maxvalue %s start with %s cache %s %s',
        pg_catalog.format_type(s.seqtypid, null), s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
        case when s.seqcycle then 'cycle' else 'no cycle' end) as parameters,
    case when c.relpersistence = 'u' then 'unlogged' end as persistence,
    (
        select pg_catalog.format('%I.%I.%I', n.nspname, t.relname, a.attname)
        from pg_catalog.pg_depend p
        join pg_catalog.pg_class t on t.oid = p.refobjid
        join pg_catalog.pg_namespace n on n.oid = t.relnamespace
        join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = p.refobjsubid
        where p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and p.objid = c.oid and p.objsubid = 0
            and p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and p.deptype = 'a'
    ) as owned_by,
    d.description as comment,
    case when c.relacl is not null then (
        select pg_catalog.string_agg(pg_catalog.lower(a.privilege_type) || ' to '
            || case when a.grantee = 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end
            || case when a.is_grantable then ' with grant option' else '' end, '; '
            order by pg_catalog.pg_get_userbyid(a.grantee)::text collate "C", a.privilege_type collate "C")
        from pg_catalog.aclexplode(c.relacl) a
        where a.grantee <> c.relowner
    ) end as grants,
    pg_catalog.pg_get_userbyid(c.relowner)::text as owner
from pg_catalog.pg_class c
join pg_catalog.pg_sequence s on s.seqrelid = c.oid
left join pg_catalog.pg_description d
    on d.objoid = c.oid and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objsubid = 0
where c.oid = any (array(
        select n.objid from pg_catalog.pg_depend n
        where n.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and n.refobjid = any ($1::int8[]::oid[])
            and n.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and n.deptype = 'n'
    ))
    and c.relkind = 'S'
    and not exists (
        select from pg_catalog.pg_depend p
        where p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and p.objid = c.oid and p.deptype in ('i', 'e')
    )
