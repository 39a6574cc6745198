//! The Excel file of a tenant: cells decided by column type, one snapshot, constant memory, a manifest.

mod types;

pub use types::{ExportRequest, ExportedFile, ExportedTable};
