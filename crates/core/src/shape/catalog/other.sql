-- What schemas hold besides: named, and where one statement or a few make it, described. The beginning of a query.
--
-- A cast has no schema: it belongs where its types are.
with other (schema, oid, classid, name, sort, definition) as (
    select x.schema, x.oid, x.classid, x.name, x.sort,
        -- The comment on one line, as a statement of its own.
        x.definition || coalesce((
            select e';\ncomment on ' || case x.sort
                    when 'operator' then 'operator ' || x.oid::pg_catalog.regoperator::pg_catalog.text
                    when 'cast' then 'cast ' || x.name
                    else x.sort || ' ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(x.name)
                end || ' is E''' || pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(
                    d.description, e'\\', e'\\\\'), '''', ''''''), e'\n', e'\\n') || ''''
            from pg_catalog.pg_description d
            join pg_catalog.pg_namespace n on n.oid = x.schema
            where d.classoid = x.classid and d.objoid = x.oid and d.objsubid = 0
        ), '')
    from (
        select o.oprnamespace, o.oid, 'pg_catalog.pg_operator'::pg_catalog.regclass, o.oprname || ' ('
                || case when o.oprleft = 0 then '' else pg_catalog.format_type(o.oprleft, null) || ', ' end
                || pg_catalog.format_type(o.oprright, null) || ')', 'operator',
            'create operator ' || pg_catalog.quote_ident(n.nspname) || '.' || o.oprname
                || ' (function = ' || o.oprcode::pg_catalog.text
                || case when o.oprleft = 0 then '' else ', leftarg = ' || pg_catalog.format_type(o.oprleft, null) end
                || ', rightarg = ' || pg_catalog.format_type(o.oprright, null)
                || coalesce(', commutator = operator(' || pg_catalog.quote_ident(cn.nspname) || '.' || c.oprname || ')', '')
                || coalesce(', negator = operator(' || pg_catalog.quote_ident(gn.nspname) || '.' || g.oprname || ')', '')
                || case when o.oprrest::pg_catalog.oid <> 0 then ', restrict = ' || o.oprrest::pg_catalog.text else '' end
                || case when o.oprjoin::pg_catalog.oid <> 0 then ', join = ' || o.oprjoin::pg_catalog.text else '' end
                || case when o.oprcanhash then ', hashes' else '' end
                || case when o.oprcanmerge then ', merges' else '' end || ')'
        from pg_catalog.pg_operator o
        join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
        left join pg_catalog.pg_operator c on c.oid = o.oprcom and c.oprcode::pg_catalog.oid <> 0
        left join pg_catalog.pg_namespace cn on cn.oid = c.oprnamespace
        left join pg_catalog.pg_operator g on g.oid = o.oprnegate and g.oprcode::pg_catalog.oid <> 0
        left join pg_catalog.pg_namespace gn on gn.oid = g.oprnamespace
        -- One that another operator names, and that nobody has made, is none.
        where o.oprcode::pg_catalog.oid <> 0
        union all
        select distinct y.typnamespace, k.oid, 'pg_catalog.pg_cast'::pg_catalog.regclass,
            '(' || pg_catalog.format_type(k.castsource, null) || ' as ' || pg_catalog.format_type(k.casttarget, null) || ')',
            'cast',
            'create cast (' || pg_catalog.format_type(k.castsource, null) || ' as '
                || pg_catalog.format_type(k.casttarget, null) || ') '
                || case k.castmethod
                    when 'f' then 'with function ' || k.castfunc::pg_catalog.regprocedure::pg_catalog.text
                    when 'i' then 'with inout'
                    else 'without function'
                end || case k.castcontext when 'i' then ' as implicit' when 'a' then ' as assignment' else '' end
        from pg_catalog.pg_cast k
        join pg_catalog.pg_type y on y.oid in (k.castsource, k.casttarget)
        where k.oid >= 16384
        union all
        select c.collnamespace, c.oid, 'pg_catalog.pg_collation'::pg_catalog.regclass, c.collname::pg_catalog.text,
            'collation',
            'create collation ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.collname)
                || ' (provider = ' || case c.collprovider when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end
                || case c.collprovider
                    -- The column has had three names.
                    when 'c' then ', lc_collate = ' || pg_catalog.quote_literal(c.collcollate)
                        || ', lc_ctype = ' || pg_catalog.quote_literal(c.collctype)
                    else ', locale = ' || pg_catalog.quote_literal(coalesce(
                        pg_catalog.to_jsonb(c) ->> 'colllocale', pg_catalog.to_jsonb(c) ->> 'colliculocale', c.collcollate))
                end
                || coalesce(', rules = ' || pg_catalog.quote_literal(pg_catalog.to_jsonb(c) ->> 'collicurules'), '')
                || case when c.collisdeterministic then '' else ', deterministic = false' end || ')'
        from pg_catalog.pg_collation c
        join pg_catalog.pg_namespace n on n.oid = c.collnamespace
        where c.oid >= 16384
        union all
        select d.dictnamespace, d.oid, 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, d.dictname::pg_catalog.text,
            'text search dictionary',
            'create text search dictionary ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(d.dictname)
                || ' (template = ' || pg_catalog.quote_ident(tn.nspname) || '.' || pg_catalog.quote_ident(t.tmplname)
                || coalesce(', ' || d.dictinitoption, '') || ')'
        from pg_catalog.pg_ts_dict d
        join pg_catalog.pg_namespace n on n.oid = d.dictnamespace
        join pg_catalog.pg_ts_template t on t.oid = d.dicttemplate
        join pg_catalog.pg_namespace tn on tn.oid = t.tmplnamespace
        where d.oid >= 16384
        union all
        -- The words of its parser have their dictionaries in statements of their own.
        select f.cfgnamespace, f.oid, 'pg_catalog.pg_ts_config'::pg_catalog.regclass, f.cfgname::pg_catalog.text,
            'text search configuration',
            'create text search configuration ' || pg_catalog.quote_ident(n.nspname) || '.'
                || pg_catalog.quote_ident(f.cfgname) || ' (parser = ' || pg_catalog.quote_ident(pn.nspname) || '.'
                || pg_catalog.quote_ident(p.prsname) || ')' || coalesce((
                    select pg_catalog.string_agg(e';\nalter text search configuration ' || pg_catalog.quote_ident(n.nspname)
                        || '.' || pg_catalog.quote_ident(f.cfgname) || ' add mapping for ' || pg_catalog.quote_ident(m.alias)
                        || ' with ' || m.dictionaries, '' order by m.alias collate "C")
                    from (
                        select k.alias, pg_catalog.string_agg(pg_catalog.quote_ident(dn.nspname) || '.'
                            || pg_catalog.quote_ident(d.dictname), ', ' order by a.mapseqno) as dictionaries
                        from pg_catalog.pg_ts_config_map a
                        join pg_catalog.ts_token_type(f.cfgparser) k on k.tokid = a.maptokentype
                        join pg_catalog.pg_ts_dict d on d.oid = a.mapdict
                        join pg_catalog.pg_namespace dn on dn.oid = d.dictnamespace
                        where a.mapcfg = f.oid
                        group by k.alias
                    ) m
                ), '')
        from pg_catalog.pg_ts_config f
        join pg_catalog.pg_namespace n on n.oid = f.cfgnamespace
        join pg_catalog.pg_ts_parser p on p.oid = f.cfgparser
        join pg_catalog.pg_namespace pn on pn.oid = p.prsnamespace
        where f.oid >= 16384
        union all
        -- Types that are made of functions in C, and those that are only announced.
        select t.typnamespace, t.oid, 'pg_catalog.pg_type'::pg_catalog.regclass, t.typname::pg_catalog.text, 'type', null
        from pg_catalog.pg_type t
        where t.oid >= 16384 and (t.typtype = 'b' or (t.typtype = 'p' and not t.typisdefined))
            and not exists (select from pg_catalog.pg_type e where e.typarray = t.oid)
        union all
        select opcnamespace, oid, 'pg_catalog.pg_opclass'::pg_catalog.regclass, opcname::pg_catalog.text, 'operator class', null
        from pg_catalog.pg_opclass
        union all
        select opfnamespace, oid, 'pg_catalog.pg_opfamily'::pg_catalog.regclass, opfname::pg_catalog.text, 'operator family', null
        from pg_catalog.pg_opfamily
        union all
        select connamespace, oid, 'pg_catalog.pg_conversion'::pg_catalog.regclass, conname::pg_catalog.text, 'conversion', null
        from pg_catalog.pg_conversion
        union all
        select prsnamespace, oid, 'pg_catalog.pg_ts_parser'::pg_catalog.regclass, prsname::pg_catalog.text,
            'text search parser', null
        from pg_catalog.pg_ts_parser
        union all
        select tmplnamespace, oid, 'pg_catalog.pg_ts_template'::pg_catalog.regclass, tmplname::pg_catalog.text,
            'text search template', null
        from pg_catalog.pg_ts_template
    ) x (schema, oid, classid, name, sort, definition)
    where x.oid >= 16384 and not exists (
        select from pg_catalog.pg_depend e where e.classid = x.classid and e.objid = x.oid
            -- A range is cast to its multirange by what makes the type.
            and (e.deptype = 'e' or (e.deptype = 'i' and x.sort = 'cast'))
    )
)
