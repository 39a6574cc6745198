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

insert into promotions (id, code, libelle, date_debut, date_fin) values (1, 'ACD-2026-1', 'Accélérateur', '2026-01-05', '2026-06-30');
insert into utilisateurs (id, email, prenom, nom, role) values (1, 'coach@example.org', 'Ana', 'Diaz', 'coach');
insert into candidats (id, nom, prenom, email) values (1, 'Martin', 'Léa', 'lea@example.org');
insert into inscriptions (id, candidat_id, promotion_id) values (1, 1, 1);
update inscriptions set statut = 'deposee', deposee_le = now();
update inscriptions set motivation = 'x';
select pg_temp.expects('every change of state is noted once', 'select string_agg(concat(ancien_statut, ''>'', nouveau_statut), '' '' order by id) from inscriptions_etapes', '>brouillon brouillon>deposee');
select pg_temp.expects('the time of the change', 'select (modifie_le is not null)::text from inscriptions', 'true');
select pg_temp.expects('one enrolment in a cohort', 'insert into inscriptions (candidat_id, promotion_id) values (1, 1)', '23505');
insert into seances (promotion_id, type, intitule, debut, fin, animateur_id) values (1, 'cours', 'A', '2026-01-06 09:00Z', '2026-01-06 12:00Z', 1);
select pg_temp.expects('nobody leads two sessions at a time', 'insert into seances (promotion_id, type, intitule, debut, fin, animateur_id) values (1, ''cours'', ''B'', ''2026-01-06 11:00Z'', ''2026-01-06 13:00Z'', 1)', '23P01');
select pg_temp.expects('the cohort''s figures', 'select concat(inscriptions, a_traiter) from promotions_avancement', '11');
drop function pg_temp.expects(text, text, text);
