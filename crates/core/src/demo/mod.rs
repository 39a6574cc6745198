//! A private PostgreSQL with a realistic fleet, thrown away afterwards.
//!
//! [`Cluster`] is the server alone; the project's own tests use it too.

mod account;
mod cluster;
#[cfg(feature = "demo-download")]
mod download;
mod fleet;
mod programs;
mod record;
mod running;
mod types;
mod watchdog;

pub use cluster::{Cluster, ClusterBuilder};
#[cfg(feature = "demo-download")]
pub use download::download;
pub use fleet::fill;
pub use programs::ServerPrograms;
pub use running::{RunningDemo, start, status, stop};
pub use types::{DemoEvent, DemoStatus};
