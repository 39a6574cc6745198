drop table consents;
drop table patient_contacts;
drop table patients;
drop table practitioners;
drop table specialities;
drop table users;

drop function touch_updated_at();

drop type consent_purpose;
drop type identity_status;
drop type administrative_sex;
drop type user_role;
