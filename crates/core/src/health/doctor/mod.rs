//! The doctor: settings, rights, owners and objects that keep tenants from working, or from being kept apart.
//!
//! Each check has a stable name, a reason, and for each finding its evidence and, where one can be derived, the SQL that repairs
//! it. The number of queries does not depend on the number of tenants; the places of sequences are read in batches. What most of a
//! fleet has alike is taken as meant and is no finding: see [`DoctorCheck`] for each.
//!
//! Deliberately not a finding: functions that run with their caller's rights and pin no `search_path`. That the same function finds
//! the tables of whoever calls it is how a schema per tenant works.

mod bloat;
mod check;
mod crossing;
mod examine;
mod finding;
mod fleet;
mod grants;
mod locks;
mod misplaced;
mod ownership;
mod path;
mod public_rights;
mod registry;
mod repair;
mod repair_plan;
mod rights;
mod routines;
mod search_path;
mod sequences;
mod server;
mod sound;
mod unfinished;
mod wraparound;

pub use check::DoctorCheck;
pub use examine::{Examined, NotChecked, Report, examine, examine_telling, refused};
pub use finding::{Fact, Finding, Level};
pub use repair::apply_fix;
pub use repair_plan::{FixPlan, FixRequest, plan_fix};
pub(in crate::health) use server::Server;
pub(in crate::health) use sound::Sound;
pub(in crate::health) use wraparound::holders as horizon;
pub(super) use {examine::fleet as read_fleet, fleet::Fleet};
