-- purpose: the same skill name may exist in several categories (SAP as a product and as a methodology)
-- impact: builds one unique index; an exclusive lock on skills, a small table, for a moment
-- rollback: the down file needs names to be unique again: merge skills of the same name first
-- depends: 20250401090000

alter table skills drop constraint skills_name_key;
alter table skills add constraint skills_name_category_key unique (name, category);
