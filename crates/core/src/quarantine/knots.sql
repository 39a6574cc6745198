-- Parts of tables in the schema ($1) that can be taken off them, where objects depend on each other in a circle.
select x.class::int8 as class, x.object::int8 as object, x.statement
from (
    select
        'pg_catalog.pg_attrdef'::pg_catalog.regclass::oid as class,
        d.oid as object,
        pg_catalog.format(
            case a.attgenerated
                when '' then 'alter table %s alter column %I drop default'
                else 'alter table %s drop column %I'
            end,
            d.adrelid::pg_catalog.regclass::text,
            a.attname
        ) as statement
    from pg_catalog.pg_attrdef d
    join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
    join pg_catalog.pg_class c on c.oid = d.adrelid
    where c.relnamespace = $1
    union all
    select
        'pg_catalog.pg_constraint'::pg_catalog.regclass,
        k.oid,
        pg_catalog.format('alter table %s drop constraint %I', k.conrelid::pg_catalog.regclass::text, k.conname)
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class c on c.oid = k.conrelid
    where c.relnamespace = $1 and k.contype = 'c' and k.conislocal
    union all
    select
        'pg_catalog.pg_trigger'::pg_catalog.regclass,
        t.oid,
        pg_catalog.format('drop trigger %I on %s', t.tgname, t.tgrelid::pg_catalog.regclass::text)
    from pg_catalog.pg_trigger t
    join pg_catalog.pg_class c on c.oid = t.tgrelid
    where c.relnamespace = $1 and not t.tgisinternal
    union all
    select
        'pg_catalog.pg_policy'::pg_catalog.regclass,
        p.oid,
        pg_catalog.format('drop policy %I on %s', p.polname, p.polrelid::pg_catalog.regclass::text)
    from pg_catalog.pg_policy p
    join pg_catalog.pg_class c on c.oid = p.polrelid
    where c.relnamespace = $1
    union all
    select
        'pg_catalog.pg_class'::pg_catalog.regclass,
        i.indexrelid,
        pg_catalog.format('drop index %s', i.indexrelid::pg_catalog.regclass::text)
    from pg_catalog.pg_index i
    join pg_catalog.pg_class c on c.oid = i.indrelid
    where c.relnamespace = $1
        and (i.indexprs is not null or i.indpred is not null)
        and not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid)
) x
