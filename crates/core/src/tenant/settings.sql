-- Settings that hold a list of schemas: of roles, of the database, of functions. Lists are read by the program.
select
    case when s.setrole = 0 then 'database' else 'role' end as kind,
    case when s.setrole = 0 then '' else pg_catalog.pg_get_userbyid(s.setrole)::text end as role,
    s.setdatabase <> 0 as in_database,
    0::int8 as routine,
    null::text as signature,
    pg_catalog.substr(c.entry, 13) as path
from pg_catalog.pg_db_role_setting s
cross join lateral pg_catalog.unnest(s.setconfig) c (entry)
where c.entry like 'search\_path=%'
    and (s.setdatabase = 0
        or s.setdatabase = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()))
union all
select
    'routine',
    '',
    true,
    p.oid::int8,
    case p.prokind when 'p' then 'procedure ' when 'a' then 'aggregate ' else 'function ' end
        || p.oid::pg_catalog.regprocedure::text,
    pg_catalog.substr(c.entry, 13)
from pg_catalog.pg_proc p
cross join lateral pg_catalog.unnest(p.proconfig) c (entry)
where c.entry like 'search\_path=%'
order by 1, 2, 5
