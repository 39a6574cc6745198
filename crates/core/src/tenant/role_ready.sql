-- Whether a role ($2) may use everything of a new schema ($1): the schema, its tables and sequences, and those that come later.
select
    pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE')
        and not exists (
            select from pg_catalog.pg_class c
            where c.relnamespace = n.oid
                and c.relkind in ('r', 'p', 'v', 'm', 'f')
                and not pg_catalog.has_table_privilege(r.oid, c.oid, 'SELECT')
        )
        and not exists (
            select from pg_catalog.pg_class c
            where c.relnamespace = n.oid
                -- Asked of anything but a sequence this is an error, and the server looks at conditions in its own order.
                and case when c.relkind = 'S' then not pg_catalog.has_sequence_privilege(r.oid, c.oid, 'USAGE') else false end
        )
        and (
            select pg_catalog.count(*)
            from pg_catalog.pg_default_acl d
            where d.defaclnamespace = n.oid
                and d.defaclobjtype in ('r', 'S')
                and exists (select from pg_catalog.aclexplode(d.defaclacl) a where a.grantee = r.oid)
        ) = 2
from pg_catalog.pg_namespace n, pg_catalog.pg_roles r
where n.nspname = $1 and r.rolname = $2
