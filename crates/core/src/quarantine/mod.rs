//! The end of a tenant's life: a verified backup, quarantine, the way back, and the purge.
//!
//! A dropped tenant is first saved to a workbook that is read back, then renamed to `_cadastre_q_…` and closed to everybody
//! but its owner, and then read again: what is in quarantine is what the backup holds, or the tenant is put back at once.
//! The schema's comment holds the [`Record`] that [`plan_undrop`] and [`plan_purge`] work from, on whatever computer. A purge
//! removes a quarantined tenant in batches that fit into the server's lock table, and never anything beyond it.

mod backup_check;
mod backup_file;
mod batch;
mod drop;
mod drop_plan;
mod find;
mod graph;
mod losses;
mod proof;
mod purge;
mod purge_plan;
mod record;
mod seal;
mod undrop;

pub use self::drop::{DropRun, Dropped, apply_drop};
pub use backup_check::{BackupCheck, BackupState, check_backup, glance_at_backups};
pub use drop_plan::{DropPlan, DropRequest, plan_drop};
pub use find::{Quarantined, quarantined};
pub use losses::{Dependent, Losses, Mention, Worker as SessionAtWork};
pub use purge::apply_purge;
pub use purge_plan::{PurgePlan, PurgeRequest, plan_purge};
pub use record::Record;
pub(crate) use record::former_name;
pub use undrop::{UndropPlan, UndropRequest, apply_undrop, plan_undrop};
