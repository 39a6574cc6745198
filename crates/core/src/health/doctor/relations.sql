-- Relations of the schemas in $1 by owner and grants: one row for all that have the same. A grantee 0 is PUBLIC.
with by_column as (
    -- Rights on single columns: whoever has them was thought of.
    select distinct a.attrelid from pg_catalog.pg_attribute a where a.attacl is not null
),
relation as (
    select
        c.relnamespace,
        c.relkind,
        c.relowner,
        c.relacl::text as acl,
        c.relkind = 'S' and exists (
            select from pg_catalog.pg_depend d
            where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.objsubid = 0
                and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype in ('a', 'i')
        ) as owned,
        c.relispartition as partition,
        b.attrelid is not null as by_column,
        c.relname
    from pg_catalog.pg_class c
    left join by_column b on b.attrelid = c.oid
    where c.relnamespace = any ($1) and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        and not exists (
            select from pg_catalog.pg_depend e
            where e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and e.objid = c.oid and e.objsubid = 0 and e.deptype = 'e'
        )
),
alike as (
    select
        r.relnamespace, r.relkind, r.relowner, r.acl, r.owned, r.partition, r.by_column,
        pg_catalog.array_agg(r.relname::text order by r.relname) as names
    from relation r
    group by 1, 2, 3, 4, 5, 6, 7
)
select
    a.relnamespace as namespace,
    a.relkind::text as kind,
    a.relowner as owner,
    a.owned,
    a.partition,
    a.by_column,
    a.names,
    array(select x.grantee from pg_catalog.aclexplode(a.acl::pg_catalog.aclitem[]) x) as grantees,
    array(select x.privilege_type from pg_catalog.aclexplode(a.acl::pg_catalog.aclitem[]) x) as privileges
from alike a
