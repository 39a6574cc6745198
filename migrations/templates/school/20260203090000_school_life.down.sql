drop table audit_events;
drop table message_recipients;
drop table messages;
drop table documents;
drop table measures;
drop table incidents;

drop function refuse_change();

drop type measure_kind;
drop type incident_severity;
