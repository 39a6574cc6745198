-- Passwords of tenants' roles that this computer's keyring holds: which, never what.

create table role_secret (
    -- Names the entry of the keyring.
    account text primary key,
    -- The cluster and the database, as the server names them.
    server text not null,
    role text not null,
    -- `pending` before the role is known to be there: what an interrupted creation leaves is found by that.
    state text not null check (state in ('pending', 'kept')),
    -- The run that makes the role.
    run text not null,
    created_at text not null
);

create index role_secret_server on role_secret (server, state);
