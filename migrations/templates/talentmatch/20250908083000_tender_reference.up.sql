-- purpose: tenders carry the client's own reference, unique within a firm
-- impact: adds a nullable column and builds a unique index that is empty at first
-- rollback: the down file drops the column with its values
-- depends: 20250401090000

alter table tenders add column reference varchar(40);
comment on column tenders.reference is 'The client''s own reference';
create unique index tenders_company_id_reference_key on tenders (company_id, reference) where reference is not null;
