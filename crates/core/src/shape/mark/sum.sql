-- The order of what is told does not matter. A schema whose name turns up as a word of its own where it does not qualify a name
-- has no mark. A row is there for a schema of which nothing is told, too.
select n.oid, case when pg_catalog.bool_or(w.named) is not true then
    coalesce(pg_catalog.sum(case when w.text is null then t.mark else pg_catalog.hashtextextended(w.text, t.mark) end), 0) end::pg_catalog.text
from tenant n
left join told t on t.ns = n.oid
left join lateral (
    select w.text, pg_catalog.strpos(w.text, n.name) > 0
        and (n.name !~ '^[a-z0-9_]+$' or w.text ~ ('\m' || n.name || '\M')) as named
    from (
        select case when pg_catalog.strpos(t.printed, n.prefix) = 0 and pg_catalog.strpos(n.prefix, '''') = 0 then t.printed else
            pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(t.printed,
                'nextval(''' || pg_catalog.replace(n.prefix, '''', ''''''), 'nextval('''),
                ' ' || n.prefix, ' ' || pg_catalog.chr(1)),
                '(' || n.prefix, '(' || pg_catalog.chr(1)),
                ':' || n.prefix, ':' || pg_catalog.chr(1)) end
    ) w (text)
) w on t.printed is not null
group by n.oid, n.name
