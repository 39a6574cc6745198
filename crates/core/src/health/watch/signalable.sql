-- Which of these processes ($1) the role may end, as the server decides it: a superuser's only as a superuser, others as a member of theirs
-- or of pg_signal_backend; one of the server's own as a superuser, or workers of autovacuum from 18 on as a member of another role.
select
    s.pid,
    case
        when me.rolsuper then true
        when s.usesysid is null then coalesce(s.backend_type, '') = 'autovacuum worker' and coalesce((
            select pg_catalog.pg_has_role(w.oid, 'USAGE')
            from pg_catalog.pg_roles w
            where w.rolname = 'pg_signal_autovacuum_worker'
        ), false)
        when r.rolsuper then false
        else pg_catalog.pg_has_role(s.usesysid, 'USAGE') or pg_catalog.pg_has_role('pg_signal_backend', 'USAGE')
    end as allowed
from pg_catalog.pg_stat_activity s
join pg_catalog.pg_roles me on me.rolname = current_user
left join pg_catalog.pg_roles r on r.oid = s.usesysid
where s.pid = any ($1)
