drop table teaching_assignments;
drop table enrolments;
drop table classes;
drop table rooms;
drop table subjects;
drop table levels;
drop table terms;
drop table academic_years;

drop type cycle;
