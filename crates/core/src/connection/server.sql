select
    pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1) as version,
    pg_catalog.current_setting('server_version_num')::int4 as version_number,
    pg_catalog.current_database()::text as database,
    current_user::text as role,
    r.rolsuper as superuser,
    pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') as can_create_schema,
    r.rolcreatedb or r.rolsuper as can_create_db,
    r.rolcreaterole or r.rolsuper as can_create_role,
    pg_catalog.pg_has_role('pg_monitor', 'USAGE') as monitor,
    pg_catalog.pg_is_in_recovery() as standby,
    pg_catalog.current_setting('transaction_read_only') = 'on' as read_only,
    (select s.version from pg_catalog.pg_stat_ssl s where s.pid = pg_catalog.pg_backend_pid() and s.ssl) as tls,
    array(
        select e.extname || pg_catalog.chr(9) || e.extversion from pg_catalog.pg_extension e order by e.extname
    ) as extensions,
    pg_catalog.current_setting('max_locks_per_transaction')::int8
        * (pg_catalog.current_setting('max_connections')::int8
            + pg_catalog.current_setting('max_prepared_transactions')::int8) as locks_total,
    (select pg_catalog.count(*) from pg_catalog.pg_locks) as locks_used
from pg_catalog.pg_roles r
where r.rolname = current_user
