-- Marks of the tables, views, columns and indexes of schemas; others.sql has the rest, which is as much work for the server. Where
-- both marks of two schemas are equal, their fingerprints are. Where they differ, the fingerprints need not: what is rare goes in
-- with its OID, columns count with their numbers. One row for each schema that is there: its OID, and its mark, which is null
-- where nothing can be said.
--
-- {who} chooses schemas, {touched} relations: all of them, or those that this transaction has changed (locked.sql); of the others
-- the names are told. OIDs of what lies outside a schema are the same for all.
with {locked}tenant as materialized (
    select n.oid, n.nspname::pg_catalog.text as name, pg_catalog.quote_ident(n.nspname) || '.' as prefix
    from pg_catalog.pg_namespace n
    where {who}
), relation as materialized (
    select n.oid as ns, c.oid, c.relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
        c.reloptions, c.reltoastrelid, c.relhasindex,
        case when c.relkind not in ('r', 'S', 'v') or c.reloftype <> 0 or c.relhassubclass or c.relispartition then c.oid end as rare,
        {touched} as touched
    from tenant n
    join pg_catalog.pg_depend d on d.refclassid = 2615 and d.refobjid = n.oid and d.classid = 1259 and d.deptype = 'n'
    join pg_catalog.pg_class c on c.oid = d.objid
    where c.relname <> '_sqlx_migrations'
), told (ns, mark, printed) as (
    select r.ns, pg_catalog.hash_record_extended(row (r.relname, r.relkind, r.relpersistence, r.relrowsecurity,
            r.relforcerowsecurity, r.relreplident, r.reloptions, t.reloptions, r.rare), 1),
        case when r.relkind = 'v' then pg_catalog.pg_get_viewdef(r.oid) end
    from relation r
    left join pg_catalog.pg_class t on t.oid = r.reltoastrelid
    where r.touched
    union all
    select r.ns, pg_catalog.hash_record_extended(row (r.relname, r.relkind), 2), null
    from relation r
    where not r.touched
    union all
    select r.ns, pg_catalog.hash_record_extended(row (r.relname, a.attnum, a.attname, t.typname,
            case when t.typname is null then a.atttypid end, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated, a.attcompression, a.attstorage, a.attcollation,
            a.attstattarget, a.attoptions, a.attfdwoptions, case when a.attinhcount > 0 then r.oid end), 3), null
    from relation r
    join pg_catalog.pg_attribute a on a.attrelid = r.oid
    left join pg_catalog.pg_type t on t.oid = a.atttypid and t.typnamespace = r.ns
    where r.touched and r.relkind <> 'S' and a.attnum > 0 and not a.attisdropped
    union all
    select r.ns, pg_catalog.hash_record_extended(row (r.relname, d.objsubid, d.description), 4), null
    from relation r
    join pg_catalog.pg_description d on d.classoid = 1259 and d.objoid = r.oid
    where r.touched
    union all
    select r.ns, pg_catalog.hash_record_extended(row (r.relname, x.relname, x.relam, x.reloptions, i.indkey::int2[],
            i.indclass, i.indcollation, i.indoption::int2[], i.indnkeyatts, i.indisunique, {nulls_not_distinct}
            i.indisprimary, i.indisexclusion, i.indimmediate, i.indisvalid, i.indisreplident, i.indisclustered, d.description), 7),
        case when i.indexprs is not null or i.indpred is not null then pg_catalog.concat(
            pg_catalog.pg_get_expr(i.indexprs, i.indrelid), ' where ', pg_catalog.pg_get_expr(i.indpred, i.indrelid)) end
    from relation r
    join pg_catalog.pg_index i on i.indrelid = r.oid
    join pg_catalog.pg_class x on x.oid = i.indexrelid
    left join pg_catalog.pg_description d on d.classoid = 1259 and d.objoid = x.oid
    where r.touched and r.relhasindex
)
{sum}
