-- One line per object that a test could have changed, in a fixed order.
select line from (
    select 'schema ' || n.oid || ' ' || n.nspname || ' ' || coalesce(n.nspacl::text, '') || ' '
        || coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'), '') as line
    from pg_catalog.pg_namespace n
    where n.nspname !~ '^pg_(temp|toast_temp)_'
    union all
    select 'relation ' || c.oid || ' ' || c.relnamespace::pg_catalog.regnamespace || ' ' || c.relname || ' ' || c.relkind::text
    from pg_catalog.pg_class c
    where c.relnamespace <> 'pg_catalog'::pg_catalog.regnamespace
        and c.relnamespace <> 'pg_toast'::pg_catalog.regnamespace
    union all
    select 'column ' || a.attrelid || ' ' || a.attnum || ' ' || a.attname || ' ' || a.atttypid || ' ' || a.attisdropped
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid
    where a.attnum > 0 and c.relkind in ('r', 'p', 'v', 'm')
        and c.relnamespace <> 'pg_catalog'::pg_catalog.regnamespace
    union all
    select 'history ' || c.oid || ' '
        || pg_catalog.query_to_xml('select * from ' || c.oid::pg_catalog.regclass || ' order by 1', true, false, '')::text
    from pg_catalog.pg_class c
    where c.relname = '_sqlx_migrations' and c.relkind = 'r'
) lines
order by line
