//! Migrations of the fleet.

use super::{Answer, not_built};
use cadastre_core::fleet::Plan;
use cadastre_core::migration::{MigrateRequest, MigrationStatus, TemplateInfo};

/// The shipped templates.
#[tauri::command]
#[specta::specta]
pub async fn template_list() -> Answer<Vec<TemplateInfo>> {
    not_built()
}

/// The fleet against a template or a folder.
#[tauri::command]
#[specta::specta]
pub async fn migration_status(source: String) -> Answer<MigrationStatus> {
    let _ = source;
    not_built()
}

/// What migrating up would do.
#[tauri::command]
#[specta::specta]
pub async fn migration_plan(request: MigrateRequest) -> Answer<Plan> {
    let _ = request;
    not_built()
}

/// Applies a plan of [`migration_plan`]; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn migration_apply(plan: String) -> Answer<String> {
    let _ = plan;
    not_built()
}
