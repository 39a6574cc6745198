-- purpose: the three searches of the start page: free consultants, open tenders, best matches of a tender
-- impact: consultants, tenders and matches are locked against writing while their index is built
-- rollback: the down file drops the indexes
-- depends: 20250415090000

create index consultants_availability_idx on consultants (availability_status, availability_date);
create index tenders_open_idx on tenders (start_date) where status = 'open';
create index matches_tender_id_match_score_idx on matches (tender_id, match_score desc);
-- Leads with tender_id too, so that the index of the foreign key is not needed beside it.
drop index matches_tender_id_idx;
