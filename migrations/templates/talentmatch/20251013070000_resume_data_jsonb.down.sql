drop index resumes_extracted_data_idx;
alter table resumes alter column extracted_data type text using extracted_data::text;
