locked as materialized (
    -- Whoever changes the definition of an object locks it to the end of the transaction; an index stands for its table.
    select coalesce(i.indrelid, l.relation) as relation, l.classid, l.objid
    from pg_catalog.pg_lock_status() l
    left join pg_catalog.pg_index i on i.indexrelid = l.relation
    where l.pid = pg_catalog.pg_backend_pid() and l.locktype in ('relation', 'object')
        and l.mode not in ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')
), 
