-- In how many schemas ($1) which framework notes its migrations. Rails and Ecto call that table the same; Ecto's says when.
select
    c.relname::text as name,
    exists (
        select from pg_catalog.pg_attribute a
        where a.attrelid = c.oid and a.attname = 'inserted_at' and not a.attisdropped
    ) as ecto,
    pg_catalog.count(*)::int4 as schemas
from pg_catalog.pg_class c
where c.relname = any ($2::text[])
    and c.relkind in ('r', 'p')
    and c.relnamespace = any ($1::int8[]::oid[])
group by 1, 2
order by schemas desc, name
