-- Of the schema $1.
-- A comment is a statement of its own, and after it.
select s.statement
from other o
cross join lateral pg_catalog.string_to_table(o.definition, e';\n') with ordinality s (statement, number)
where o.schema = $1 and o.sort = 'cast'
order by o.name collate "C", s.number
