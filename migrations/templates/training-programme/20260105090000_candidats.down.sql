drop table candidats;
drop table entreprises;
drop table utilisateurs;

drop function noter_modification();

drop type situation_candidat;
drop type role_utilisateur;
drop type civilite;
