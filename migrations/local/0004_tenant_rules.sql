-- Which schemas of a database are tenants, where a person has said so.

create table tenant_rules (
    -- The cluster and the database as the server numbers them, so that all profiles that lead there share the rules.
    database text primary key,
    -- `database @ host:port` at the time of saving, for people who look.
    address text not null,
    -- The rules as JSON.
    body text not null,
    saved_at text not null
);
