//! A registry is installed, tenants are made with a role, a domain and an entry, from the form and from a file, and one is closed and
//! opened again: each time what the window says is compared with what is on the server.

use crate::fleet::Fleet;
use cadastre_tests::Window;
use std::path::Path;

const NEW: (&str, &str) = ("Lycée Jean Moulin", "lycee_jean_moulin");

/// What files of the tests hold: two good lines and one that is not.
pub fn write_list(file: &Path) {
    let text = "name;domains;city;email\n\
                Collège A;a.example;Brest;\n\
                Collège B;b.example;Lorient;nobody\n\
                Collège C;c.example www.c.example;Quimper;c@c.example\n";
    std::fs::write(file, text).expect("a file");
}

/// From the page of a tenant, which has no registry yet.
pub async fn install(window: &Window, fleet: &Fleet) {
    window.click("Agence Bretagne").await;
    // Until the page is there, its tabs move.
    window.see(&window.texts.of_key("tenant:largest")).await;
    window.click_text("tenant:tab.entry").await;
    window.see(&window.texts.of_key("life:tab.none")).await;
    window.check("registry-none").await;
    let before = fleet.database.state().await;
    window.click_text("life:registry.open").await;
    window.see("create schema \"cadastre\"").await;
    window.check("registry-plan").await;
    assert_eq!(fleet.database.state().await, before, "a plan changed something");
    window.click_text("life:registry.action").await;
    window.see_no_dialog().await;
    window.see(&window.texts.of_key("life:tab.noEntry")).await;
    assert_eq!(fleet.cli().json(&["registry", "status"]).await["pending"], 0);
}

/// What is known of a tenant that was there before.
pub async fn register(window: &Window, fleet: &Fleet) {
    window.click_text("life:tab.makeEntry").await;
    window.fill(&window.texts.of_key("life:field.city"), "Rennes").await;
    window.fill(&window.texts.of_key("life:field.primary_color"), "#2E7D32").await;
    window.fill(&window.texts.of_key("life:entry.domains"), "bretagne.example").await;
    window.check("entry-form").await;
    window.click_text("life:next").await;
    window.see("insert into cadastre.tenant").await;
    window.click_text("life:entry.action").await;
    window.see_no_dialog().await;
    window.see("Rennes").await;
    window.see("bretagne.example").await;
    window.see(&window.texts.of_key("life:tab.history")).await;
    window.check("entry").await;
    let domain = "select tenant_for_domain from cadastre.tenant_for_domain('Bretagne.example')";
    assert_eq!(fleet.database.value(domain).await, "agence_bretagne");
}

/// A tenant with a role that connects, a domain and an address, from the form.
pub async fn create(window: &Window, fleet: &Fleet) {
    window.click_text("common:place.tenants").await;
    window.click_text("tenants:new").await;
    window.fill(&window.texts.of_key("create:name"), NEW.0).await;
    let derived = "return find('field', arguments[0])?.value === arguments[1];";
    window.until("the derived name", derived, &[window.texts.of_key("create:schema").into(), NEW.1.into()]).await;
    choose(window, "life:create.roleLogin").await;
    // Somebody else's, first.
    let domains = window.texts.of_key("life:create.domains");
    window.fill(&domains, "bretagne.example").await;
    window.click_text("create:next").await;
    window
        .see(
            &window
                .texts
                .with("errors:domain_taken.title", &[("domain", "bretagne.example"), ("tenant", "agence_bretagne")]),
        )
        .await;
    window.fill(&domains, "moulin.example").await;
    window.fill(&window.texts.of_key("life:field.city"), "Béziers").await;
    window.check("create-registered").await;
    window.click_text("create:next").await;
    // Far down in the SQL, of which the editor draws what is in sight.
    window.see(&window.texts.of_key("life:create.loginPlan")).await;
    window.see(&window.texts.of_key("life:create.entryPlan")).await;
    window.check("create-registered-plan").await;
    window.click_text("create:plan.action").await;
    window.see(&window.texts.with("create:done", &[("name", NEW.0)])).await;
    let made = fleet.cli().json(&["tenant", "show", NEW.1]).await;
    assert_eq!((&made["entry"]["identity"]["city"], &made["role"]), (&"Béziers".into(), &NEW.1.into()), "{made}");
    let verifier = format!("select left(rolpassword, 14) from pg_authid where rolname = '{}'", NEW.1);
    assert_eq!(fleet.database.value(&verifier).await, "SCRAM-SHA-256$");
}

/// Picks an item of a row of choices, which a person clicks by its label.
async fn choose(window: &Window, key: &str) {
    let script = "const label = [...document.querySelectorAll('label')].find((one) => tidy(one.textContent) === arguments[0]);\
                  if (!label) return false; label.click(); return true;";
    window.until("the choice", script, &[window.texts.of_key(key).into()]).await;
}

/// Several from a file, of which one line is not good.
pub async fn create_listed(window: &Window, fleet: &Fleet) {
    window.click_text("common:place.tenants").await;
    window.click_text("tenants:new").await;
    window.click_text("life:create.file").await;
    window.click_text("life:create.choose").await;
    window.see("tenants.csv").await;
    window.tick(&window.texts.of_key("life:create.goOn"), true).await;
    window.check("create-file").await;
    window.click_text("create:next").await;
    window.see("Collège B").await;
    window.check("create-file-plan").await;
    window.click(&window.texts.with("life:create.action", &[("count", "2")])).await;
    window.see_no_dialog().await;
    window.see_row(&["Collège A", "college_a"]).await;
    window.see_row(&["Collège C", "college_c"]).await;
    let domains = "select string_agg(domain, ' ' order by domain) from cadastre.domain d join cadastre.tenant t on t.id = d.tenant \
                   where t.schema_name = 'college_c'";
    assert_eq!(fleet.database.value(domains).await, "c.example www.c.example");
    let refused = "select count(*)::text from pg_namespace where nspname = 'college_b'";
    assert_eq!(fleet.database.value(refused).await, "0");
}

/// Closed from the list, and opened again from its page: the rights are what they were.
pub async fn close_and_open(window: &Window, fleet: &Fleet) {
    let rights = format!(
        "select concat(n.nspacl, r.rolcanlogin, obj_description(n.oid)) from pg_namespace n, pg_roles r \
         where n.nspname = '{0}' and r.rolname = '{0}'",
        NEW.1
    );
    let before = fleet.database.value(&rights).await;
    crate::steps::select(window, &[NEW.0]).await;
    window.click_text("common:action.more").await;
    window.click_text("tenants:action.deactivate").await;
    window.see(&format!("alter role \"{}\" nologin", NEW.1)).await;
    window.check("deactivate-plan").await;
    window.click(&window.texts.with("life:deactivate.action", &[("count", "1")])).await;
    window.see_no_dialog().await;
    window.see_row(&[NEW.0, &window.texts.of_key("common:state.inactive")]).await;
    assert_ne!(fleet.database.value(&rights).await, before);
    window.click(NEW.0).await;
    window.click_text("common:action.more").await;
    window.click_text("tenant:action.activate").await;
    window.see(&format!("grant usage on schema \"{0}\" to \"{0}\"", NEW.1)).await;
    window.check("activate-plan").await;
    window.click(&window.texts.with("life:activate.action", &[("count", "1")])).await;
    window.see_no_dialog().await;
    window.see(&window.texts.with("runs:finished.activate", &[("count", "1")])).await;
    assert_eq!(fleet.database.value(&rights).await, before);
}
