create function pg_temp.expects(what text, script text, wanted text) returns void language plpgsql as $f$
declare
    got text;
begin
    begin
        execute script into got;
    exception when others then
        got := sqlstate;
    end;
    if got is distinct from wanted then
        raise exception '%: got %, expected %', what, got, wanted;
    end if;
end
$f$;

insert into customers (id, email) values (1, 'lea@example.org');
insert into products (id, category_id, slug) select 1, id, 'shirt' from categories where slug = 'clothing';
insert into product_variants (id, product_id, sku) values (1, 1, 'SHIRT-M');
insert into prices (variant_id, currency, amount, during) values (1, 'EUR', 20, '[2026-01-01,2026-02-01)');
select pg_temp.expects('one price at a time', 'insert into prices (variant_id, currency, amount, during) values (1, ''EUR'', 18, ''[2026-01-15,)'')', '23P01');
insert into stock_movements (variant_id, kind, quantity) values (1, 'receipt', 10), (1, 'sale', -3);
select pg_temp.expects('the stock is the sum', 'select available::text from stock_levels', '7');
insert into orders (id, number, customer_id, country_code, billing_address, shipping_address, total_without_tax, tax)
    values (1, 'F-1', 1, 'FR', '{}', '{}', 100, 20);
update orders set state = 'paid';
select pg_temp.expects('the total', 'select total::text from orders', '120.00');
select pg_temp.expects('an order does not jump', 'update orders set state = ''refunded''', '23514');
select pg_temp.expects('every change of state is noted once', 'select string_agg(concat(from_state, ''>'', to_state), '' '' order by id) from order_events', '>pending_payment pending_payment>paid');
insert into payments (id, order_id, method, provider, currency, amount, state, captured_at) values (1, 1, 'card', 'stripe', 'EUR', 120, 'captured', '2026-01-31 23:30Z');
insert into refunds (payment_id, amount, reason) values (1, 100, 'x');
select pg_temp.expects('not more than was paid', 'insert into refunds (payment_id, amount, reason) values (1, 21, ''x'')', '23514');
select pg_temp.expects('the day''s takings', 'select concat(day, '' '', takings) from daily_takings', '2026-02-01 120.00');
insert into payment_events (payment_id, kind) values (1, 'captured');
select pg_temp.expects('the log of transactions is not changed', 'update payment_events set kind = ''x''', '42501');
select pg_temp.expects('the log of transactions is not shortened', 'delete from payment_events', '42501');
drop function pg_temp.expects(text, text, text);
