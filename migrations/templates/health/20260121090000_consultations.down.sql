drop table prescription_lines;
drop table prescriptions;
drop table allergies;
drop table diagnoses;
drop table consultation_acts;
drop table act_codes;
drop table measurements;
drop table measurement_kinds;
drop table consultations;

drop function keep_signed();

drop type act_nomenclature;
drop type severity;
