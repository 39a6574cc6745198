-- Everything that is in the schema ($1), and its parts. The beginning of a query.
with member (classid, objid) as (
    select 'pg_catalog.pg_namespace'::pg_catalog.regclass::oid, $1::oid
    union all
    select 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid from pg_catalog.pg_class c where c.relnamespace = $1
    union all
    select 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid from pg_catalog.pg_type t where t.typnamespace = $1
    union all
    select 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid from pg_catalog.pg_proc p where p.pronamespace = $1
    union all
    select 'pg_catalog.pg_operator'::pg_catalog.regclass, o.oid from pg_catalog.pg_operator o where o.oprnamespace = $1
    union all
    select 'pg_catalog.pg_opclass'::pg_catalog.regclass, o.oid from pg_catalog.pg_opclass o where o.opcnamespace = $1
    union all
    select 'pg_catalog.pg_opfamily'::pg_catalog.regclass, o.oid from pg_catalog.pg_opfamily o where o.opfnamespace = $1
    union all
    select 'pg_catalog.pg_collation'::pg_catalog.regclass, o.oid
    from pg_catalog.pg_collation o where o.collnamespace = $1
    union all
    select 'pg_catalog.pg_conversion'::pg_catalog.regclass, o.oid
    from pg_catalog.pg_conversion o where o.connamespace = $1
    union all
    select 'pg_catalog.pg_ts_config'::pg_catalog.regclass, o.oid
    from pg_catalog.pg_ts_config o where o.cfgnamespace = $1
    union all
    select 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, o.oid from pg_catalog.pg_ts_dict o where o.dictnamespace = $1
    union all
    select 'pg_catalog.pg_ts_parser'::pg_catalog.regclass, o.oid
    from pg_catalog.pg_ts_parser o where o.prsnamespace = $1
    union all
    select 'pg_catalog.pg_ts_template'::pg_catalog.regclass, o.oid
    from pg_catalog.pg_ts_template o where o.tmplnamespace = $1
    union all
    -- A cast has no schema: it goes with its types.
    select 'pg_catalog.pg_cast'::pg_catalog.regclass, k.oid
    from pg_catalog.pg_cast k
    where k.oid >= 16384 and exists (
        select from pg_catalog.pg_type t where t.typnamespace = $1 and t.oid in (k.castsource, k.casttarget)
    )
    union all
    select 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, o.oid
    from pg_catalog.pg_statistic_ext o where o.stxnamespace = $1
    union all
    select 'pg_catalog.pg_constraint'::pg_catalog.regclass, o.oid
    from pg_catalog.pg_constraint o where o.connamespace = $1
    union all
    select 'pg_catalog.pg_attrdef'::pg_catalog.regclass, d.oid
    from pg_catalog.pg_attrdef d join pg_catalog.pg_class c on c.oid = d.adrelid where c.relnamespace = $1
    union all
    select 'pg_catalog.pg_rewrite'::pg_catalog.regclass, r.oid
    from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class where c.relnamespace = $1
    union all
    select 'pg_catalog.pg_trigger'::pg_catalog.regclass, t.oid
    from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid where c.relnamespace = $1
    union all
    select 'pg_catalog.pg_policy'::pg_catalog.regclass, p.oid
    from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid where c.relnamespace = $1
    union all
    select 'pg_catalog.pg_amop'::pg_catalog.regclass, o.oid
    from pg_catalog.pg_amop o join pg_catalog.pg_opfamily f on f.oid = o.amopfamily where f.opfnamespace = $1
    union all
    select 'pg_catalog.pg_amproc'::pg_catalog.regclass, o.oid
    from pg_catalog.pg_amproc o join pg_catalog.pg_opfamily f on f.oid = o.amprocfamily where f.opfnamespace = $1
)
