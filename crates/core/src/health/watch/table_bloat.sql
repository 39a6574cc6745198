-- What tables ($1) would measure if their rows stood side by side: from the widths that ANALYZE has noted. Without them for every
-- column, or the right to read them, there is no estimate. After ioguix/pgsql-bloat-estimation.
with wanted as (
    select
        c.oid,
        c.relname,
        n.nspname,
        c.reltuples,
        c.relpages * pg_catalog.current_setting('block_size')::int8 as bytes,
        coalesce((
            select o.option_value::float8
            from pg_catalog.pg_options_to_table(c.reloptions) o
            where o.option_name = 'fillfactor'
        ), 100) as fill
    from pg_catalog.unnest($1::int8[]) w (oid)
    join pg_catalog.pg_class c on c.oid = w.oid::oid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
),
widths as (
    select
        w.oid,
        w.bytes,
        w.reltuples,
        w.fill,
        a.columns,
        a.has_name,
        s.known,
        s.width,
        23 + case when s.has_null then (7 + a.columns) / 8 else 0 end as header
    from wanted w
    cross join lateral (
        select pg_catalog.count(*) as columns, pg_catalog.bool_or(a.atttypid = 'pg_catalog.name'::pg_catalog.regtype) as has_name
        from pg_catalog.pg_attribute a
        where a.attrelid = w.oid and a.attnum > 0 and not a.attisdropped
    ) a
    cross join lateral (
        select
            pg_catalog.count(*) as known,
            pg_catalog.sum((1 - s.null_frac) * s.avg_width) as width,
            pg_catalog.bool_or(s.null_frac > 0) as has_null
        from pg_catalog.pg_stats s
        where s.schemaname = w.nspname and s.tablename = w.relname and not s.inherited
    ) s
),
page as (
    select pg_catalog.current_setting('block_size')::float8 as size
)
select
    w.oid::int8 as oid,
    w.bytes,
    case
        when w.known = w.columns and w.columns > 0 and not w.has_name and w.reltuples >= 0 then
            greatest(0, w.bytes - p.size * pg_catalog.ceil(
                w.reltuples / greatest(1, pg_catalog.floor(
                    (p.size - 24) * w.fill / 100 / (4 + 8 * pg_catalog.ceil(w.header / 8.0) + 8 * pg_catalog.ceil(w.width / 8.0))
                ))
            ))::int8
    end as bloat_bytes
from widths w
cross join page p
