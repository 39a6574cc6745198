-- purpose: an index on every foreign key, for joins and for deleting the rows they point to
-- impact: each table is locked against writing while its index is built
-- rollback: the down file drops the indexes
-- depends: 20250401090000
--
-- consultants.user_id, consultant_skills.consultant_id and tender_skills.tender_id lead a unique index already.

create index users_company_id_idx on users (company_id);
create index consultants_company_id_idx on consultants (company_id);
create index consultant_skills_skill_id_idx on consultant_skills (skill_id);
create index resumes_consultant_id_idx on resumes (consultant_id);
create index tenders_company_id_idx on tenders (company_id);
create index tender_skills_skill_id_idx on tender_skills (skill_id);
create index matches_consultant_id_idx on matches (consultant_id);
create index matches_tender_id_idx on matches (tender_id);
create index skill_portfolios_consultant_id_idx on skill_portfolios (consultant_id);
create index skill_portfolios_tender_id_idx on skill_portfolios (tender_id);
create index collaborations_initiator_company_id_idx on collaborations (initiator_company_id);
create index collaborations_partner_company_id_idx on collaborations (partner_company_id);
