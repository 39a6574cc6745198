-- What the server has counted of the statements of this database, one line per role and text. Names of relations in a text are looked up by
-- the search_path of whoever ran it, so that one text stands for as many entries as there were schemas. Of the entries
-- of others the role may see no text and no number; these are summed up.
select
    s.userid::int8 as role,
    s.queryid is null as hidden,
    case when s.queryid is not null then pg_catalog.left(s.query, 10000) end as text,
    {toplevel} as top,
    pg_catalog.count(*)::int8 as entries,
    pg_catalog.sum(s.calls)::int8 as calls,
    pg_catalog.sum(s.total_exec_time)::float8 as total_ms,
    pg_catalog.max(s.max_exec_time)::float8 as max_ms,
    pg_catalog.sum(s.rows)::int8 as rows,
    pg_catalog.sum(s.shared_blks_hit)::int8 as hit,
    pg_catalog.sum(s.shared_blks_read)::int8 as read,
    pg_catalog.sum(s.temp_blks_written)::int8 as temp
from {statements} s
where s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
group by 1, 2, 3, 4
order by total_ms desc
limit 20000
