-- Whether there is a registry, and what this role may do with it.
select
    c.oid is not null as installed,
    c.oid is not null
        and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        and pg_catalog.has_table_privilege(c.oid, 'SELECT') as readable,
    c.oid is not null
        and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        and pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE') as writable,
    n.oid is not null as schema_taken,
    pg_catalog.pg_get_userbyid(n.nspowner)::text as owner
from (select 1) one
left join pg_catalog.pg_namespace n on n.nspname = 'cadastre'
left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = 'tenant' and c.relkind = 'r'
    and exists (
        select from pg_catalog.pg_class h
        where h.relnamespace = n.oid and h.relname = '_sqlx_migrations' and h.relkind = 'r'
    )
