drop view student_subject_averages;
drop table report_card_subjects;
drop table report_cards;
drop table grades;
drop table assessments;

drop function check_mark();

drop type mark_status;
drop type assessment_kind;
