-- What the figures of tenants were, from time to time.

-- A database by its server's identity: every profile that leads to it has the same history.
create table stats_database (
    id integer primary key,
    identity text not null unique
);

create table stats_snapshot (
    id integer primary key,
    database integer not null references stats_database on delete cascade,
    -- Seconds since 1970, UTC.
    taken_at integer not null,
    unique (database, taken_at)
);

-- A tenant is a namespace: renamed it is the same one, dropped and made again it is another.
create table stats_tenant (
    id integer primary key,
    database integer not null references stats_database on delete cascade,
    namespace integer not null,
    -- As it was called last.
    schema text not null,
    unique (database, namespace)
);

create table stats_figure (
    snapshot integer not null references stats_snapshot on delete cascade,
    tenant integer not null references stats_tenant on delete cascade,
    size_bytes integer not null,
    index_bytes integer not null,
    rows integer not null,
    -- Not known on a standby, whose own statistics count nothing.
    dead_rows integer,
    writes integer,
    primary key (snapshot, tenant)
) without rowid;
-- One tenant over time.
create index stats_figure_tenant on stats_figure (tenant);
