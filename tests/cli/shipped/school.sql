create function pg_temp.expects(what text, script text, wanted text) returns void language plpgsql as $f$
declare
    got text;
begin
    begin
        execute script into got;
    exception when others then
        got := sqlstate;
    end;
    if got is distinct from wanted then
        raise exception '%: got %, expected %', what, got, wanted;
    end if;
end
$f$;

insert into students (id, first_name, last_name, birth_date, joined_on) values (1, 'Noé', 'Petit', '2014-05-01', '2026-09-01');
insert into users (id, username, first_name, last_name, role) values (1, 'a.diaz', 'Ana', 'Diaz', 'teacher');
insert into staff (id, user_id, job_title) values (1, 1, 'Professeure');
insert into classes (id, academic_year_id, level_code, name) select 1, id, '6E', '6e A' from academic_years where is_current;
insert into classes (id, academic_year_id, level_code, name) select 2, id, '6E', '6e B' from academic_years where is_current;
insert into enrolments (student_id, class_id, starts_on) values (1, 1, '2026-09-01');
insert into teaching_assignments (id, class_id, subject_code, teacher_id, weekly_minutes) values (1, 1, 'MATH', 1, 240);
insert into assessments (id, teaching_assignment_id, term_id, title, kind, held_on, scale, coefficient)
    select n, 1, (select min(id) from terms), 'x', 'written', '2026-10-01', 10, n from generate_series(1, 2) n;
insert into grades (assessment_id, student_id, mark) values (1, 1, 5), (2, 1, 8);
select pg_temp.expects('averages are weighted and out of 20', 'select average::text from student_subject_averages', '14.00');
select pg_temp.expects('no mark above the scale', 'update grades set mark = 11 where assessment_id = 1', '23514');
select pg_temp.expects('a mark or the reason why not', 'update grades set mark = null where assessment_id = 1', '23514');
select pg_temp.expects('one class at a time', 'insert into enrolments (student_id, class_id, starts_on) values (1, 2, ''2026-10-01'')', '23P01');
select pg_temp.expects('an address has the form of one', 'update users set email = ''nobody''', '23514');
insert into audit_events (user_id, action, object_type) values (1, 'grade.changed', 'grades');
select pg_temp.expects('the trail is not changed', 'update audit_events set action = ''x''', '42501');
select pg_temp.expects('the trail is not shortened', 'delete from audit_events', '42501');
select pg_temp.expects('the trail is not emptied', 'truncate audit_events', '42501');
drop function pg_temp.expects(text, text, text);
