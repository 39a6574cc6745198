//! Programs that work on tenants: another tool that migrates them in the place of SQL files, and command hooks.
//!
//! What such a program does cannot be rolled back or foreseen, so it is judged by more than its exit code: the tenant's
//! structure and the tool's own history before and after, the schemas beside it, and in the end the structure of all
//! tenants that the run brought to the same place.

mod lookup;
mod operation;
mod plan;
mod process;
mod redact;
mod runner;
mod state;
mod status;
mod transient;
mod verdict;

pub(crate) use lookup::line as command_line;
pub(super) use operation::External;
pub(super) use plan::{command_checks, command_hooks, plan, plan_resume};
pub(crate) use redact::Redactor;
pub(super) use runner::Runner;
pub(super) use state::State;
pub(super) use status::status;
