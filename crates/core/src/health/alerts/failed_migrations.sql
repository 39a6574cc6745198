-- The newest migration of each schema of a database from this computer that came to an end, whichever it was.
select schema, outcome, error, planned, kind, run, ended_at
from (
    select t.schema, t.outcome, t.error, t.planned, r.kind, r.id as run, r.ended_at,
        row_number() over (partition by t.schema order by r.started_at desc, r.rowid desc) as place
    from run r
    join run_tenant t on t.run = r.id
    where r.database = ?
        and t.outcome in ('done', 'skipped', 'failed')
        -- Whoever has the name since is another tenant.
        and r.kind in ('migrate_up', 'migrate_down', 'create', 'restore', 'clone', 'drop', 'purge')
)
where place = 1 and outcome = 'failed' and kind in ('migrate_up', 'migrate_down')
order by schema
