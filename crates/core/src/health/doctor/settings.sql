-- Every search_path that is set for a role, a database or a role in this database.
select
    s.setrole as role,
    s.setdatabase <> 0 as here,
    pg_catalog.substr(c.setting, 13) as path
from pg_catalog.pg_db_role_setting s
cross join lateral pg_catalog.unnest(s.setconfig) c (setting)
where c.setting like 'search_path=%'
    and s.setdatabase in (0, (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()))
order by 1, 2
