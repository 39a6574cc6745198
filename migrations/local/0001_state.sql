-- Cadastre's state on this computer. No password is ever in here: those are in the keyring of the operating system.

create table profile (
    id text primary key,
    name text not null unique collate nocase,
    -- The profile as JSON, without secrets.
    body text not null,
    created_at text not null,
    used_at text
);

create table setting (
    name text primary key,
    value text not null
);

create table run (
    id text primary key,
    kind text not null,
    -- `database @ host:port`
    database text not null,
    role text not null,
    -- The request that the run was planned from, as JSON, so that it can be resumed.
    request text not null,
    fingerprint text not null,
    started_at text not null,
    ended_at text,
    -- The process that works on it, so that an interrupted run can be told from a living one.
    process text not null
);

create table run_tenant (
    run text not null references run on delete cascade,
    position integer not null,
    schema text not null,
    outcome text not null default 'not_started',
    duration_ms integer not null default 0,
    error text,
    detail text,
    primary key (run, position)
) without rowid;

create table journal (
    number integer primary key autoincrement,
    time text not null,
    person text not null,
    computer text not null,
    role text,
    database text,
    operation text not null,
    subject text,
    run text,
    outcome text not null,
    detail text,
    previous_hash text not null,
    hash text not null
);
