-- Every index of these schemas ($1) with what tells whether it is needed. Operator classes, collations and order are numbers, which are
-- the same in every schema of a database; columns are numbers of the table's (indexed_tables.sql). The file is measured where nothing has
-- counted its pages yet, unless somebody holds or wants the index for himself alone: measuring takes a lock.
select
    i.indexrelid::int8 as oid,
    i.indrelid::int8 as table_oid,
    x.relname::text as name,
    x.relam::int8 as method,
    i.indkey::text as columns,
    i.indnkeyatts::int4 as keys,
    i.indclass::text as classes,
    i.indcollation::text as collations,
    i.indoption::text as options,
    case when i.indexprs is not null then pg_catalog.pg_get_expr(i.indexprs, i.indrelid) end as expressions,
    case when i.indpred is not null then pg_catalog.pg_get_expr(i.indpred, i.indrelid) end as condition,
    i.indisunique as is_unique,
    i.indisunique and coalesce((pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false) as nulls_not_distinct,
    i.indisprimary or i.indisexclusion or coalesce(r.own, false) as is_constraint,
    coalesce(r.target, false) as is_target,
    i.indisreplident as is_identity,
    i.indisvalid and i.indisready and i.indislive as is_valid,
    x.relispartition or x.relkind = 'I' as is_partition,
    pg_catalog.pg_stat_get_numscans(i.indexrelid) as scans,
    case
        when t.reltuples >= 0 or h.relation is not null then x.relpages::int8 * pg_catalog.current_setting('block_size')::int8
        else coalesce(pg_catalog.pg_relation_size(i.indexrelid), 0)
    end as bytes
from pg_catalog.unnest($1::int8[]) chosen (namespace)
join pg_catalog.pg_class x on x.relnamespace = chosen.namespace::oid and x.relkind in ('i', 'I')
join pg_catalog.pg_index i on i.indexrelid = x.oid
join pg_catalog.pg_class t on t.oid = i.indrelid
left join (
    select distinct l.relation
    from pg_catalog.pg_locks l
    where l.locktype = 'relation'
        and l.mode = 'AccessExclusiveLock'
        and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
) h on h.relation = i.indexrelid
left join (
    select c.conindid, pg_catalog.bool_or(c.contype = 'f') as target, pg_catalog.bool_or(c.contype <> 'f') as own
    from pg_catalog.pg_constraint c
    where c.conindid <> 0 and c.contype in ('p', 'u', 'x', 'f')
    group by c.conindid
) r on r.conindid = i.indexrelid
