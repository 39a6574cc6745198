-- Which of them depends on which other, and how.
select
    d.classid::int8 as class,
    d.objid::int8 as object,
    d.refclassid::int8 as ref_class,
    d.refobjid::int8 as ref_object,
    d.deptype::text as kind
from pg_catalog.pg_depend d
join member m on m.classid = d.classid and m.objid = d.objid
join member r on r.classid = d.refclassid and r.objid = d.refobjid
where (d.classid, d.objid) <> (d.refclassid, d.refobjid)
    and d.refclassid <> 'pg_catalog.pg_namespace'::pg_catalog.regclass
