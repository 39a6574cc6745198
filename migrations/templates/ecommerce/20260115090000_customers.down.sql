drop table basket_lines;
drop table baskets;
drop table consents;
drop table addresses;
drop table customers;
drop table users;

drop type consent_purpose;
drop type user_role;
