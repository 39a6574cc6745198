-- The cluster, by the number that initdb gave it, and the database.
select c.system_identifier || '/' || d.oid || '/' || d.datname
from pg_catalog.pg_control_system() c, pg_catalog.pg_database d
where d.datname = pg_catalog.current_database()
