-- The entries of the registry as JSON, one text each, by schema; $1 asks for one schema, or for all where it is NULL. Dropped ones
-- aside: their name may be another tenant's by now.
select
    pg_catalog.json_build_object(
        'id', t.id,
        'schema', t.schema_name,
        'name', t.name,
        'state', t.state,
        'template', t.template,
        'role', t.role_name,
        'identity', pg_catalog.json_build_object(
            'kind', t.kind,
            'email', t.email,
            'phone', t.phone,
            'address', t.address,
            'postal_code', t.postal_code,
            'city', t.city,
            'primary_color', t.primary_color,
            'secondary_color', t.secondary_color,
            'notes', t.notes
        ),
        'domains', coalesce(
            (
                select pg_catalog.json_agg(
                    pg_catalog.json_build_object('domain', d.domain, 'primary', d.is_primary, 'active', d.active)
                    order by d.is_primary desc, d.domain collate "C"
                )
                from cadastre.domain d
                where d.tenant = t.id
            ),
            '[]'
        ),
        'modules', coalesce(
            (
                select pg_catalog.json_agg(
                    pg_catalog.json_build_object('module', m.module, 'enabled', m.enabled) order by m.module collate "C"
                )
                from cadastre.module m
                where m.tenant = t.id
            ),
            '[]'
        ),
        'quotas', pg_catalog.json_build_object('people', t.people_limit, 'storage_bytes', t.storage_limit),
        -- Whatever another program has put there is shown as text.
        'fields', coalesce(
            (
                select pg_catalog.json_object_agg(f.key, coalesce(f.value, ''))
                from pg_catalog.jsonb_each_text(t.fields) f
            ),
            '{}'
        ),
        'images', coalesce(
            (
                select pg_catalog.json_agg(
                    pg_catalog.json_build_object(
                        'usage', i.usage,
                        'media_type', i.media_type,
                        'bytes', pg_catalog.octet_length(i.content),
                        'sha256', pg_catalog.encode(pg_catalog.sha256(i.content), 'hex')
                    )
                    order by i.usage collate "C"
                )
                from cadastre.image i
                where i.tenant = t.id
            ),
            '[]'
        ),
        'revision', t.revision,
        'changed_at', pg_catalog.to_char(t.changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    )::text
from cadastre.tenant t
where t.state not in ('purged', 'quarantined') and ($1::pg_catalog.text is null or t.schema_name = $1)
order by t.schema_name collate "C"
