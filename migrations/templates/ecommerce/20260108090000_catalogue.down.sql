drop view stock_levels;
drop table stock_movements;
drop table prices;
drop table product_variants;
drop table product_translations;
drop table products;
drop table category_translations;
drop table categories;
drop table vat_rates;
drop table countries;

drop function touch_updated_at();

drop type stock_movement_kind;
drop type product_status;
drop type vat_kind;
drop domain currency_code;
drop domain money_amount;
