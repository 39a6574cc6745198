//! The doctor on the demo's fleet, in which somebody has broken a few things.

use crate::tour::{Picture, heading, settle};
use cadastre_core::connection::{Database, Purpose};
use cadastre_core::sql::Statement;
use cadastre_tests::Window;

/// The second time it is broken already.
const BREAKS: &str = "
do $$
declare
    alpha text; beta text;
begin
    select min(nspname) filter (where number = 1), min(nspname) filter (where number = 2) into alpha, beta
    from (
        select n.nspname, row_number() over (order by n.nspname) as number from pg_namespace n
        where exists (select from pg_class c where c.relnamespace = n.oid and c.relname = 'skills')
    ) x;
    execute format('grant usage on schema %I to public', beta);
    execute format('create or replace function %I.refresh() returns int language sql security definer as ''select 1''', alpha);
    execute format('alter table %I.skills drop constraint if exists named', alpha);
    execute format('alter table %I.skills add constraint named check (name <> '''') not valid', alpha);
    execute format('drop table if exists %I.borrowed', alpha);
    execute format('create table %I.borrowed (skill int references %I.skills)', alpha, beta);
    execute format('select setval(pg_get_serial_sequence(''%I.skills'', ''id''), 1)', beta);
end
$$";

pub async fn health(window: &Window, picture: Picture<'_>, database: &Database) {
    let mut session = database.session(Purpose::Create).await.expect("a session");
    session.execute(Statement::script(BREAKS)).await.expect("it is broken");
    session.close().await;
    window.click_text("common:place.health").await;
    heading(window, &window.texts.of_key("health:title")).await;
    window.see(&window.texts.of_key("health:check.crossing.why")).await;
    settle().await;
    picture(window, "doctor");
    let checks = window.texts.of_key("health:check.definer.title");
    let choose = "const found = [...document.querySelectorAll('nav button')].find((b) => b.textContent.includes(arguments[0])); \
                  found?.click(); return found !== undefined;";
    window.until("the check", choose, &[checks.into()]).await;
    window.see(&window.texts.of_key("health:check.definer.why")).await;
    settle().await;
    picture(window, "doctor-check");
    window.click_text("health:repair.one").await;
    window.see("set search_path").await;
    settle().await;
    picture(window, "doctor-plan");
    window.click_text("common:action.close").await;
    window.see_no_dialog().await;
    window.click_text("common:place.tenants").await;
}
