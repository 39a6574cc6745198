-- The schemas of $1 in which something belongs to a role whose rights this one does not have.
select distinct c.relnamespace::int8
from pg_catalog.pg_class c
where c.relnamespace = any ($1::int8[]::oid[]) and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    and not pg_catalog.pg_has_role(c.relowner, 'USAGE')
