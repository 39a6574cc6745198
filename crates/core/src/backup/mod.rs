//! Archives: a tenant as PostgreSQL's own `pg_dump` writes it, with a manifest beside it that says what it must hold.
//!
//! A backup counts when it has been brought back: `dump` writes the archive from the snapshot in which our own session takes
//! the digests of the rows, and `restore` brings it back within a transaction that is rolled back, beside the live tenant.
//! The same way brings a tenant back for good, under its own name or another. `client` finds the programs, `script`, `token`
//! and `filter` read what `pg_restore` writes, `cast` has what `pg_dump` leaves out, `proof` compares, `manifest`, `folder` and `part` are the files.

mod archiver;
mod cast;
mod client;
mod dump;
mod filter;
mod folder;
mod manifest;
mod plan;
mod process;
mod proof;
mod restore;
mod return_plan;
mod run;
mod script;
mod snapshot;
mod token;

pub(crate) use archiver::Archiver;
pub use client::{Client, ClientVersion, choose, clients};
pub use folder::{Backup, find, list};
pub use manifest::{Archive, Manifest};
pub use plan::{BackupPlan, BackupRequest, plan, plan_resume};
pub use return_plan::{ReturnPlan, plan_restore, plan_verify};
pub use run::{BackupRun, ProvenTable, ReturnReport, ReturnRun, apply, apply_return};
