-- 5,000 tenants with 20 tables each, made by psql: it runs each cell of the result as a statement.
set synchronous_commit = off;
select format('create schema branch_%s', to_char(n, 'FM0000')),
       (select string_agg(format('create table branch_%s.t%s (id bigint primary key, note text)', to_char(n, 'FM0000'), t), '; ')
        from generate_series(1, 20) t),
       format('insert into branch_%s.t1 select g, md5(g::text) from generate_series(1, %s) g', to_char(n, 'FM0000'), n % 20 + 1)
from generate_series(1, 5000) n
\gexec
analyze;
checkpoint;
