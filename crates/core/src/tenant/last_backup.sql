-- What this computer knows of the backups of a database's tenants, the oldest first. Workbooks are verified before they get
-- their name; one of chosen tables is no backup of the tenant. A tenant that was made, restored or dropped under a name is
-- another one than the one that was saved under it before.
select r.started_at, r.kind, t.schema
from run r
join run_tenant t on t.run = r.id
where r.database = ?
    and t.outcome = 'done'
    and case r.kind
        when 'export' then json_valid(r.request) and coalesce(json_array_length(r.request, '$.tables'), 0) = 0
            and coalesce(r.request ->> '$.format', 'workbook') = 'workbook'
            and coalesce(r.request ->> '$.unverified', 0) = 0
        when 'backup' then json_valid(r.request) and coalesce(r.request ->> '$.verify', 0) = 1
        else r.kind in ('create', 'restore', 'clone', 'drop')
    end
order by r.started_at, r.rowid
