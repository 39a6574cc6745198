-- Routines whose text names schema $1 and one of the objects $2: a text does not follow what moves.
select n.nspname::text as schema, p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' as name, p.prosrc as body
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where p.oid >= 16384 and n.nspname !~ '^pg_' and pg_catalog.strpos(pg_catalog.lower(p.prosrc), pg_catalog.lower($1)) > 0
    and exists (select from pg_catalog.unnest($2::text[]) o (name) where pg_catalog.strpos(pg_catalog.lower(p.prosrc), pg_catalog.lower(o.name)) > 0)
    and not exists (select from pg_catalog.pg_depend e where e.classid = 1255 and e.objid = p.oid and e.deptype = 'e')
order by 1, 2
