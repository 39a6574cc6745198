drop table student_guardians;
drop table guardians;
drop table students;
drop table staff;
drop table users;

drop function touch_updated_at();

drop type relationship;
drop type sex;
drop type user_role;
drop domain email_address;
