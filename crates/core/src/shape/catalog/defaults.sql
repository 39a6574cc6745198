-- Defaults of the columns of the schemas $1. A default that is the same as the parent's stands with the parent.
select
    c.relnamespace::int8 as schema,
    c.oid::int8 as oid,
    'default' as kind,
    c.relname::text as parent,
    a.attname::text as name,
    null::text as arguments,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid) as definition
from pg_catalog.pg_class c
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.atthasdef and a.attgenerated = '' and not a.attisdropped
join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where c.oid = any (array(
        select n.objid from pg_catalog.pg_depend n
        where n.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and n.refobjid = any ($1::int8[]::oid[])
            and n.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and n.deptype = 'n'
    ))
    and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and c.relname <> '_sqlx_migrations'
    and (a.attinhcount = 0 or not exists (
        select from pg_catalog.pg_inherits h
        join pg_catalog.pg_attribute pa on pa.attrelid = h.inhparent and pa.attname = a.attname
        join pg_catalog.pg_attrdef pd on pd.adrelid = pa.attrelid and pd.adnum = pa.attnum
        where h.inhrelid = c.oid
            and pg_catalog.pg_get_expr(pd.adbin, pd.adrelid) = pg_catalog.pg_get_expr(d.adbin, d.adrelid)
    ))
    and c.oid not in (
        select e.objid from pg_catalog.pg_depend e
        where e.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
            and e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and e.deptype = 'e'
    )
