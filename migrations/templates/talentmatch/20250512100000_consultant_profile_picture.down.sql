alter table consultants drop column profile_picture_url;
