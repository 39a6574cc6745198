-- The cluster, by the number that initdb gave it where the role may read that, and the database.
select case when pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')
           then (select c.system_identifier::text from pg_catalog.pg_control_system() c) else '' end
    || '/' || d.oid || '/' || d.datname
from pg_catalog.pg_database d
where d.datname = pg_catalog.current_database()
