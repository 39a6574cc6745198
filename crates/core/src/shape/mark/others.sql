-- Marks of everything but tables, views, columns and indexes; see tables.sql.
--
-- Every migrated tenant pays for this: the server prints only what it must, since printing an expression opens its table.
with {locked}tenant as materialized (
    select n.oid, n.nspname::pg_catalog.text as name, pg_catalog.quote_ident(n.nspname) || '.' as prefix
    from pg_catalog.pg_namespace n
    where {who}
), own as materialized (
    select n.oid as ns, d.classid, d.objid
    from tenant n
    join pg_catalog.pg_depend d on d.refclassid = 2615 and d.refobjid = n.oid and d.deptype = 'n'
), relation as materialized (
    select o.ns, c.oid, c.relname, c.relkind, c.relhastriggers, c.relhasrules
    from own o
    join pg_catalog.pg_class c on c.oid = o.objid
    where o.classid = 1259 and c.relname <> '_sqlx_migrations' and {touched}
), checked as materialized (
    -- Conditions that are stored alike are printed once. They tell columns by their numbers, whose names tables.sql tells.
    select c.tree, pg_catalog.pg_get_constraintdef(c.first) as printed
    from (
        select k.conbin::pg_catalog.text as tree, pg_catalog.min(k.oid) as first
        from relation r
        join pg_catalog.pg_constraint k on k.conrelid = r.oid
        where k.contype = 'c'
        group by k.conbin::pg_catalog.text
    ) c
), told (ns, mark, printed) as (
    -- A plain default names no column: without the table the server need not open it.
    select r.ns, pg_catalog.hash_record_extended(row (r.relname, d.adnum), 5),
        pg_catalog.pg_get_expr(d.adbin, case when a.attgenerated = '' then 0 else r.oid end)
    from relation r
    join pg_catalog.pg_attrdef d on d.adrelid = r.oid
    join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum = d.adnum
    union all
    select r.ns, pg_catalog.hash_record_extended(row (r.relname, k.conname, k.contype, k.condeferrable, k.condeferred,
            k.convalidated, k.connoinherit, k.conkey, k.confkey,
            case when f.relnamespace is distinct from r.ns then k.confrelid end, f.relname, k.confupdtype, k.confdeltype,
            k.confmatchtype, k.conpfeqop, k.conppeqop, k.conffeqop,
            k.conexclop, d.description), 6),
        case when k.contype = 'c' then c.printed
            when k.contype not in ('p', 'u', 'f') or k.confdeltype in ('n', 'd') then pg_catalog.pg_get_constraintdef(k.oid) end
    from relation r
    join pg_catalog.pg_constraint k on k.conrelid = r.oid
    left join pg_catalog.pg_class f on f.oid = k.confrelid
    left join pg_catalog.pg_description d on d.classoid = 2606 and d.objoid = k.oid
    left join checked c on c.tree = k.conbin::pg_catalog.text
    where r.relkind <> 'S'
    union all
    select r.ns, pg_catalog.hash_record_extended(row (r.relname, t.tgname, t.tgenabled, d.description), 8),
        pg_catalog.pg_get_triggerdef(t.oid, true)
    from relation r
    join pg_catalog.pg_trigger t on t.tgrelid = r.oid
    left join pg_catalog.pg_description d on d.classoid = 2620 and d.objoid = t.oid
    where r.relhastriggers and not t.tgisinternal
    union all
    select r.ns, pg_catalog.hash_record_extended(row (r.relname, w.oid), 9), null
    from relation r
    join pg_catalog.pg_rewrite w on w.ev_class = r.oid
    where r.relhasrules and (r.relkind <> 'v' or w.rulename <> '_RETURN')
    union all
    select r.ns, pg_catalog.hash_record_extended(row (r.relname, p.oid), 10), null
    from relation r
    join pg_catalog.pg_policy p on p.polrelid = r.oid
    where r.relkind <> 'S'
    union all
    select r.ns, pg_catalog.hash_record_extended(row (r.relname, s.seqtypid, s.seqstart, s.seqincrement, s.seqmax, s.seqmin,
            s.seqcache, s.seqcycle, b.deptype, b.refclassid, t.relname,
            case when t.relnamespace is distinct from r.ns then b.refobjid end, b.refobjsubid), 11), null
    from relation r
    join pg_catalog.pg_sequence s on s.seqrelid = r.oid
    left join pg_catalog.pg_depend b
        on b.classid = 1259 and b.objid = r.oid and b.objsubid = 0 and b.deptype in ('a', 'i')
    left join pg_catalog.pg_class t on b.refclassid = 1259 and t.oid = b.refobjid
    where r.relkind = 'S'
    union all
    select o.ns, pg_catalog.hash_record_extended(row (t.typname, t.typtype, case when t.typtype <> 'e' then t.oid end,
            case when {touched_type} then d.description end), 12), null
    from own o
    join pg_catalog.pg_type t on t.oid = o.objid
    left join pg_catalog.pg_description d on d.classoid = 1247 and d.objoid = t.oid
    where o.classid = 1247
    union all
    -- Labels count with where they stand, which is not the same number for all that are in the same order.
    select o.ns, pg_catalog.hash_record_extended(row (t.typname, e.enumlabel, e.enumsortorder), 13), null
    from own o
    join pg_catalog.pg_type t on t.oid = o.objid
    join pg_catalog.pg_enum e on e.enumtypid = t.oid
    where o.classid = 1247 and {touched_type}
    union all
    select o.ns, pg_catalog.hash_record_extended(row (p.proname, p.prokind, case when p.prokind = 'a'
                or l.lanname not in ('sql', 'plpgsql') and pg_catalog.strpos(p.prosrc, n.name) > 0 then p.oid end,
            case when {touched_routine} then d.description end), 14),
        case when not {touched_routine} or p.prokind = 'a' then pg_catalog.pg_get_function_identity_arguments(p.oid)
            else pg_catalog.pg_get_functiondef(p.oid) end
    from own o
    join tenant n on n.oid = o.ns
    join pg_catalog.pg_proc p on p.oid = o.objid
    join pg_catalog.pg_language l on l.oid = p.prolang
    left join pg_catalog.pg_description d on d.classoid = 1255 and d.objoid = p.oid
    where o.classid = 1255
    union all
    -- Of these, whatever is done to one leaves another version of its row.
    select o.ns, pg_catalog.hash_record_extended(row (o.classid, o.objid, d.description, case o.classid
            when 2617 then (select x.xmin::pg_catalog.text from pg_catalog.pg_operator x where x.oid = o.objid)
            when 2616 then (select x.xmin::pg_catalog.text from pg_catalog.pg_opclass x where x.oid = o.objid)
            when 2753 then (select x.xmin::pg_catalog.text from pg_catalog.pg_opfamily x where x.oid = o.objid)
            when 2607 then (select x.xmin::pg_catalog.text from pg_catalog.pg_conversion x where x.oid = o.objid)
            when 3456 then (select x.xmin::pg_catalog.text from pg_catalog.pg_collation x where x.oid = o.objid)
            when 3600 then (select x.xmin::pg_catalog.text from pg_catalog.pg_ts_dict x where x.oid = o.objid)
            when 3601 then (select x.xmin::pg_catalog.text from pg_catalog.pg_ts_parser x where x.oid = o.objid)
            when 3764 then (select x.xmin::pg_catalog.text from pg_catalog.pg_ts_template x where x.oid = o.objid)
            when 3602 then (
                select x.xmin::pg_catalog.text || ' ' || coalesce((
                    select pg_catalog.string_agg(m.maptokentype || ' ' || m.mapseqno || ' ' || m.mapdict, ',' order by m.maptokentype, m.mapseqno)
                    from pg_catalog.pg_ts_config_map m where m.mapcfg = x.oid
                ), '')
                from pg_catalog.pg_ts_config x where x.oid = o.objid
            )
        end), 15), null
    from own o
    left join pg_catalog.pg_description d on d.classoid = o.classid and d.objoid = o.objid
    where o.classid not in (1247, 1255, 1259)
    union all
    -- A cast is in no schema.
    select o.ns, pg_catalog.hash_record_extended(row (k.oid, d.description), 16), null
    from own o
    join pg_catalog.pg_cast k on k.oid >= 16384 and o.objid in (k.castsource, k.casttarget)
    left join pg_catalog.pg_description d on d.classoid = 2605 and d.objoid = k.oid
    where o.classid = 1247
)
{sum}
