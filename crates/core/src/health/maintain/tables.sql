-- Tables of the schemas in $1 (OIDs), partitions and materialized views included, with what tells whether they need maintenance.
-- $2: the server knows the privilege $3 (MAINTAIN, from 17 on); $4: REINDEX, for which owning the database is not enough.
with locked as (
    -- Measuring a file waits for whoever has its table to itself.
    select distinct l.relation
    from pg_catalog.pg_locks l
    where l.locktype = 'relation' and l.granted and l.mode = 'AccessExclusiveLock' and l.pid <> pg_catalog.pg_backend_pid()
        and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
)
select
    c.oid,
    c.relnamespace as namespace,
    c.relname::text as name,
    c.relkind::text as kind,
    case
        when c.relispartition then array(
            select a.relname::text
            from pg_catalog.pg_partition_ancestors(c.oid::pg_catalog.regclass) t
            join pg_catalog.pg_class a on a.oid = t.relid
            where a.oid <> c.oid
        )
        else '{}'
    end as ancestors,
    pg_catalog.pg_get_userbyid(c.relowner)::text as owner,
    case
        when not $4 and pg_catalog.pg_has_role(d.datdba, 'USAGE') then true
        when $2 then pg_catalog.has_table_privilege(c.oid, $3)
        else pg_catalog.pg_has_role(c.relowner, 'USAGE')
    end as permitted,
    case
        when pg_catalog.pg_stat_get_live_tuples(c.oid) > 0 then pg_catalog.pg_stat_get_live_tuples(c.oid)
        else greatest(c.reltuples, 0)::int8
    end as rows,
    pg_catalog.pg_stat_get_dead_tuples(c.oid) as dead_rows,
    pg_catalog.pg_stat_get_mod_since_analyze(c.oid) as changed_rows,
    case when c.relkind = 'p' or l.relation is not null then null else pg_catalog.pg_table_size(c.oid) end as size_bytes,
    case when c.relkind = 'p' or l.relation is not null then null else pg_catalog.pg_indexes_size(c.oid) end as index_bytes,
    case when c.relkind = 'p' then 0 else pg_catalog.age(c.relfrozenxid)::int8 end as frozen_age,
    (extract(epoch from pg_catalog.pg_stat_get_last_vacuum_time(c.oid)) * 1000000)::int8 as vacuumed,
    (extract(epoch from pg_catalog.pg_stat_get_last_analyze_time(c.oid)) * 1000000)::int8 as analyzed,
    pg_catalog.to_char(
        greatest(pg_catalog.pg_stat_get_last_vacuum_time(c.oid), pg_catalog.pg_stat_get_last_autovacuum_time(c.oid))
            at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
    ) as last_vacuum,
    pg_catalog.to_char(
        greatest(pg_catalog.pg_stat_get_last_analyze_time(c.oid), pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid))
            at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
    ) as last_analyze,
    (extract(epoch from pg_catalog.clock_timestamp()) * 1000000)::int8 as now
from pg_catalog.pg_class c
cross join pg_catalog.pg_database d
left join locked l on l.relation = c.oid
where c.relnamespace = any ($1) and c.relkind in ('r', 'm', 'p') and c.relpersistence <> 't'
    and d.datname = pg_catalog.current_database()
order by c.relnamespace, c.relname collate "C"
