-- Every role, and of which others it is a member, directly or not. The rights of a group that is not inherited count too: SET ROLE
-- gives them.
select
    r.oid,
    r.rolname::text as name,
    r.rolsuper as superuser,
    array(
        with recursive up as (
            select m.roleid from pg_catalog.pg_auth_members m where m.member = r.oid
            union
            select m.roleid from up join pg_catalog.pg_auth_members m on m.member = up.roleid
        )
        select up.roleid from up
    ) as groups
from pg_catalog.pg_roles r
