drop table absences;
drop table absence_reasons;
drop table lessons;
drop table timetable_slots;

drop type absence_kind;
drop type week_kind;
