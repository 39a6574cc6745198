drop table shipment_lines;
drop table shipments;
drop table order_events;
drop table order_lines;
drop table orders;
drop table discounts;
drop table order_transitions;
drop table order_states;

drop function follow_order();

drop type discount_kind;
drop type order_state;
