-- purpose: what was read from a résumé becomes jsonb, so that it can be searched
-- impact: rewrites resumes under an exclusive lock; text that is not valid JSON stops the migration
-- rollback: the down file turns it back into text; the order of keys and the spaces are not the original ones
-- depends: 20250401090000

alter table resumes alter column extracted_data type jsonb using extracted_data::jsonb;
create index resumes_extracted_data_idx on resumes using gin (extracted_data jsonb_path_ops);
