-- What a plan is made from: the schema ($1) and everything in it that has rows or shows them. Two rows of the same text are the
-- same state.
select coalesce(
    pg_catalog.md5(pg_catalog.string_agg(
        c.oid::text || ' ' || c.relname || ' ' || c.relkind::text || ' ' || c.relowner::text || ' ' || c.relnatts::text, E'\n' order by c.oid
    )),
    ''
)
from pg_catalog.pg_class c
where c.relnamespace = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
