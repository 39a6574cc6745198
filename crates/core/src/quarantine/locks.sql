-- Locks that fit into the server's table, and those that are in it now.
select
    pg_catalog.current_setting('max_locks_per_transaction')::int8
        * (pg_catalog.current_setting('max_connections')::int8
            + pg_catalog.current_setting('max_prepared_transactions')::int8) as total,
    (select pg_catalog.count(*) from pg_catalog.pg_locks l where not l.fastpath) as used
