-- The first query of an export: it takes the snapshot that all following ones share.
select
    pg_catalog.to_char(pg_catalog.statement_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as snapshot_time,
    pg_catalog.pg_current_snapshot()::text as snapshot,
    case
        when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn()
        when pg_catalog.has_function_privilege('pg_catalog.pg_current_wal_lsn()', 'EXECUTE')
            then pg_catalog.pg_current_wal_lsn()
    end::text as wal_position
