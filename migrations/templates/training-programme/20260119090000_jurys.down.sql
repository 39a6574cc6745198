drop table decisions_jury;
drop table jurys_membres;
drop table jurys;
drop table eligibilites;
drop table criteres_eligibilite;

drop type decision;
