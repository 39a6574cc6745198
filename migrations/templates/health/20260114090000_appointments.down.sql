drop table appointments;
drop table opening_times;
drop table appointment_kinds;

drop type appointment_status;
