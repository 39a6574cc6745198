-- 10,000 tenants with one small table each, made by psql: it runs each cell of the result as a statement.
set synchronous_commit = off;
select format('create schema client_%s', to_char(n, 'FM00000')),
       format('create table client_%s.invoices as select g as id, g * 100 as amount from generate_series(1, %s) g',
              to_char(n, 'FM00000'), n % 20 + 1),
       format('comment on schema client_%s is %L', to_char(n, 'FM00000'), 'Cabinet Élysée nº ' || n)
from generate_series(1, 10000) n
\gexec
vacuum analyze;
checkpoint;
