alter table skills drop constraint skills_name_category_key;
alter table skills add constraint skills_name_key unique (name);
