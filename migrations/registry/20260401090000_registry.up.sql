-- purpose: the register of this database's tenants: who they are, where they answer, what they may use
-- impact: creates objects in its own schema only; takes no lock that others wait for
-- rollback: the down file drops the register with all that it knows; no tenant's schema is touched
-- depends: nothing
-- timeout: 1min

create table tenant (
    id bigint generated always as identity primary key,
    schema_name text not null
        constraint tenant_schema_name_check check (octet_length(schema_name) between 1 and 63),
    name text not null
        constraint tenant_name_check check (btrim(name) <> '' and char_length(name) <= 200),
    state text not null default 'active'
        constraint tenant_state_check check (state in ('pending', 'active', 'inactive', 'quarantined', 'purged')),
    -- The template that it was made from, and the role that its application uses; neither has to be there any more.
    template text,
    role_name text,
    kind text constraint tenant_kind_check check (char_length(kind) <= 100),
    email text
        constraint tenant_email_check check (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and char_length(email) <= 254),
    phone text constraint tenant_phone_check check (char_length(phone) <= 50),
    address text constraint tenant_address_check check (char_length(address) <= 500),
    postal_code text constraint tenant_postal_code_check check (char_length(postal_code) <= 20),
    city text constraint tenant_city_check check (char_length(city) <= 100),
    primary_color text constraint tenant_primary_color_check check (primary_color ~ '^#[0-9a-f]{6}$'),
    secondary_color text constraint tenant_secondary_color_check check (secondary_color ~ '^#[0-9a-f]{6}$'),
    notes text constraint tenant_notes_check check (char_length(notes) <= 10000),
    -- Whatever else a person wants to know of a tenant.
    fields jsonb not null default '{}'
        constraint tenant_fields_check check (jsonb_typeof(fields) = 'object'),
    -- NULL is no limit.
    people_limit bigint default 1000 constraint tenant_people_limit_check check (people_limit >= 0),
    storage_limit bigint default 53687091200 constraint tenant_storage_limit_check check (storage_limit >= 0),
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    revision bigint not null default 1
);
comment on table tenant is 'The tenants of this database, one row each; the tenant''s data is in the schema that it names';
comment on column tenant.storage_limit is 'Bytes';

-- Names that differ only in case would be one name to many tools. A dropped tenant's name is free again, its domains when it is purged.
create unique index tenant_schema_name_key on tenant (lower(schema_name)) where state not in ('purged', 'quarantined');

create table image (
    tenant bigint not null references tenant on delete cascade,
    usage text not null constraint image_usage_check check (usage in ('logo', 'favicon')),
    media_type text not null constraint image_media_type_check check (
        media_type in ('image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/svg+xml', 'image/x-icon')
    ),
    content bytea not null
        constraint image_content_check check (
            octet_length(content) between 1 and case usage when 'logo' then 1048576 else 131072 end
        ),
    primary key (tenant, usage)
);
comment on table image is 'Logos of 1 MiB and favicons of 128 KiB at most';

create table domain (
    -- In the form that a browser sends: lower case, international names in their ASCII form, no final dot.
    domain text primary key
        constraint domain_check check (
            char_length(domain) <= 253
            and domain ~ '^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'
        ),
    tenant bigint not null references tenant on delete cascade,
    is_primary boolean not null default false,
    active boolean not null default true
);
comment on table domain is 'Where tenants answer: a name belongs to one tenant, and one of a tenant''s names is its primary one';

create unique index domain_primary_key on domain (tenant) where is_primary;
create index domain_tenant_idx on domain (tenant);

create table module (
    tenant bigint not null references tenant on delete cascade,
    module text not null constraint module_check check (btrim(module) <> '' and char_length(module) <= 100),
    enabled boolean not null,
    primary key (tenant, module)
);
comment on table module is 'Parts of the application that a tenant has, or has not';

create table change (
    number bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    -- No reference: what is known of a tenant that was removed stays.
    tenant bigint not null,
    schema_name text,
    object text not null,
    -- The role, and the person where the program has said so.
    role text not null default session_user,
    person text,
    before jsonb,
    after jsonb
);
comment on table change is 'Every version of every row of this register, whoever changed it';

create index change_tenant_idx on change (tenant, number);

create table setting (
    name text primary key,
    value jsonb not null
);

create function keep_version() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    former jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
    present jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
    number bigint := case tg_table_name
        when 'tenant' then (coalesce(present, former) ->> 'id')::bigint
        else (coalesce(present, former) ->> 'tenant')::bigint
    end;
begin
    if former = present then
        return null;
    end if;
    -- An image is kept once, where it is; its versions are told apart by their digest.
    if tg_table_name = 'image' then
        former := case when former is not null then
            (former - 'content') || jsonb_build_object('sha256', encode(sha256(old.content), 'hex'), 'bytes', octet_length(old.content))
        end;
        present := case when present is not null then
            (present - 'content') || jsonb_build_object('sha256', encode(sha256(new.content), 'hex'), 'bytes', octet_length(new.content))
        end;
    end if;
    insert into cadastre.change (tenant, schema_name, object, person, before, after)
    values (
        number,
        case tg_table_name
            when 'tenant' then coalesce(present, former) ->> 'schema_name'
            else (select t.schema_name from cadastre.tenant t where t.id = number)
        end,
        tg_table_name, nullif(current_setting('cadastre.person', true), ''), former, present
    );
    return null;
end
$$;

create function next_revision() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if to_jsonb(new) <> to_jsonb(old) then
        new.revision := old.revision + 1;
        new.changed_at := clock_timestamp();
    end if;
    return new;
end
$$;

create trigger next_revision before update on tenant for each row execute function next_revision();
create trigger keep_version after insert or update or delete on tenant for each row execute function keep_version();
create trigger keep_version after insert or update or delete on image for each row execute function keep_version();
create trigger keep_version after insert or update or delete on domain for each row execute function keep_version();
create trigger keep_version after insert or update or delete on module for each row execute function keep_version();

-- What an application needs to route a request, and no more: whoever may execute it cannot list tenants or domains.
create function tenant_for_domain(domain text) returns text
language sql stable strict security definer set search_path = pg_catalog, pg_temp
return (
    select t.schema_name
    from cadastre.domain d
    join cadastre.tenant t on t.id = d.tenant
    where d.domain = rtrim(regexp_replace(lower(btrim($1)), ':[0-9]+$', ''), '.') and d.active and t.state = 'active'
);
comment on function tenant_for_domain(text) is
    'Schema of the active tenant that answers at a host name, NULL where there is none; a port and the case do not matter';

-- Nobody has been given anything yet; functions are the exception.
revoke all on function tenant_for_domain(text), keep_version(), next_revision() from public;
