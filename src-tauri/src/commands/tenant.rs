//! Tenants: list, page, rows, create.

use super::Answer;
use crate::state::{Desktop, StoredPlan};
use cadastre_core::catalog::TableStructure;
use cadastre_core::fleet::Plan;
use cadastre_core::rebuild::Remark;
use cadastre_core::tenant::{self, CloneRequest, CreateRequest, Page, RowQuery, Selection, TenantDetail, TenantList};
use cadastre_core::{Error, ErrorKind};
use tauri::State;

/// The exact size of a tenant, read in the background after the list.
#[derive(Debug, Clone, serde::Serialize, specta::Type)]
pub struct TenantSize {
    /// Schema.
    pub schema: String,
    /// Tables, TOAST and indexes, bytes.
    #[specta(type = u32)]
    pub size_bytes: i64,
}

/// Every tenant with estimated figures; a fixed number of catalog queries.
#[tauri::command]
#[specta::specta]
pub async fn tenant_list(desktop: State<'_, Desktop>) -> Answer<TenantList> {
    let database = desktop.database()?;
    let mut list = tenant::list(&database, None, &Selection::default()).await?;
    tenant::note_last_backups(&desktop.home, &database, &mut list.tenants).await?;
    Ok(list)
}

/// Exact sizes of all tenants; slower, meant for the background.
#[tauri::command]
#[specta::specta]
pub async fn tenant_sizes(desktop: State<'_, Desktop>) -> Answer<Vec<TenantSize>> {
    let sizes = tenant::exact_sizes(&desktop.database()?).await?;
    Ok(sizes.into_iter().map(|(schema, size_bytes)| TenantSize { schema, size_bytes }).collect())
}

/// One tenant's page.
#[tauri::command]
#[specta::specta]
pub async fn tenant_show(desktop: State<'_, Desktop>, schema: String) -> Answer<TenantDetail> {
    let database = desktop.database()?;
    let mut detail = tenant::show(&database, &schema, None).await?;
    tenant::note_last_backups(&desktop.home, &database, std::slice::from_mut(&mut detail.summary)).await?;
    Ok(detail)
}

/// Columns, constraints and indexes of a table.
#[tauri::command]
#[specta::specta]
pub async fn table_show(desktop: State<'_, Desktop>, schema: String, table: String) -> Answer<TableStructure> {
    Ok(tenant::table(&desktop.database()?, &schema, &table).await?)
}

/// A page of rows.
#[tauri::command]
#[specta::specta]
pub async fn table_rows(desktop: State<'_, Desktop>, query: RowQuery) -> Answer<Page> {
    Ok(tenant::rows(&desktop.database()?, &query).await?)
}

/// Exact number of rows of a table, with the query's filters.
#[tauri::command]
#[specta::specta]
pub async fn table_count(desktop: State<'_, Desktop>, query: RowQuery) -> Answer<u32> {
    let count = tenant::count(&desktop.database()?, &query).await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The schema name that a display name leads to, for the form.
#[tauri::command]
#[specta::specta]
pub async fn tenant_schema_name(name: String) -> Answer<String> {
    Ok(tenant::derive_schema_name(&name)?)
}

/// Checks a new tenant and shows the SQL that would create it.
#[tauri::command]
#[specta::specta]
pub async fn tenant_create_plan(desktop: State<'_, Desktop>, request: CreateRequest) -> Answer<Plan> {
    let database = desktop.database()?;
    database.require_writable("create")?;
    let plan = tenant::plan_create(&database, vec![request]).await?;
    let shown = plan.plan.clone();
    desktop.keep_plan(&shown.id, StoredPlan::Create(database, Box::new(plan)));
    Ok(shown)
}

/// Applies a plan of [`tenant_create_plan`]; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn tenant_create_apply(desktop: State<'_, Desktop>, plan: String) -> Answer<String> {
    let StoredPlan::Create(database, stored) = desktop.take_plan(&plan)? else {
        return Err(Error::new(ErrorKind::PlanMissing { id: plan }).into());
    };
    let run = tenant::apply_create(&desktop.home, &database, stored.with_secrets(&desktop.secrets)).await?;
    Ok(desktop.keep_run(run))
}

/// Checks a clone and shows the SQL that would make it.
#[tauri::command]
#[specta::specta]
pub async fn tenant_clone_plan(desktop: State<'_, Desktop>, request: CloneRequest) -> Answer<Plan> {
    let database = desktop.database()?;
    database.require_writable("clone")?;
    let plan = tenant::plan_clone(&database, &request).await?;
    let shown = plan.plan.clone();
    desktop.keep_plan(&shown.id, StoredPlan::Clone(database, Box::new(plan)));
    Ok(shown)
}

/// Applies a plan of [`tenant_clone_plan`]; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn tenant_clone_apply(desktop: State<'_, Desktop>, plan: String) -> Answer<String> {
    let StoredPlan::Clone(database, stored) = desktop.take_plan(&plan)? else {
        return Err(Error::new(ErrorKind::PlanMissing { id: plan }).into());
    };
    let clone = tenant::apply_clone(&desktop.home, &database, *stored).await?;
    desktop.life.keep_clone(clone.clone());
    Ok(desktop.keep_run(clone.run))
}

/// What is not as in the source after a clone of this window; nothing for a run of another time.
#[tauri::command]
#[specta::specta]
pub async fn tenant_clone_remarks(desktop: State<'_, Desktop>, run: String) -> Answer<Vec<Remark>> {
    Ok(desktop.life.clone_remarks(&run))
}
