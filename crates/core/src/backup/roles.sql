-- $1: name of a role; $2: the privilege that lets one give objects to it
select pg_catalog.pg_has_role(r.oid, $2) as usable
from pg_catalog.pg_roles r
where r.rolname = $1
