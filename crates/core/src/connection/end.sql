-- Ends sessions of this database ($3), or has them cancel what they run, and says how many there are: those of roles ($1), or the one of a
-- process ($2) that began at that moment ($4). With $5, only while it still runs the statement that began then.
select pg_catalog.count(
    case
        when $3 then pg_catalog.pg_terminate_backend(s.pid)
        else pg_catalog.pg_cancel_backend(s.pid)
    end
)
from pg_catalog.pg_stat_activity s
where s.datname = pg_catalog.current_database()
    and ($1::text[] is null or s.usename::text = any ($1))
    and ($2::int4 is null or s.pid = $2 and s.backend_start = $4::text::timestamptz)
    and ($5::text is null or s.state = 'active' and s.query_start = $5::timestamptz)
