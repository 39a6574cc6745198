-- One line per object of all schemas but the system's: its number, its place, its owner, its rights, how it is printed, what it needs.
select line from (
    select 'class ' || c.oid || ' ' || n.nspname || '.' || c.relname || ' ' || c.relkind::text || ' ' || c.relowner || ' ' || coalesce(c.relacl::text, '')
        || ' ' || coalesce(pg_catalog.pg_get_viewdef(case when c.relkind in ('v', 'm') then c.oid end), '')
        || ' ' || coalesce(pg_catalog.pg_get_indexdef(case when c.relkind in ('i', 'I') then c.oid end), '')
        || ' ' || coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') as line
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid >= 16384 and n.nspname !~ '^pg_'
    union all
    select 'type ' || t.oid || ' ' || n.nspname || '.' || t.typname || ' ' || t.typowner || ' ' || coalesce(t.typacl::text, '')
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace where t.oid >= 16384 and n.nspname !~ '^pg_'
    union all
    select 'routine ' || p.oid || ' ' || n.nspname || ' ' || case when p.prokind = 'a' then p.proname else pg_catalog.pg_get_functiondef(p.oid) end
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where p.oid >= 16384
    union all
    select 'constraint ' || k.oid || ' ' || n.nspname || '.' || k.conname || ' ' || pg_catalog.pg_get_constraintdef(k.oid)
    from pg_catalog.pg_constraint k join pg_catalog.pg_namespace n on n.oid = k.connamespace where k.oid >= 16384
    union all
    select 'default ' || a.oid || ' ' || pg_catalog.pg_get_expr(a.adbin, a.adrelid) from pg_catalog.pg_attrdef a
    union all
    select 'trigger ' || g.oid || ' ' || pg_catalog.pg_get_triggerdef(g.oid) from pg_catalog.pg_trigger g
    union all
    select 'policy ' || y.oid || ' ' || y.polname || ' ' || coalesce(pg_catalog.pg_get_expr(y.polqual, y.polrelid), '') from pg_catalog.pg_policy y
    union all
    select 'rule ' || w.oid || ' ' || pg_catalog.pg_get_ruledef(w.oid) from pg_catalog.pg_rewrite w where w.oid >= 16384
    union all
    select 'statistics ' || s.oid || ' ' || pg_catalog.pg_get_statisticsobjdef(s.oid) from pg_catalog.pg_statistic_ext s
    union all
    select 'depends ' || d.classid || ' ' || d.objid || ' ' || d.objsubid || ' ' || d.refclassid || ' ' || d.refobjid || ' ' || d.refobjsubid || ' ' || d.deptype::text
    from pg_catalog.pg_depend d where d.objid >= 16384
) lines
order by line
