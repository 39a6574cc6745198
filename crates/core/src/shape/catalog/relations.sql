-- Tables, foreign tables, views and materialised views of the schemas $1.
select
    c.relnamespace::int8 as schema,
    c.oid::int8 as oid,
    case c.relkind
        when 'v' then 'view' when 'm' then 'materialized_view' when 'f' then 'foreign_table' else 'table'
    end as kind,
    null::text as parent,
    c.relname::text as name,
    null::text as arguments,
    case when c.relpersistence = 'u' then 'unlogged' end as persistence,
    case when c.reloptions is not null or t.reloptions is not null then (
        select pg_catalog.string_agg(o.name, ', ' order by o.name collate "C")
        from (
            select pg_catalog.unnest(c.reloptions)
            union all
            select 'toast.' || x from pg_catalog.unnest(t.reloptions) x
        ) o (name)
    ) end as options,
    case c.relreplident
        when 'n' then 'nothing'
        when 'f' then 'full'
        when 'i' then (
            select 'using index ' || pg_catalog.quote_ident(ic.relname)
            from pg_catalog.pg_index i
            join pg_catalog.pg_class ic on ic.oid = i.indexrelid
            where i.indrelid = c.oid and i.indisreplident
        )
    end as replica_identity,
    case
        when c.relrowsecurity and c.relforcerowsecurity then 'enabled, forced'
        when c.relrowsecurity then 'enabled'
        when c.relforcerowsecurity then 'forced'
    end as row_security,
    case when c.relkind = 'p' then pg_catalog.pg_get_partkeydef(c.oid) end as partition_key,
    case when c.relispartition then (
        select pg_catalog.format('%I.%I', n.nspname, p.relname)
        from pg_catalog.pg_inherits h
        join pg_catalog.pg_class p on p.oid = h.inhparent
        join pg_catalog.pg_namespace n on n.oid = p.relnamespace
        where h.inhrelid = c.oid
    ) end as partition_of,
    case when c.relispartition then pg_catalog.pg_get_expr(c.relpartbound, c.oid) end as partition_bound,
    case when c.relkind in ('r', 'f') and not c.relispartition then (
        select pg_catalog.string_agg(pg_catalog.format('%I.%I', n.nspname, p.relname), ', ' order by h.inhseqno)
        from pg_catalog.pg_inherits h
        join pg_catalog.pg_class p on p.oid = h.inhparent
        join pg_catalog.pg_namespace n on n.oid = p.relnamespace
        where h.inhrelid = c.oid
    ) end as inherits,
    case when c.reloftype <> 0 then pg_catalog.format_type(c.reloftype, null) end as of_type,
    case when c.relkind = 'f' then (
        select 'server ' || pg_catalog.quote_ident(s.srvname) || coalesce(
            ' options (' || (
                select pg_catalog.string_agg(
                    pg_catalog.quote_ident(o.option_name) || ' ' || pg_catalog.quote_literal(o.option_value), ', '
                    order by o.option_name collate "C")
                from pg_catalog.pg_options_to_table(f.ftoptions) o
            ) || ')', '')
        from pg_catalog.pg_foreign_table f
        join pg_catalog.pg_foreign_server s on s.oid = f.ftserver
        where f.ftrelid = c.oid
    ) end as server,
    case when c.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(c.oid) end as definition,
    d.description as comment,
    case when c.relacl is not null then (
        select pg_catalog.string_agg(pg_catalog.lower(a.privilege_type) || ' to '
            || case when a.grantee = 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end
            || case when a.is_grantable then ' with grant option' else '' end, '; '
            order by pg_catalog.pg_get_userbyid(a.grantee)::text collate "C", a.privilege_type collate "C")
        from pg_catalog.aclexplode(c.relacl) a
        where a.grantee <> c.relowner
    ) end as grants,
    pg_catalog.pg_get_userbyid(c.relowner)::text as owner
from pg_catalog.pg_class c
left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
left join pg_catalog.pg_description d
    on d.objoid = c.oid and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objsubid = 0
where c.oid = any (array(
        select n.objid from pg_catalog.pg_depend n
        where n.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and n.refobjid = any ($1::int8[]::oid[])
            and n.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and n.deptype = 'n'
    ))
    and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and c.relname <> '_sqlx_migrations'
    and c.oid not in (
        select e.objid from pg_catalog.pg_depend e
        where e.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
            and e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and e.deptype = 'e'
    )
