drop view promotions_avancement;
drop table documents;
drop table types_document;

drop type statut_document;
