-- What in schema $1 can be moved by itself, one row each: tables, views, sequences of their own, types, routines, extended statistics.
-- Indexes, constraints, triggers, row types and sequences that belong to a column go with their table.
with of_extension as (
    select d.classid, d.objid
    from pg_catalog.pg_depend d
    where d.refclassid = 3079 and d.deptype = 'e' and d.objsubid = 0
),
unit as (
    select 1259 as class, c.oid, c.relname::text as name, null::text as arguments, c.relowner as owner,
        case c.relkind when 'p' then 'partitioned_table' when 'f' then 'foreign_table' when 'v' then 'view'
            when 'm' then 'materialized_view' when 'S' then 'sequence' else 'table' end as kind,
        case when c.relispartition then (select i.inhparent from pg_catalog.pg_inherits i where i.inhrelid = c.oid) end as parent,
        case
            when c.relkind not in ('r', 'm') then 0
            when pg_catalog.pg_stat_get_live_tuples(c.oid) > 0 then pg_catalog.pg_stat_get_live_tuples(c.oid)
            else greatest(c.reltuples, 0)::int8
        end as rows,
        case when c.relkind in ('r', 'm') then c.relpages::int8 * pg_catalog.current_setting('block_size')::int8 else 0 end as bytes,
        c.relrowsecurity as row_security
    from pg_catalog.pg_class c
    where c.relnamespace = $1::int8::oid and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
        and not (c.relkind = 'S' and exists (
            select from pg_catalog.pg_depend d
            where d.classid = 1259 and d.objid = c.oid and d.objsubid = 0 and d.refclassid = 1259 and d.deptype in ('a', 'i')
        ))
    union all
    select 1247, t.oid, t.typname::text, null, t.typowner, case t.typtype when 'd' then 'domain' else 'type' end, null, 0, 0, false
    from pg_catalog.pg_type t
    left join pg_catalog.pg_class c on c.oid = t.typrelid
    where t.typnamespace = $1::int8::oid and (t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and c.relkind = 'c'))
    union all
    select 1255, p.oid, p.proname::text, pg_catalog.pg_get_function_identity_arguments(p.oid), p.proowner, 'routine', null, 0, 0, false
    from pg_catalog.pg_proc p
    where p.pronamespace = $1::int8::oid
    union all
    select 3381, s.oid, s.stxname::text, null, s.stxowner, 'statistics', null, 0, 0, false
    from pg_catalog.pg_statistic_ext s
    where s.stxnamespace = $1::int8::oid
)
select u.class, u.oid::int8 as oid, u.name, u.arguments, u.kind, u.owner::int8 as owner, pg_catalog.pg_get_userbyid(u.owner)::text as owner_name,
    pg_catalog.pg_has_role(u.owner, 'USAGE') as own, u.parent::int8 as parent, u.rows, u.bytes, u.row_security,
    (select m.typname::text from pg_catalog.pg_range r join pg_catalog.pg_type m on m.oid = r.rngmultitypid where u.class = 1247 and r.rngtypid = u.oid) as multirange,
    x.objid is not null as of_extension, pg_catalog.quote_ident(n.nspname) as schema
from unit u
join pg_catalog.pg_namespace n on n.oid = $1::int8::oid
left join of_extension x on x.classid = u.class and x.objid = u.oid
order by u.class, u.name collate "C", u.arguments collate "C"
