-- Of the schema $1.
select o.definition
from other o
where o.schema = $1 and o.sort = 'cast'
order by o.name collate "C"
