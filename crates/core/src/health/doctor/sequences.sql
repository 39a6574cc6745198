-- Sequences of columns in the schemas in $1: of identity and serial columns, and of every default that draws from one.
with pair as (
    select d.objid as sequence, d.refobjid as relation, d.refobjsubid as number
    from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        and d.deptype in ('a', 'i') and d.refobjsubid > 0
    union
    select d.refobjid, f.adrelid, f.adnum
    from pg_catalog.pg_depend d
    join pg_catalog.pg_attrdef f on f.oid = d.objid
    where d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        and d.deptype = 'n'
)
select
    s.oid as sequence,
    sn.nspname::text as sequence_schema,
    s.relname::text as sequence_name,
    t.relnamespace as namespace,
    tn.nspname::text as schema,
    t.relname::text as "table",
    a.attname::text as "column",
    q.seqincrement > 0 as ascending,
    -- Nobody but the owner, or who may read them, is told where a sequence and a column stand.
    pg_catalog.has_schema_privilege(t.relnamespace, 'USAGE') and pg_catalog.has_schema_privilege(s.relnamespace, 'USAGE')
        and pg_catalog.has_column_privilege(t.oid, a.attnum, 'SELECT')
        and pg_catalog.has_sequence_privilege(s.oid, 'SELECT')
        and not pg_catalog.row_security_active(t.oid) as readable,
    -- The greatest value is at the end of an index, or the table is small enough to be read.
    exists (
        select from pg_catalog.pg_index i
        where i.indrelid = t.oid and i.indkey[0] = a.attnum and i.indisvalid and i.indpred is null
    ) or t.relkind = 'r' and t.relpages < 1000 as cheap
from pair p
join pg_catalog.pg_class s on s.oid = p.sequence and s.relkind = 'S'
join pg_catalog.pg_namespace sn on sn.oid = s.relnamespace
join pg_catalog.pg_sequence q on q.seqrelid = s.oid and not q.seqcycle
join pg_catalog.pg_class t on t.oid = p.relation and t.relkind in ('r', 'p')
join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
join pg_catalog.pg_attribute a
    on a.attrelid = t.oid and a.attnum = p.number
    and a.atttypid in ('int2'::pg_catalog.regtype, 'int4'::pg_catalog.regtype, 'int8'::pg_catalog.regtype)
where t.relnamespace = any ($1)
    -- What was never written to holds no value that could be ahead.
    and (t.relkind = 'p' or pg_catalog.pg_relation_size(t.oid) > 0)
order by 5, 6, 7
