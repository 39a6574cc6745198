drop index tenders_company_id_reference_key;
alter table tenders drop column reference;
