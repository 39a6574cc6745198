-- Of the schemas $1. Column `arguments` tells the sort.
select o.schema::int8 as schema, o.oid::int8 as oid, 'other' as kind, null::text as parent, o.name, o.sort as arguments, o.definition
from other o
where o.schema = any ($1::int8[]::oid[])
