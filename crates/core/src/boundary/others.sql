-- Functions, types and schemas outside {schema} (a literal) with a row that this transaction has written: a row that can be seen
-- while its transaction is still under way is our own, also where a savepoint wrote it. Null where there are none.
select pg_catalog.string_agg(o.name, ', ' order by o.name)
from (
    select pg_catalog.format('%I.%I', n.nspname, p.proname) as name, p.xmin as by
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where n.nspname <> {schema}
    union all
    select pg_catalog.format('%I.%I', n.nspname, t.typname), t.xmin
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    where n.nspname not in ({schema}, 'pg_toast') and n.nspname !~ '^pg_(temp|toast_temp)_' and t.typelem = 0 and t.typrelid = 0
    union all
    select pg_catalog.format('schema %I', n.nspname), n.xmin
    from pg_catalog.pg_namespace n where n.nspname <> {schema} and n.nspname !~ '^pg_(temp|toast_temp)_'
) o
cross join (select pg_catalog.pg_current_xact_id()::text::numeric as number) own
where o.by::text::int8 > 2 and pg_catalog.age(o.by) <= pg_catalog.age(((own.number % 4294967296)::text)::xid)
  -- The whole number of the transaction: those that began after ours may be in the next 2^32.
  and pg_catalog.pg_xact_status((o.by::text::numeric + 4294967296
        * (pg_catalog.div(own.number, 4294967296) + case when o.by::text::numeric < own.number % 4294967296 then 1 else 0 end))::text::xid8)
      = 'in progress'
