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

insert into practitioners (id, first_name, last_name, speciality_code) values (1, 'Ana', 'Diaz', '01');
insert into patients (id, birth_name, first_names, birth_date) values (1, 'MARTIN', 'LEA', '1990-02-03');
insert into appointments (id, patient_id, practitioner_id, kind_code, starts_at, ends_at, status) values (1, 1, 1, 'CONSULT', '2026-01-06 09:00Z', '2026-01-06 09:15Z', 'arrived');
select pg_temp.expects('one appointment at a time', 'insert into appointments (id, patient_id, practitioner_id, kind_code, starts_at, ends_at) values (9, 1, 1, ''CONSULT'', ''2026-01-06 09:10Z'', ''2026-01-06 09:20Z'')', '23P01');
select pg_temp.expects('who is waiting', 'select last_name from waiting_patients', 'MARTIN');
insert into consultations (id, patient_id, practitioner_id, reason, conclusion) values (1, 1, 1, 'x', 'y');
update consultations set signed_at = now();
select pg_temp.expects('what is signed stays', 'update consultations set conclusion = ''z''', '42501');
select pg_temp.expects('what is signed is not deleted', 'delete from consultations', '42501');
select pg_temp.expects('an identity is qualified by its number', 'update patients set identity = ''qualified''', '23514');
insert into record_accesses (user_id, patient_id, kind, object) values (1, 1, 'read', 'patients');
select pg_temp.expects('an emergency has a reason', 'insert into record_accesses (user_id, patient_id, kind, object) values (1, 1, ''emergency'', ''patients'')', '23514');
select pg_temp.expects('the record of accesses is not changed', 'update record_accesses set user_id = 2', '42501');
select pg_temp.expects('the record of accesses is not emptied', 'truncate record_accesses', '42501');
drop function pg_temp.expects(text, text, text);
