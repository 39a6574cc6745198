-- Foreign keys of the tables in the schemas in $1 (OIDs) that the server does not vouch for: never checked against older rows, or whose
-- triggers are switched off; all of them with $2.
select
    k.conname::text as name,
    t.relnamespace as namespace,
    tn.nspname::text as schema,
    t.relname::text as "table",
    t.relkind::text as kind,
    pn.nspname::text as parent_schema,
    p.relname::text as parent,
    p.relkind::text as parent_kind,
    k.convalidated as validated,
    x.disabled,
    k.confmatchtype = 'f' as match_full,
    coalesce(pg_catalog.to_jsonb(k) ->> 'conperiod', 'false') = 'true' as period,
    coalesce(pg_catalog.to_jsonb(k) ->> 'conenforced', 'true') = 'true' as enforced,
    array(
        select a.attname::text
        from pg_catalog.unnest(k.conkey) with ordinality u (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number
        order by u.place
    ) as columns,
    array(
        select a.attname::text
        from pg_catalog.unnest(k.confkey) with ordinality u (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number
        order by u.place
    ) as parent_columns,
    -- With an empty search path a bare = would not find the operators of extensions.
    array(
        select n.nspname::text
        from pg_catalog.unnest(k.conpfeqop) with ordinality u (operator, place)
        join pg_catalog.pg_operator o on o.oid = u.operator
        join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
        order by u.place
    ) as operator_schemas,
    array(
        select o.oprname::text
        from pg_catalog.unnest(k.conpfeqop) with ordinality u (operator, place)
        join pg_catalog.pg_operator o on o.oid = u.operator
        order by u.place
    ) as operators
from pg_catalog.pg_constraint k
join pg_catalog.pg_class t on t.oid = k.conrelid
join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
join pg_catalog.pg_class p on p.oid = k.confrelid
join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
cross join lateral (
    select exists (
        select from pg_catalog.pg_trigger g where g.tgconstraint = k.oid and g.tgenabled in ('D', 'R')
    ) as disabled
) x
where k.contype = 'f' and k.conparentid = 0 and t.relnamespace = any ($1)
    and ($2 or not k.convalidated or x.disabled)
order by t.relnamespace, t.relname collate "C", k.conname collate "C"
