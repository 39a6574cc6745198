//! `cadastre tenant …`

use super::stats::note_uncounted;
use super::{adopt, life, misplaced, quarantine};
use super::{finish, show_plan};
use crate::arguments::{OnError, Select, Tenant, TenantCreate};
use crate::context::Context;
use crate::{output, progress};
use cadastre_core::access::RoleRequest;
use cadastre_core::adoption::SourceEntry;
use cadastre_core::catalog::{Table, TableKind};
use cadastre_core::connection::Database;
use cadastre_core::migration::{self, Source};
use cadastre_core::stats::{self, Figures};
use cadastre_core::tenant::{
    self, CloneRequest, CreatePlan, CreateRequest, Selection, TenantDetail, TenantState, TenantSummary,
};
use cadastre_core::{Error, ErrorKind, Result};
use std::collections::HashMap;
use std::path::Path;

pub async fn run(context: &Context, command: Tenant) -> Result<u8> {
    match command {
        Tenant::List { exact, dir, select } => list(context, exact, dir.as_deref(), &select).await,
        Tenant::Adopt(arguments) => adopt::run(context, arguments).await,
        Tenant::Show { tenant } => show(context, &tenant).await,
        Tenant::Create(arguments) => create(context, arguments).await,
        Tenant::Rename(arguments) => life::rename(context, arguments).await,
        Tenant::Deactivate(arguments) => life::deactivate(context, arguments).await,
        Tenant::Activate { tenants } => life::activate(context, &tenants).await,
        Tenant::Set(arguments) => life::set(context, arguments).await,
        Tenant::Misplaced(arguments) => misplaced::list(context, &arguments).await,
        Tenant::MoveTables(arguments) => misplaced::move_tables(context, arguments).await,
        Tenant::Connection { tenant, show_password } => life::connection(context, &tenant, show_password).await,
        Tenant::Drop(arguments) => quarantine::drop(context, arguments).await,
        Tenant::Undrop(arguments) => quarantine::undrop(context, arguments).await,
        Tenant::Purge(arguments) => quarantine::purge(context, arguments).await,
        Tenant::Clone { source, name, schema, no_data } => {
            clone(context, &CloneRequest { source, name, schema, data: !no_data }).await
        }
    }
}

async fn list(context: &Context, exact: bool, dir: Option<&str>, select: &Select) -> Result<u8> {
    let source = dir.map(Source::open).transpose()?;
    let database = context.database().await?;
    let selection = Selection::from(select);
    if selection.state == Some(TenantState::Quarantined) {
        return quarantine::list(context, &database, &selection).await;
    }
    let mut tenants = tenant::list(&database, source.as_ref(), &selection).await?.tenants;
    tenant::note_last_backups(&context.home, &database, &mut tenants).await?;
    if exact && !tenants.is_empty() {
        let figures = stats::read(&database, &selection, Figures::Exact).await?;
        note_uncounted(&figures);
        let mut totals: HashMap<_, _> = figures.into_iter().map(|s| (s.schema, s.totals)).collect();
        for tenant in &mut tenants {
            if let Some(exact) = totals.remove(&tenant.schema) {
                (tenant.rows, tenant.rows_estimated) = (exact.rows, exact.rows_estimated);
                (tenant.size_bytes, tenant.size_estimated) = (exact.size_bytes, false);
            }
        }
    }
    if context.common.json {
        output::json(&tenants)?;
        return Ok(0);
    }
    if tenants.is_empty() {
        output::note(if selection.is_everything() {
            "This database has no tenant. `cadastre tenant adopt` shows which schemas there are, and why they are none."
        } else {
            "No tenant fits."
        });
        return Ok(0);
    }
    output::table(
        &["SCHEMA", "NAME", "STATE", "TEMPLATE", "VERSION", "PENDING", "TABLES", "ROWS", "SIZE"],
        &[5, 6, 7, 8],
        tenants.iter().map(row),
    );
    for (tenant, quota) in tenants.iter().filter_map(|tenant| Some((tenant, tenant.quota.as_ref()?))) {
        for exceeded in &quota.exceeded {
            let schema = output::clean(&tenant.schema);
            output::note(&match exceeded.as_str() {
                "people" => format!(
                    "{schema} has {} people; its quota is {}.",
                    output::figure(quota.people.unwrap_or_default(), true),
                    output::figure(quota.people_limit.unwrap_or_default(), false)
                ),
                _ => format!(
                    "{schema} takes {}; its quota is {}.",
                    output::bytes(tenant.size_bytes),
                    output::bytes(quota.storage_limit.unwrap_or_default())
                ),
            });
        }
    }
    Ok(0)
}

fn row(t: &TenantSummary) -> Vec<String> {
    vec![
        t.schema.clone(),
        t.name.clone(),
        state(t.state).into(),
        t.template.clone().unwrap_or_else(|| "–".into()),
        t.version.map_or_else(|| "–".into(), |v| v.to_string()),
        t.pending.map_or_else(|| "–".into(), |p| p.to_string()),
        t.tables.to_string(),
        output::figure(t.rows, t.rows_estimated),
        format!("{}{}", if t.size_estimated { "≈ " } else { "" }, output::bytes(t.size_bytes)),
    ]
}

fn state(state: TenantState) -> &'static str {
    match state {
        TenantState::Active => "active",
        TenantState::Inactive => "inactive",
        TenantState::Quarantined => "quarantined",
    }
}

async fn show(context: &Context, name: &str) -> Result<u8> {
    let database = context.database().await?;
    let mut detail = tenant::show(&database, name, None).await?;
    tenant::note_last_backups(&context.home, &database, std::slice::from_mut(&mut detail.summary)).await?;
    if context.common.json {
        output::json(&document(&detail)?)?;
        return Ok(0);
    }
    let s = &detail.summary;
    output::line(&format!("{} ({}), {}", output::clean(&s.name), output::clean(&s.schema), state(s.state)));
    if let (Some(template), Some(version)) = (&s.template, s.version) {
        output::line(&format!("template {template}, version {version}, {} pending", s.pending.unwrap_or_default()));
    }
    if let Some(entry) = &detail.source {
        output::line(&clean_entry(entry));
    }
    output::line(&format!("grants: {}\n", output::clean(&detail.grants.join("; "))));
    output::table(
        &["TABLE", "ROWS", "SIZE", "INDEXES", "DEAD ROWS", "COLUMNS"],
        &[1, 2, 3, 4, 5],
        detail.tables.iter().filter(|t| t.kind != TableKind::View).map(|t| {
            vec![
                t.table.clone(),
                output::figure(t.rows, t.rows_estimated),
                output::bytes(t.size_bytes),
                output::bytes(t.index_bytes),
                output::figure(t.dead_rows, false),
                t.columns.to_string(),
            ]
        }),
    );
    let views: Vec<&str> =
        detail.tables.iter().filter(|t| t.kind == TableKind::View).map(|t| t.table.as_str()).collect();
    if !views.is_empty() {
        output::line(&format!("\nviews: {}", output::clean(&views.join(", "))));
    }
    Ok(0)
}

/// What a registry says, in a line.
fn clean_entry(entry: &SourceEntry) -> String {
    let mut parts = vec![adopt::kind(entry.registry).to_owned()];
    parts.extend((!entry.table.is_empty()).then(|| format!("in {}", entry.table)));
    let domains: Vec<&str> = entry.domains.iter().map(|d| d.domain.as_str()).collect();
    let mut said = Vec::new();
    said.extend((!domains.is_empty()).then(|| format!("domains {}", domains.join(", "))));
    said.extend(entry.state_from.clone());
    said.extend(entry.kind.clone());
    let said = if said.is_empty() { "names it".to_owned() } else { said.join("; ") };
    output::clean(&format!("{}: {said}", parts.join(" ")))
}

/// The list's keys, with the tables themselves in the place of their number, and the views beside them.
fn document(detail: &TenantDetail) -> Result<serde_json::Value> {
    let unwritten =
        |e| Error::new(ErrorKind::Internal { what: "the answer cannot be written as JSON".into() }).source(e);
    let (views, tables): (Vec<&Table>, Vec<&Table>) = detail.tables.iter().partition(|t| t.kind == TableKind::View);
    // Through a map, which holds every key once; written directly, `tables` would be there twice.
    let mut document = serde_json::to_value(detail).map_err(unwritten)?;
    document["tables"] = serde_json::to_value(tables).map_err(unwritten)?;
    document["views"] = serde_json::to_value(views).map_err(unwritten)?;
    Ok(document)
}

async fn create(context: &Context, arguments: TenantCreate) -> Result<u8> {
    let role = role(&arguments);
    let TenantCreate { names, schema, template, from, on_error, fields, domains, modules, plan: expected, .. } =
        arguments;
    if schema.is_some() && names.len() > 1 {
        return Err(
            ErrorKind::Usage { reason: "--schema names one schema, and several tenants were given.".into() }.into()
        );
    }
    if names.len() > 1
        && (role.as_ref().is_some_and(|role| role.name.is_some() && !role.existing) || !domains.is_empty())
    {
        let reason =
            "A role and a domain belong to one tenant, and several were given; --from takes a file of tenants.";
        return Err(ErrorKind::Usage { reason: reason.into() }.into());
    }
    let fields = fields.iter().map(|text| life::pair(text).map(|(field, value)| (field.to_owned(), value.to_owned())));
    let fields: Vec<(String, String)> = fields.collect::<Result<_>>()?;
    // Before anything is asked of a server: a file that is not there is found out at once.
    let listed =
        from.map(|file| tenant::read_list(Path::new(&file), template.as_deref(), role.as_ref())).transpose()?;
    let database = context.database().await?;
    if !context.common.dry_run {
        database.require_writable("create")?;
    }
    let plan = match listed {
        Some(lines) => tenant::plan_create_listed(&database, lines, on_error == OnError::Continue).await?,
        None => {
            let request = |name| CreateRequest {
                name,
                schema: schema.clone(),
                template: template.clone(),
                role: role.clone(),
                domains: domains.clone(),
                modules: modules.clone(),
                fields: fields.clone(),
            };
            tenant::plan_create(&database, names.into_iter().map(request).collect()).await?
        }
    };
    if let Some(expected) = &expected {
        migration::require_fingerprint(&plan.plan, expected)?;
    }
    carry_out(context, &database, plan).await
}

/// What is said of the tenant's own role.
fn role(arguments: &TenantCreate) -> Option<RoleRequest> {
    let name = arguments.role.as_ref()?;
    Some(RoleRequest {
        name: Some(name.clone()).filter(|name| !name.is_empty()),
        login: arguments.login,
        existing: arguments.existing_role,
        may_create: arguments.role_may_create,
        database_search_path: arguments.database_search_path,
    })
}

async fn clone(context: &Context, request: &CloneRequest) -> Result<u8> {
    let database = context.database().await?;
    if !context.common.dry_run {
        database.require_writable("clone")?;
    }
    let plan = tenant::plan_clone(&database, request).await?;
    if context.common.dry_run {
        return show_plan(context, &plan.plan, &plan.plan);
    }
    let clone = tenant::apply_clone(&context.home, &database, plan).await?;
    let summary = progress::follow(&clone.run, context.common.json).await;
    clone.remarks().iter().for_each(|remark| output::note(&output::clean(&remark.to_string())));
    finish(context, &summary, "cloned")
}

/// Shows a plan of new tenants, or applies it.
pub async fn carry_out(context: &Context, database: &Database, plan: CreatePlan) -> Result<u8> {
    if context.common.dry_run {
        return show_plan(context, &plan.plan, &plan.plan);
    }
    let run = tenant::apply_create(
        &context.home,
        database,
        plan.with_jobs(context.common.jobs).with_secrets(&context.secrets),
    )
    .await?;
    let summary = progress::follow(&run, context.common.json).await;
    finish(context, &summary, "created")
}
