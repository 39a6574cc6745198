-- Changes of the entry of one schema ($1), newest first, $2 at most; what differs as a JSON array of [field, before, after].
select
    c.number,
    pg_catalog.to_char(c.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
    pg_catalog.concat_ws(
        ' ', c.object, coalesce(c.after, c.before) ->> 'domain', coalesce(c.after, c.before) ->> 'module', coalesce(c.after, c.before) ->> 'usage'
    ) as object,
    c.role,
    c.person,
    coalesce(
        (
            select pg_catalog.json_agg(pg_catalog.json_build_array(k.key, c.before ->> k.key, c.after ->> k.key) order by k.key)
            from pg_catalog.jsonb_object_keys(coalesce(c.before, '{}') || coalesce(c.after, '{}')) k (key)
            where c.before ->> k.key is distinct from c.after ->> k.key
                and k.key <> all (array['id', 'tenant', 'revision', 'changed_at', 'created_at'])
        ),
        '[]'
    )::text as changes
from cadastre.change c
where c.tenant = (select t.id from cadastre.tenant t where t.schema_name = $1 and t.state not in ('purged', 'quarantined'))
order by c.number desc
limit $2
