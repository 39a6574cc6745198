drop table inscriptions_etapes;
drop table inscriptions;
drop table groupes;
drop table promotions;

drop function noter_etape();

drop type statut_inscription;
