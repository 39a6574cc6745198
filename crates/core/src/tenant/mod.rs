//! Which schemas are tenants, and their life.

mod activation;
mod choose;
mod clone;
mod create;
mod creation;
mod discovery;
mod import;
mod last_backup;
mod list_file;
mod name;
mod rename;
mod rows;
mod set;
mod show;
mod types;

pub(crate) use activation::is_deactivated;
pub use activation::{
    ActivatePlan, DeactivatePlan, DeactivateRequest, apply_activate, apply_deactivate, plan_activate, plan_deactivate,
};
pub(crate) use choose::glob;
pub use choose::{Selection, choose};
pub use clone::{ClonePlan, CloneRequest, CloneRun, apply_clone, plan_clone};
pub use create::{CreatePlan, apply_create, plan_create, plan_create_listed, plan_create_resume};
pub(crate) use creation::{make as make_in, require_creatable, script as creation_script};
pub use discovery::{Found, discover, discover_with_histories, exact_sizes, list};
pub(crate) use discovery::{display_name, grounds, left_of, with_entries};
pub use import::plan_import;
pub use last_backup::note_last_backups;
pub use list_file::{Listed, read_list};
pub(crate) use name::is_taken;
pub use name::{check_schema_name, derive_schema_name};
pub use rename::{RenamePlan, RenameRequest, apply_rename, plan_rename};
pub use rows::{count, rows};
pub use set::{SetPlan, apply_set, plan_set};
pub use show::{resolve, show, table};
pub use types::{
    CreateRequest, FilterOperator, Page, RowFilter, RowQuery, TenantDetail, TenantList, TenantState, TenantSummary,
};
