//! `cadastre tenant rename`, `activate`, `deactivate`, `set`, `connection`.

use super::{confirm, finish, show_plan, shown};
use crate::arguments::{TenantDeactivate, TenantRename, TenantSet};
use crate::context::Context;
use crate::{output, progress};
use cadastre_core::access::{self, Kept};
use cadastre_core::connection::Database;
use cadastre_core::registry::{Assignment, EditRequest};
use cadastre_core::tenant::{self, DeactivateRequest, RenameRequest, Selection};
use cadastre_core::{ErrorKind, Result};
use secrecy::ExposeSecret;

pub async fn rename(context: &Context, arguments: TenantRename) -> Result<u8> {
    let database = writable(context, "rename").await?;
    let TenantRename { tenant, name, schema } = arguments;
    let plan = tenant::plan_rename(&database, &RenameRequest { tenant, name, schema }).await?;
    if context.common.dry_run {
        return show_plan(context, &plan.plan, &plan.plan);
    }
    let run = tenant::apply_rename(&context.home, &database, plan).await?;
    let summary = progress::follow(&run, context.common.json).await;
    finish(context, &summary, "renamed")
}

pub async fn deactivate(context: &Context, arguments: TenantDeactivate) -> Result<u8> {
    let database = writable(context, "deactivate").await?;
    let TenantDeactivate { tenants, end_sessions, keep_login } = arguments;
    let request = DeactivateRequest { tenants, end_sessions, keep_login };
    let plan = tenant::plan_deactivate(&database, request).await?;
    if context.common.dry_run {
        return show_plan(context, &plan.plan, &plan.plan);
    }
    if shown(&plan.plan) == 0 {
        let open = plan.plan.tenants.iter().filter(|tenant| tenant.skipped.is_none()).count();
        if open > 0 {
            confirm(context, &format!("Deactivate {}?", output::tenants(open as u32)))?;
        }
    }
    let run = tenant::apply_deactivate(&context.home, &database, plan).await?;
    let summary = progress::follow(&run, context.common.json).await;
    if !context.common.json {
        for (schema, detail) in summary.tenants.iter().filter_map(|t| Some((&t.schema, t.detail.as_ref()?))) {
            output::note(&format!("{}: {}", output::clean(schema), output::clean(detail)));
        }
    }
    finish(context, &summary, "deactivated")
}

pub async fn activate(context: &Context, tenants: &[String]) -> Result<u8> {
    let database = writable(context, "activate").await?;
    let plan = tenant::plan_activate(&database, tenants).await?;
    if context.common.dry_run {
        return show_plan(context, &plan.plan, &plan.plan);
    }
    let run = tenant::apply_activate(&context.home, &database, plan).await?;
    let summary = progress::follow(&run, context.common.json).await;
    finish(context, &summary, "activated")
}

pub async fn set(context: &Context, arguments: TenantSet) -> Result<u8> {
    let (selection, assignments) = assignments(arguments)?;
    let database = writable(context, "set").await?;
    let plan = tenant::plan_set(&database, &selection, assignments).await?;
    if context.common.dry_run {
        return show_plan(context, &plan.plan, &plan.plan);
    }
    let run = tenant::apply_set(&context.home, &database, plan).await?;
    let summary = progress::follow(&run, context.common.json).await;
    finish(context, &summary, "changed")
}

fn usage(reason: impl Into<String>) -> cadastre_core::Error {
    ErrorKind::Usage { reason: reason.into() }.into()
}

/// Which tenants, and what of them.
fn assignments(arguments: TenantSet) -> Result<(Selection, Vec<Assignment>)> {
    let mut fields = arguments.fields;
    let mut selection = Selection { all: arguments.all, select: arguments.select.clone(), ..Selection::default() };
    match arguments.tenant {
        Some(first) if arguments.all || !arguments.select.is_empty() => fields.insert(0, first),
        Some(tenant) => selection.names.push(tenant),
        None if selection.is_said() => {}
        None => return Err(usage("Name a tenant, or say --all or --select.")),
    }
    let pairs = fields.iter().map(|text| pair(text).map(|(field, value)| (field.to_owned(), value.to_owned())));
    let image = |file: Option<String>, away: bool| file.or_else(|| away.then(String::new));
    let active = [(arguments.domains_off, false), (arguments.domains_on, true)];
    let request = EditRequest {
        fields: pairs.collect::<Result<_>>()?,
        add_domains: arguments.domains,
        remove_domains: arguments.removed_domains,
        primary_domain: arguments.primary_domain,
        domains_active: active.into_iter().flat_map(|(all, on)| all.into_iter().map(move |d| (d, on))).collect(),
        modules: arguments.modules,
        logo: image(arguments.logo, arguments.no_logo),
        favicon: image(arguments.favicon, arguments.no_favicon),
    };
    Ok((selection, request.assignments()?))
}

/// Splits `field=value`.
pub fn pair(text: &str) -> Result<(&str, &str)> {
    text.split_once('=').ok_or_else(|| usage(format!("{text} is not of the form FIELD=VALUE.")))
}

pub async fn connection(context: &Context, name: &str, show_password: bool) -> Result<u8> {
    let database = context.database().await?;
    let detail = tenant::show(&database, name, None).await?;
    let own = detail.role.clone().unwrap_or_else(|| database.profile().user.clone());
    let snippets = access::snippets(database.profile(), &detail.summary.schema, &own)?;
    let password = match show_password {
        true => Kept::of(&context.home, &context.secrets, &database).await?.password(&own).await?,
        false => None,
    };
    let password = password.as_ref().map(ExposeSecret::expose_secret);
    if context.common.json {
        let mut document = serde_json::to_value(&snippets).unwrap_or_default();
        if show_password {
            document["password"] = password.into();
        }
        output::json(&document)?;
        return Ok(0);
    }
    output::line(&output::clean(&snippets.url));
    match password {
        Some(password) => output::line(&format!("password: {password}")),
        None if show_password => output::note("This computer's keyring has no password of that role."),
        None => {}
    }
    output::print(&format!("\n# SQLAlchemy, FastAPI\n{}\n# Django\n{}", snippets.sqlalchemy, snippets.django));
    Ok(0)
}

/// The database, refused early where nothing could be changed.
async fn writable(context: &Context, operation: &str) -> Result<Database> {
    let database = context.database().await?;
    if !context.common.dry_run {
        database.require_writable(operation)?;
    }
    Ok(database)
}
