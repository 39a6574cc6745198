-- What a run is resumed and undone from.

-- The migrations as they were when the run was planned, as JSON: the folder may have changed since.
alter table run add column source text;
-- The run that this one undoes.
alter table run add column undoes text;
-- Why it ended before every tenant had its turn.
alter table run add column stopped text;

-- Versions that the run is to apply, or to revert, in order, as a JSON array.
alter table run_tenant add column planned text not null default '[]';
-- Those that it has.
alter table run_tenant add column versions text not null default '[]';
alter table run_tenant add column attempts integer not null default 0;
alter table run_tenant add column waited_ms integer not null default 0;
