-- Ten columns of the types that exports meet: whole and broken numbers, booleans, days, moments, texts, documents.
create schema rows;
create table rows.consultants as
select g as id,
       'user' || g || '@example.org' as email,
       'Prénom' || (g % 1000) as first_name,
       'Nom' || (g % 5000) as last_name,
       g % 40 as experience_years,
       -- Reproducible, with as many digits as rates from a calculation have.
       (g::int8 * 7919 % 1000003) / 1000.03::double precision as daily_rate,
       g % 3 = 0 as remote_work,
       date '2020-01-01' + g % 1500 as availability_date,
       timestamptz '2026-01-01 12:00:00.123456+00' - g * interval '1 second' as created_at,
       jsonb_build_object('k', g, 'tags', array['a', 'b']) as extra
from generate_series(1, :rows) g;
vacuum analyze rows.consultants;
checkpoint;
