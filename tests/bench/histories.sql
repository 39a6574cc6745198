-- 1,000 tenants that have applied 50 migrations, or all but a few of them. The checksum is that of the files.
set synchronous_commit = off;
select format('create schema office_%s', to_char(n, 'FM0000')),
       format('create table office_%s._sqlx_migrations (version bigint primary key, description text not null, '
              'installed_on timestamptz not null default now(), success boolean not null, checksum bytea not null, '
              'execution_time bigint not null)', to_char(n, 'FM0000')),
       format('create table office_%s.files (id int)', to_char(n, 'FM0000')),
       format('insert into office_%s._sqlx_migrations select 20260101000000 + m, ''step '' || m, now(), true, '
              'sha384(convert_to(''select '' || m || E'';\n'', ''UTF8'')), 0 from generate_series(1, %s) m',
              to_char(n, 'FM0000'), case when n % 3 = 0 then 50 - n % 17 else 50 end)
from generate_series(1, 1000) n
\gexec
vacuum analyze;
checkpoint;
