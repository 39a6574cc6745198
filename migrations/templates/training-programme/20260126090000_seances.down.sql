drop table suivis;
drop table emargements;
drop table seances;
drop table modules_formation;

drop type presence;
drop type type_seance;
