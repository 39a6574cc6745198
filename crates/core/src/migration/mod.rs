//! Versioned SQL files, their history in each tenant, and moving a fleet from one version to another.

mod status;

pub use status::{AppliedMigration, MigrateRequest, MigrationInfo, MigrationStatus, TemplateInfo, TenantMigrations};
