-- Marks of everything but tables, views and columns; see tables.sql.
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
    select o.ns, c.oid, c.relname, c.relkind, c.relhasindex, c.relhastriggers, c.relhasrules
    from own o
    join pg_catalog.pg_class c on c.oid = o.objid
    where o.classid = 1259 and c.relname <> '_sqlx_migrations' and {touched}
), told (ns, mark, printed) as (
    -- A plain default names no column: without the table the server need not open it.
    select r.ns, pg_catalog.hash_record_extended(row (r.relname, d.adnum), 5),
        pg_catalog.pg_get_expr(d.adbin, case when a.attgenerated = '' then 0 else r.oid end)
    from relation r
    join pg_catalog.pg_attrdef d on d.adrelid = r.oid
    join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum = d.adnum
    union all
    select r.ns, pg_catalog.hash_record_extended(row (r.relname, k.conname, k.contype, k.condeferrable, k.condeferred,
            k.convalidated, k.connoinherit, k.conkey::pg_catalog.text, k.confkey::pg_catalog.text,
            case when f.relnamespace is distinct from r.ns then k.confrelid end, f.relname, k.confupdtype, k.confdeltype,
            k.confmatchtype, k.conpfeqop::pg_catalog.text, k.conppeqop::pg_catalog.text, k.conffeqop::pg_catalog.text,
            k.conexclop::pg_catalog.text, d.description), 6),
        case when k.contype not in ('p', 'u', 'f') or k.confdeltype in ('n', 'd') then pg_catalog.pg_get_constraintdef(k.oid) end
    from relation r
    join pg_catalog.pg_constraint k on k.conrelid = r.oid
    left join pg_catalog.pg_class f on f.oid = k.confrelid
    left join pg_catalog.pg_description d on d.classoid = 2606 and d.objoid = k.oid
    where r.relkind <> 'S'
    union all
    select r.ns, pg_catalog.hash_record_extended(row (r.relname, x.relname, x.relam, x.reloptions, i.indkey::pg_catalog.text,
            i.indclass, i.indcollation, i.indoption::pg_catalog.text, i.indnkeyatts, i.indisunique, {nulls_not_distinct}
            i.indisprimary, i.indisexclusion, i.indimmediate, i.indisvalid, i.indisreplident, i.indisclustered, d.description), 7),
        pg_catalog.concat(pg_catalog.pg_get_expr(i.indexprs, i.indrelid), ' where ' || pg_catalog.pg_get_expr(i.indpred, i.indrelid))
    from relation r
    join pg_catalog.pg_index i on i.indrelid = r.oid
    join pg_catalog.pg_class x on x.oid = i.indexrelid
    left join pg_catalog.pg_description d on d.classoid = 1259 and d.objoid = x.oid
    where r.relhasindex
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
    select o.ns, pg_catalog.hash_record_extended(row (o.classid, o.objid), 15), null
    from own o
    where o.classid not in (1247, 1255, 1259)
)
{sum}
