-- What is not in any tenant: tables that all firms share, and a schema that holds no table.
create table public.plans (
    id integer primary key,
    code text not null unique,
    monthly_price numeric(8, 2) not null,
    max_users integer
);
comment on table public.plans is 'What a firm can subscribe to';
insert into public.plans
values (1, 'starter', 49.00, 25), (2, 'team', 189.00, 250), (3, 'enterprise', 890.00, null);

create table public.firms (
    schema_name name primary key,
    display_name text not null,
    domain text not null unique,
    plan_id integer not null references public.plans (id),
    country text not null,
    subscribed_on date not null
);
comment on table public.firms is 'Which domain leads to which schema';
create index firms_plan_id_idx on public.firms (plan_id);

create schema reporting;
comment on schema reporting is 'Reports over all firms';
create view reporting.firms_by_plan as
select p.code, pg_catalog.count(f.schema_name) as firms
from public.plans p
left join public.firms f on f.plan_id = p.id
group by p.code;
create function reporting.rows_of(firm name) returns bigint
language sql stable
as $$
    select coalesce(pg_catalog.sum(c.reltuples), 0)::bigint
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = firm and c.relkind = 'r' and c.reltuples > 0
$$;
