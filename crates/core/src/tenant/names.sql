-- For each name: a schema that has it, whatever the case, and whether it is a reserved word.
select
    (
        select n.nspname::text
        from pg_catalog.pg_namespace n
        where pg_catalog.lower(n.nspname) = pg_catalog.lower(x.name)
        limit 1
    ) as existing,
    exists (
        select from pg_catalog.pg_get_keywords() k
        where k.word = pg_catalog.lower(x.name) and k.catcode in ('R', 'T')
    ) as keyword
from pg_catalog.unnest($1::pg_catalog.text[]) with ordinality as x (name, place)
order by x.place
