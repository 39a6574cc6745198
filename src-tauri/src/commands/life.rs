//! A tenant's life between its creation and its end: files of new tenants, other names, closing and opening, and what the
//! registry knows.

use super::{Answer, system};
use crate::state::{Desktop, StoredPlan};
use cadastre_core::access::{self, RoleRequest, Snippets};
use cadastre_core::fleet::Plan;
use cadastre_core::misplaced;
use cadastre_core::registry::{self, EditRequest, Status, Version};
use cadastre_core::tenant::{self, DeactivateRequest, RenameRequest, Selection};
use cadastre_core::{Error, ErrorKind, Result};
use std::path::Path;
use tauri::{AppHandle, State};

/// Lets the person choose a file of new tenants; `None` when the dialog was closed.
#[tauri::command]
#[specta::specta]
pub async fn tenant_list_pick(app: AppHandle, desktop: State<'_, Desktop>, title: String) -> Answer<Option<String>> {
    chosen(&app, &desktop, &title, "CSV, Excel", &["csv", "xlsx", "txt"]).await
}

/// Lets the person choose a logo or favicon; `None` when the dialog was closed.
#[tauri::command]
#[specta::specta]
pub async fn registry_image_pick(app: AppHandle, desktop: State<'_, Desktop>, title: String) -> Answer<Option<String>> {
    chosen(&app, &desktop, &title, "PNG, JPEG, SVG, WebP", &["png", "jpg", "jpeg", "svg", "webp", "gif", "ico"]).await
}

async fn chosen(
    app: &AppHandle,
    desktop: &Desktop,
    title: &str,
    kind: &str,
    endings: &[&str],
) -> Answer<Option<String>> {
    let chosen = system::ask_open(app, title, kind, endings).await;
    if let Some(path) = &chosen {
        desktop.backups.choose(path);
    }
    Ok(chosen)
}

/// Refuses a file that no person has chosen here.
fn require_chosen(desktop: &Desktop, path: &str) -> Result<()> {
    match desktop.backups.has_chosen(path) {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::FileUnreadable { path: path.to_owned() })),
    }
}

/// Checks a file of new tenants, line by line, and shows the SQL that would create them; applied by `tenant_create_apply`.
#[tauri::command]
#[specta::specta]
pub async fn tenant_create_listed_plan(
    desktop: State<'_, Desktop>,
    path: String,
    template: Option<String>,
    role: Option<RoleRequest>,
    go_on: bool,
) -> Answer<Plan> {
    let database = desktop.database()?;
    database.require_writable("create")?;
    require_chosen(&desktop, &path)?;
    let lines = tenant::read_list(Path::new(&path), template.as_deref(), role.as_ref())?;
    let plan = tenant::plan_create_listed(&database, lines, go_on).await?;
    let shown = plan.plan.clone();
    desktop.keep_plan(&shown.id, StoredPlan::Create(database, Box::new(plan)));
    Ok(shown)
}

/// What closing tenants would do.
#[tauri::command]
#[specta::specta]
pub async fn tenant_deactivate_plan(desktop: State<'_, Desktop>, request: DeactivateRequest) -> Answer<Plan> {
    let database = desktop.database()?;
    database.require_writable("deactivate")?;
    let plan = tenant::plan_deactivate(&database, request).await?;
    let shown = plan.plan.clone();
    desktop.keep_plan(&shown.id, StoredPlan::Deactivate(database, Box::new(plan)));
    Ok(shown)
}

/// What opening tenants again would do.
#[tauri::command]
#[specta::specta]
pub async fn tenant_activate_plan(desktop: State<'_, Desktop>, tenants: Vec<String>) -> Answer<Plan> {
    let database = desktop.database()?;
    database.require_writable("activate")?;
    let plan = tenant::plan_activate(&database, &tenants).await?;
    let shown = plan.plan.clone();
    desktop.keep_plan(&shown.id, StoredPlan::Activate(database, Box::new(plan)));
    Ok(shown)
}

/// What another name, or another schema, would change.
#[tauri::command]
#[specta::specta]
pub async fn tenant_rename_plan(desktop: State<'_, Desktop>, request: RenameRequest) -> Answer<Plan> {
    let database = desktop.database()?;
    database.require_writable("rename")?;
    let plan = tenant::plan_rename(&database, &request).await?;
    let shown = plan.plan.clone();
    desktop.keep_plan(&shown.id, StoredPlan::Rename(database, Box::new(plan)));
    Ok(shown)
}

/// What would change in the registry.
#[tauri::command]
#[specta::specta]
pub async fn tenant_set_plan(desktop: State<'_, Desktop>, tenants: Vec<String>, request: EditRequest) -> Answer<Plan> {
    let database = desktop.database()?;
    database.require_writable("set")?;
    for path in [&request.logo, &request.favicon].into_iter().flatten().filter(|path| !path.is_empty()) {
        require_chosen(&desktop, path)?;
    }
    let plan = tenant::plan_set(&database, &Selection::named(tenants), request.assignments()?).await?;
    let shown = plan.plan.clone();
    desktop.keep_plan(&shown.id, StoredPlan::Set(database, Box::new(plan)));
    Ok(shown)
}

/// What installing the registry would make.
#[tauri::command]
#[specta::specta]
pub async fn registry_install_plan(desktop: State<'_, Desktop>) -> Answer<Plan> {
    let database = desktop.database()?;
    database.require_writable("registry")?;
    let plan = registry::plan_install(&database).await?;
    let shown = plan.plan.clone();
    desktop.keep_plan(&shown.id, StoredPlan::Install(database, Box::new(plan)));
    Ok(shown)
}

/// Applies a plan of these; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn life_apply(desktop: State<'_, Desktop>, plan: String) -> Answer<String> {
    let run = match desktop.take_plan(&plan)? {
        StoredPlan::Deactivate(database, stored) => tenant::apply_deactivate(&desktop.home, &database, *stored).await?,
        StoredPlan::Activate(database, stored) => tenant::apply_activate(&desktop.home, &database, *stored).await?,
        StoredPlan::Rename(database, stored) => tenant::apply_rename(&desktop.home, &database, *stored).await?,
        StoredPlan::Set(database, stored) => tenant::apply_set(&desktop.home, &database, *stored).await?,
        StoredPlan::Install(database, stored) => registry::apply_install(&desktop.home, &database, *stored).await?,
        StoredPlan::Move(database, stored) => misplaced::apply_move(&desktop.home, &database, *stored).await?,
        _ => return Err(Error::new(ErrorKind::PlanMissing { id: plan }).into()),
    };
    Ok(desktop.keep_run(run))
}

/// What this database has of the registry.
#[tauri::command]
#[specta::specta]
pub async fn registry_status(desktop: State<'_, Desktop>) -> Answer<Status> {
    Ok(registry::status(&desktop.database()?).await?)
}

/// Former values of a tenant's entry, newest first.
#[tauri::command]
#[specta::specta]
pub async fn registry_history(desktop: State<'_, Desktop>, schema: String) -> Answer<Vec<Version>> {
    let database = desktop.database()?;
    let mut session = database.catalog().await?;
    Ok(registry::versions(&mut session, &schema, 200).await?)
}

/// How an application reaches a tenant, as texts to be copied.
#[tauri::command]
#[specta::specta]
pub async fn tenant_connection(desktop: State<'_, Desktop>, schema: String) -> Answer<Snippets> {
    let database = desktop.database()?;
    let detail = tenant::show(&database, &schema, None).await?;
    let role = detail.role.unwrap_or_else(|| database.profile().user.clone());
    Ok(access::snippets(database.profile(), &detail.summary.schema, &role)?)
}
