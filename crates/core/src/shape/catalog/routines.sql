-- Functions, procedures and aggregates of the schemas $1.
select
    p.pronamespace::int8 as schema,
    p.oid::int8 as oid,
    case p.prokind when 'a' then 'aggregate' when 'p' then 'procedure' else 'function' end as kind,
    null::text as parent,
    p.proname::text as name,
    pg_catalog.pg_get_function_identity_arguments(p.oid) as arguments,
    case when p.prokind <> 'a' then pg_catalog.pg_get_functiondef(p.oid)
    else (
        select 'sfunc = ' || a.aggtransfn::text
            || ', stype = ' || pg_catalog.format_type(a.aggtranstype, null)
            || case when a.aggtransspace <> 0 then ', sspace = ' || a.aggtransspace::text else '' end
            || case when a.aggfinalfn::oid <> 0 then ', finalfunc = ' || a.aggfinalfn::text else '' end
            || case when a.aggfinalextra then ', finalfunc_extra' else '' end
            || case when a.aggcombinefn::oid <> 0 then ', combinefunc = ' || a.aggcombinefn::text else '' end
            || case when a.aggserialfn::oid <> 0 then ', serialfunc = ' || a.aggserialfn::text else '' end
            || case when a.aggdeserialfn::oid <> 0 then ', deserialfunc = ' || a.aggdeserialfn::text else '' end
            || case when a.agginitval is not null then ', initcond = ' || pg_catalog.quote_literal(a.agginitval) else '' end
            || case when a.aggmtransfn::oid <> 0 then ', msfunc = ' || a.aggmtransfn::text
                || ', minvfunc = ' || a.aggminvtransfn::text
                || ', mstype = ' || pg_catalog.format_type(a.aggmtranstype, null)
                || case when a.aggmfinalfn::oid <> 0 then ', mfinalfunc = ' || a.aggmfinalfn::text else '' end
                || case when a.aggminitval is not null
                    then ', minitcond = ' || pg_catalog.quote_literal(a.aggminitval) else '' end
                else '' end
            || case when a.aggsortop <> 0 then ', sortop = operator(' || (
                select pg_catalog.quote_ident(n.nspname) || '.' || o.oprname
                from pg_catalog.pg_operator o
                join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
                where o.oid = a.aggsortop
            ) || ')' else '' end
            || case p.proparallel when 's' then ', parallel = safe' when 'r' then ', parallel = restricted' else '' end
            || case when a.aggkind = 'h' then ', hypothetical' else '' end
        from pg_catalog.pg_aggregate a
        where a.aggfnoid = p.oid
    ) end as definition,
    case when p.prokind <> 'a' and p.prosqlbody is null then p.prosrc end as body,
    l.lanname::text as language,
    pg_catalog.pg_get_function_arguments(p.oid) || ' -> ' || coalesce(pg_catalog.pg_get_function_result(p.oid), '') as result,
    d.description as comment,
    case when p.proacl is not null then (
        select pg_catalog.string_agg(pg_catalog.lower(a.privilege_type) || ' to '
            || case when a.grantee = 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end
            || case when a.is_grantable then ' with grant option' else '' end, '; '
            order by pg_catalog.pg_get_userbyid(a.grantee)::text collate "C", a.privilege_type collate "C")
        from pg_catalog.aclexplode(p.proacl) a
        where a.grantee <> p.proowner
    ) else 'execute to public' end as grants,
    pg_catalog.pg_get_userbyid(p.proowner)::text as owner
from pg_catalog.pg_proc p
join pg_catalog.pg_language l on l.oid = p.prolang
left join pg_catalog.pg_description d
    on d.objoid = p.oid and d.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objsubid = 0
where p.oid = any (array(
        select n.objid from pg_catalog.pg_depend n
        where n.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and n.refobjid = any ($1::int8[]::oid[])
            and n.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and n.deptype = 'n'
    ))
    -- The constructors that a range type brings along.
    and not exists (
        select from pg_catalog.pg_depend i
        where i.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and i.objid = p.oid and i.deptype in ('i', 'e')
    )
