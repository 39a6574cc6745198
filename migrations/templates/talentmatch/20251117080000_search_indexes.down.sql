create index matches_tender_id_idx on matches (tender_id);
drop index matches_tender_id_match_score_idx;
drop index tenders_open_idx;
drop index consultants_availability_idx;
