-- What the schemas $1 hold besides: named, not described. Column `arguments` tells the sort.
select o.schema::int8 as schema, o.oid::int8 as oid, 'other' as kind, null::text as parent, o.name, o.sort as arguments
from (
    select n.oid as schema, x.oid, x.classid, x.name, x.sort
    from pg_catalog.pg_namespace n
    join (
        select oprnamespace, oid, 'pg_catalog.pg_operator'::pg_catalog.regclass, oprname || ' ('
            || case when oprleft = 0 then '' else pg_catalog.format_type(oprleft, null) || ', ' end
            || pg_catalog.format_type(oprright, null) || ')', 'operator' from pg_catalog.pg_operator
        union all
        select opcnamespace, oid, 'pg_catalog.pg_opclass'::pg_catalog.regclass, opcname::text, 'operator class'
        from pg_catalog.pg_opclass
        union all
        select opfnamespace, oid, 'pg_catalog.pg_opfamily'::pg_catalog.regclass, opfname::text, 'operator family'
        from pg_catalog.pg_opfamily
        union all
        select collnamespace, oid, 'pg_catalog.pg_collation'::pg_catalog.regclass, collname::text, 'collation'
        from pg_catalog.pg_collation
        union all
        select connamespace, oid, 'pg_catalog.pg_conversion'::pg_catalog.regclass, conname::text, 'conversion'
        from pg_catalog.pg_conversion
        union all
        select cfgnamespace, oid, 'pg_catalog.pg_ts_config'::pg_catalog.regclass, cfgname::text, 'text search configuration'
        from pg_catalog.pg_ts_config
        union all
        select dictnamespace, oid, 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, dictname::text, 'text search dictionary'
        from pg_catalog.pg_ts_dict
        union all
        select prsnamespace, oid, 'pg_catalog.pg_ts_parser'::pg_catalog.regclass, prsname::text, 'text search parser'
        from pg_catalog.pg_ts_parser
        union all
        select tmplnamespace, oid, 'pg_catalog.pg_ts_template'::pg_catalog.regclass, tmplname::text, 'text search template'
        from pg_catalog.pg_ts_template
    ) x (namespace, oid, classid, name, sort) on x.namespace = n.oid
    where n.oid = any ($1::int8[]::oid[])
) o
where not exists (
    select from pg_catalog.pg_depend e where e.classid = o.classid and e.objid = o.oid and e.deptype = 'e'
)
