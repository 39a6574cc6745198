-- What this transaction has dropped, also what it had made itself: the locks are still there, the rows are not. Classes as in
-- pg_depend.
select l.class, l.oid
from (
    select case l.locktype when 'relation' then 1259 else l.classid::int8 end as class,
        case l.locktype when 'relation' then l.relation::int8 else l.objid::int8 end as oid
    from pg_catalog.pg_lock_status() l
    where l.pid = pg_catalog.pg_backend_pid() and l.mode = 'AccessExclusiveLock' and l.locktype in ('relation', 'object')
) l
where case l.class
    when 1259 then not exists (select from pg_catalog.pg_class c where c.oid = l.oid::oid)
    when 1255 then not exists (select from pg_catalog.pg_proc p where p.oid = l.oid::oid)
    when 1247 then not exists (select from pg_catalog.pg_type t where t.oid = l.oid::oid)
    when 2615 then not exists (select from pg_catalog.pg_namespace n where n.oid = l.oid::oid)
    else false
end
