-- What concerns the database and the server as a whole.
select
    d.oid as database,
    d.datname::text as name,
    coalesce((
        select true from pg_catalog.pg_namespace n
        cross join lateral pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) x
        where n.nspname = 'public' and x.grantee = 0 and x.privilege_type = 'CREATE'
        limit 1
    ), false) as public_create,
    pg_catalog.current_setting('max_locks_per_transaction')::int8 as locks_per_transaction,
    pg_catalog.current_setting('max_connections')::int8 + pg_catalog.current_setting('max_prepared_transactions')::int8 as holders,
    pg_catalog.age(d.datfrozenxid)::int8 as xid_age,
    pg_catalog.current_setting('autovacuum_freeze_max_age')::int8 as xid_limit,
    pg_catalog.mxid_age(d.datminmxid)::int8 as mxid_age,
    pg_catalog.current_setting('autovacuum_multixact_freeze_max_age')::int8 as mxid_limit,
    pg_catalog.pg_is_in_recovery() as standby,
    pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') as sees_sessions
from pg_catalog.pg_database d
where d.datname = pg_catalog.current_database()
