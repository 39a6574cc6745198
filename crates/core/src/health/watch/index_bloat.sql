-- The same of B-tree indexes ($1). The server keeps equal keys together, so that an index can be smaller than this says; less than
-- nothing is nothing.
with wanted as (
    select
        i.indexrelid as oid,
        i.indrelid,
        i.indkey::int2[] as numbers,
        i.indnatts as columns,
        x.relname,
        x.reltuples,
        t.relname as table_name,
        n.nspname,
        x.relpages * pg_catalog.current_setting('block_size')::int8 as bytes,
        coalesce((
            select o.option_value::float8
            from pg_catalog.pg_options_to_table(x.reloptions) o
            where o.option_name = 'fillfactor'
        ), 90) as fill
    from pg_catalog.unnest($1::int8[]) w (oid)
    join pg_catalog.pg_index i on i.indexrelid = w.oid::oid
    join pg_catalog.pg_class x on x.oid = i.indexrelid
    join pg_catalog.pg_class t on t.oid = i.indrelid
    join pg_catalog.pg_namespace n on n.oid = x.relnamespace
),
attribute as (
    select
        w.oid,
        w.nspname,
        case when k.number = 0 then w.relname else w.table_name end as relname,
        a.attname
    from wanted w
    cross join lateral pg_catalog.unnest(w.numbers) with ordinality k (number, place)
    join pg_catalog.pg_attribute a
        on a.attrelid = case when k.number = 0 then w.oid else w.indrelid end
        and a.attnum = case when k.number = 0 then k.place else k.number end
),
width as (
    select
        a.oid,
        pg_catalog.count(*) as known,
        pg_catalog.sum((1 - s.null_frac) * s.avg_width) as width,
        case when pg_catalog.bool_or(s.null_frac > 0) then 12 else 8 end as header
    from attribute a
    cross join lateral (
        select s.null_frac, s.avg_width
        from pg_catalog.pg_stats s
        where s.schemaname = a.nspname and s.tablename = a.relname and s.attname = a.attname and not s.inherited
    ) s
    group by a.oid
),
page as (
    select pg_catalog.current_setting('block_size')::float8 as size
)
select
    w.oid::int8 as oid,
    w.bytes,
    case
        when s.known = w.columns and w.reltuples >= 0 then
            greatest(0, w.bytes - p.size * (1 + pg_catalog.ceil(
                w.reltuples / greatest(1, pg_catalog.floor(
                    (p.size - 40) * w.fill / 100 / (4 + 8 * pg_catalog.ceil(s.header / 8.0) + 8 * pg_catalog.ceil(s.width / 8.0))
                ))
            )))::int8
    end as bloat_bytes
from wanted w
cross join page p
left join width s on s.oid = w.oid
