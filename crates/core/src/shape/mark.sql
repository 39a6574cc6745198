-- A mark of the schema $1: where two marks are equal, the fingerprints are. Where they differ, the fingerprints need not: what
-- is rare goes in with its OID, columns count with their numbers, and a schema whose name turns up as a word of its own where
-- it does not qualify a name has no mark. Null also when the schema is not there.
--
-- Every migrated tenant pays for this inside its transaction, so it is one statement that is planned once, reads through
-- indexes only, and has the server print only what it must: printing an index or a constraint opens its table. OIDs of what lies
-- outside the schema are the same for all of them. Relations, columns and constraints are told as in catalog/*.sql.
with own as materialized (
    select d.classid, d.objid
    from pg_catalog.pg_depend d
    where d.refclassid = 2615 and d.refobjid = pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) and d.deptype = 'n'
), relation as materialized (
    select c.oid, c.relname, c.relkind, c.relhasindex, c.relhastriggers, c.relhasrules,
        pg_catalog.concat_ws(' ', c.relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,
            c.relreplident, c.reloptions, t.reloptions,
            case when c.relkind not in ('r', 'S', 'v') or c.reloftype <> 0 or c.relhassubclass or c.relispartition then c.oid end
        ) as told
    from own o
    join pg_catalog.pg_class c on c.oid = o.objid
    left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
    where o.classid = 1259 and c.relname <> '_sqlx_migrations'
), attribute as materialized (
    select r.relname, a.*
    from relation r
    join pg_catalog.pg_attribute a on a.attrelid = r.oid
    where r.relkind <> 'S' and a.attnum > 0 and not a.attisdropped
), part (told, class, oid) as materialized (
    select pg_catalog.concat('o', o.classid, ' ', o.objid), 0, 0::pg_catalog.oid
    from own o
    where o.classid not in (1247, 1255, 1259)
    union all
    select pg_catalog.concat('r', r.told, case when r.relkind = 'v' then pg_catalog.pg_get_viewdef(r.oid) end), 1259, r.oid
    from relation r
    union all
    select pg_catalog.concat_ws(' ', 'a', a.relname, a.attnum, a.attname,
            case when a.atttypid < 16384 then a.atttypid::pg_catalog.text else pg_catalog.format_type(a.atttypid, -1) end,
            a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated, a.attcompression, a.attstorage, a.attcollation,
            a.attstattarget, a.attoptions, a.attfdwoptions, case when a.attinhcount > 0 then a.attrelid end), 0, 0
    from attribute a
    union all
    -- A plain default names no column: without the table the server need not open it.
    select pg_catalog.concat('d', a.relname, ' ', d.adnum, ' ',
            pg_catalog.replace(
                pg_catalog.pg_get_expr(d.adbin, case when a.attgenerated = '' then 0 else d.adrelid end),
                'nextval(''' || pg_catalog.replace(pg_catalog.quote_ident($1), '''', '''''') || '.', 'nextval(''' || pg_catalog.chr(1))), 0, 0
    from attribute a
    join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.atthasdef
    union all
    select pg_catalog.concat_ws(' ', 'k', r.relname, k.conname, k.contype, k.condeferrable, k.condeferred, k.convalidated,
            k.connoinherit, k.conkey, k.confkey, coalesce(f.relname, k.confrelid::pg_catalog.text), k.confupdtype, k.confdeltype,
            k.confmatchtype, k.conpfeqop, k.conppeqop, k.conffeqop, k.conexclop,
            case when k.contype not in ('p', 'u', 'f') or not k.convalidated or k.confdeltype in ('n', 'd')
                then pg_catalog.pg_get_constraintdef(k.oid) end), 2606, k.oid
    from relation r
    join pg_catalog.pg_constraint k on k.conrelid = r.oid
    left join relation f on f.oid = k.confrelid
    where r.relkind <> 'S'
    union all
    select pg_catalog.concat_ws(' ', 'i', r.relname, x.relname, x.relam, x.reloptions, i.indkey, i.indclass, i.indcollation,
            i.indoption, i.indnkeyatts, i.indisunique, {nulls_not_distinct} i.indisprimary, i.indisexclusion, i.indimmediate,
            i.indisvalid, i.indisreplident, i.indisclustered, pg_catalog.pg_get_expr(i.indexprs, i.indrelid), 'where',
            pg_catalog.pg_get_expr(i.indpred, i.indrelid)), 1259, x.oid
    from relation r
    join pg_catalog.pg_index i on i.indrelid = r.oid
    join pg_catalog.pg_class x on x.oid = i.indexrelid
    where r.relhasindex
    union all
    select pg_catalog.concat('t', r.relname, ' ', pg_catalog.pg_get_triggerdef(t.oid, true), t.tgenabled), 2620, t.oid
    from relation r
    join pg_catalog.pg_trigger t on t.tgrelid = r.oid
    where r.relhastriggers and not t.tgisinternal
    union all
    select pg_catalog.concat('w', w.oid), 0, 0
    from relation r
    join pg_catalog.pg_rewrite w on w.ev_class = r.oid
    where r.relhasrules and (r.relkind <> 'v' or w.rulename <> '_RETURN')
    union all
    select pg_catalog.concat('p', p.oid), 0, 0
    from relation r
    join pg_catalog.pg_policy p on p.polrelid = r.oid
    where r.relkind <> 'S'
    union all
    select pg_catalog.concat_ws(' ', 's', r.relname, s.seqtypid, s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache,
            s.seqcycle, b.deptype, b.refclassid, coalesce(t.relname, b.refobjid::pg_catalog.text), b.refobjsubid), 0, 0
    from relation r
    join pg_catalog.pg_sequence s on s.seqrelid = r.oid
    left join pg_catalog.pg_depend b
        on b.classid = 1259 and b.objid = r.oid and b.objsubid = 0 and b.deptype in ('a', 'i')
    left join relation t on t.oid = b.refobjid
    where r.relkind = 'S'
    union all
    select pg_catalog.concat('y', t.typname, ' ', t.typtype, ' ', case when t.typtype <> 'e' then t.oid end, (
            select pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ',' order by e.enumsortorder)
            from pg_catalog.pg_enum e
            where e.enumtypid = t.oid)), 1247, t.oid
    from own o
    join pg_catalog.pg_type t on t.oid = o.objid
    where o.classid = 1247
    union all
    select pg_catalog.concat('f', case when p.prokind = 'a'
                or l.lanname not in ('sql', 'plpgsql') and pg_catalog.strpos(p.prosrc, $1) > 0 then p.oid::pg_catalog.text
            else pg_catalog.pg_get_functiondef(p.oid) end), 1255, p.oid
    from own o
    join pg_catalog.pg_proc p on p.oid = o.objid
    join pg_catalog.pg_language l on l.oid = p.prolang
    where o.classid = 1255
), whole as materialized (
    select pg_catalog.quote_ident($1) || '.' as prefix, pg_catalog.chr(1) || '.' as stand_in,
        pg_catalog.string_agg(p.told, e'\n' order by p.told collate "C") as told
    from (
        select p.told from part p
        union all
        select pg_catalog.concat('c', p.told, ' ', d.objsubid, ' ', d.description)
        from part p
        join pg_catalog.pg_description d on d.objoid = p.oid and d.classoid = p.class::pg_catalog.oid
        where p.class <> 0
    ) p
), neutral as materialized (
    select pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(told,
        ' ' || prefix, ' ' || stand_in), '(' || prefix, '(' || stand_in), ':' || prefix, ':' || stand_in) as told
    from whole
)
select case when pg_catalog.strpos(n.told, $1) = 0 or $1 ~ '^[a-z0-9_]+$' and n.told !~ ('\m' || $1 || '\M')
    then pg_catalog.md5(n.told) end
from neutral n
