//! Closing a tenant to everybody who uses it, and opening it again exactly as it was.
//!
//! A deactivated tenant keeps its name and its data. Nobody but the administrator who owns its schema has rights on it, and
//! the roles that use no other tenant cannot connect. How it was stands in the comment of the schema, and of each such role:
//! as in quarantine, there is no other state. A role's comment can only be written by those who may alter roles, so that
//! nobody gets a login by writing comments on schemas.

mod activate;
mod deactivate;
mod record;

pub use activate::{ActivatePlan, apply_activate, plan_activate};
pub(super) use deactivate::registered;
pub use deactivate::{DeactivatePlan, DeactivateRequest, apply_deactivate, plan_deactivate};
pub(crate) use record::Record;

/// How long a lock is waited for.
const LOCK_TIMEOUT: &str = "5s";

/// The comment of a schema says that its tenant was deactivated.
pub(crate) fn is_deactivated(comment: Option<&str>) -> bool {
    Record::is_one(comment)
}
