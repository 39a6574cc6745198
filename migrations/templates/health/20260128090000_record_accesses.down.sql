drop view waiting_patients;
drop table record_accesses;
drop table documents;

drop function refuse_change();

drop type access_kind;
