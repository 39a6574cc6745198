-- Whether this transaction may have changed something outside the tenant $1. Cheap, because every tenant pays for it: a sign
-- is looked into by boundary/relations.sql.
--
-- Signs are: a lock of a changing mode on a relation of another schema; the removal of an object that is no relation; an object
-- that has come into `public`, or was replaced there, since the transaction began; and a row of `public` itself, of one of its
-- functions or of one of its types that is as young: rights, owners and options are changed without a lock.
select (exists (
    select from pg_catalog.pg_lock_status() l
    left join pg_catalog.pg_class c on c.oid = l.relation
    where l.pid = pg_catalog.pg_backend_pid()
      and (l.locktype = 'object' and l.mode = 'AccessExclusiveLock'
           or l.mode not in ('AccessShareLock', 'RowShareLock')
              and c.relnamespace not in (11, 99, pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)))))
or exists (
    select from pg_catalog.pg_depend d
    where d.refclassid = 2615 and d.refobjid = pg_catalog.to_regnamespace('public')
      and pg_catalog.age(d.xmin) <= pg_catalog.age(pg_catalog.pg_current_xact_id()::xid))
or exists (
    select from pg_catalog.pg_namespace n
    where n.oid = pg_catalog.to_regnamespace('public')
      and pg_catalog.age(n.xmin) <= pg_catalog.age(pg_catalog.pg_current_xact_id()::xid))
or exists (
    select from pg_catalog.pg_depend d
    join pg_catalog.pg_proc p on p.oid = d.objid
    where d.refclassid = 2615 and d.refobjid = pg_catalog.to_regnamespace('public') and d.classid = 1255
      and pg_catalog.age(p.xmin) <= pg_catalog.age(pg_catalog.pg_current_xact_id()::xid))
or exists (
    select from pg_catalog.pg_depend d
    join pg_catalog.pg_type t on t.oid = d.objid
    where d.refclassid = 2615 and d.refobjid = pg_catalog.to_regnamespace('public') and d.classid = 1247
      and pg_catalog.age(t.xmin) <= pg_catalog.age(pg_catalog.pg_current_xact_id()::xid)))::text
