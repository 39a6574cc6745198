//! `cadastre registry …`

use super::{finish, show_plan};
use crate::arguments::Registry;
use crate::context::Context;
use crate::{output, progress};
use cadastre_core::registry::{self, RoutingRequest, Status};
use cadastre_core::{Result, migration, tenant};

pub async fn run(context: &Context, command: Registry) -> Result<u8> {
    match command {
        Registry::Install { plan } => install(context, plan.as_deref()).await,
        Registry::Status => status(context).await,
        Registry::Grant { role } => routing(context, role, false).await,
        Registry::Revoke { role } => routing(context, role, true).await,
        Registry::History { tenant, limit } => history(context, &tenant, limit).await,
    }
}

async fn install(context: &Context, expected: Option<&str>) -> Result<u8> {
    let database = context.database().await?;
    if !context.common.dry_run {
        database.require_writable("registry")?;
    }
    let plan = registry::plan_install(&database).await?;
    if let Some(expected) = expected {
        migration::require_fingerprint(&plan.plan, expected)?;
    }
    if context.common.dry_run {
        return show_plan(context, &plan.plan, &plan.plan);
    }
    let run = registry::apply_install(&context.home, &database, plan).await?;
    let summary = progress::follow(&run, context.common.json).await;
    if context.common.json || summary.failed + summary.cancelled + summary.not_started > 0 {
        return finish(context, &summary, "installed");
    }
    output::line(match summary.skipped {
        0 => "The registry is installed, in the schema cadastre.",
        _ => "The registry is there already, in its present version.",
    });
    Ok(0)
}

async fn status(context: &Context) -> Result<u8> {
    let database = context.database().await?;
    let status = registry::status(&database).await?;
    if context.common.json {
        output::json(&status)?;
        return Ok(0);
    }
    let Status { installed, readable, version, pending, newer, tenants, routing, .. } = status;
    if !installed {
        output::line("There is no registry in this database.");
        output::note("`cadastre registry install` makes it; --dry-run shows the SQL.");
        return Ok(0);
    }
    if !readable {
        output::line("There is a registry, and this role may not read it.");
        return Ok(0);
    }
    let version = version.map_or_else(|| "–".to_owned(), |version| version.to_string());
    output::line(&format!("version {version}, {pending} pending, {}", output::tenants(tenants)));
    if newer {
        output::note("It was made by a newer version of Cadastre.");
    }
    let routing = if routing.is_empty() { "nobody".to_owned() } else { output::clean(&routing.join(", ")) };
    output::line(&format!("may ask for the tenant of a domain: {routing}"));
    Ok(0)
}

async fn routing(context: &Context, role: String, revoke: bool) -> Result<u8> {
    let database = context.database().await?;
    if !context.common.dry_run {
        database.require_writable("registry")?;
    }
    let plan = registry::plan_routing(&database, RoutingRequest { role, revoke }).await?;
    if context.common.dry_run {
        return show_plan(context, &plan.plan, &plan.plan);
    }
    let run = registry::apply_routing(&context.home, &database, plan).await?;
    let summary = progress::follow(&run, context.common.json).await;
    finish(context, &summary, if revoke { "revoked" } else { "granted" })
}

async fn history(context: &Context, name: &str, limit: u32) -> Result<u8> {
    let database = context.database().await?;
    let mut session = database.catalog().await?;
    let schema = tenant::resolve(&mut session, name).await?.summary.schema;
    let versions = registry::versions(&mut session, &schema, limit).await?;
    if context.common.json {
        output::json(&versions)?;
        return Ok(0);
    }
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".into());
    output::table(
        &["WHEN", "WHO", "WHAT", "FIELD", "BEFORE", "AFTER"],
        &[],
        versions.iter().flat_map(|version| {
            version.changes.iter().map(|change| {
                let who = version.person.clone().unwrap_or_else(|| version.role.clone());
                let (before, after) = (value(&change.before), value(&change.after));
                vec![version.at.clone(), who, version.object.clone(), change.field.clone(), before, after]
            })
        }),
    );
    Ok(0)
}
