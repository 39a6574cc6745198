drop view daily_takings;
drop table payment_events;
drop table refunds;
drop table payments;

drop function refuse_change();
drop function check_refund();

drop type payment_state;
drop type payment_method;
