-- purpose: consultants can show a picture
-- impact: adds a nullable column; an exclusive lock on consultants for a moment, nothing is rewritten
-- rollback: the down file drops the column with its values
-- depends: 20250401090000

alter table consultants add column profile_picture_url varchar(255);
