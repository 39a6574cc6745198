//! Maintenance: VACUUM, ANALYZE and REINDEX CONCURRENTLY of tables, tenants and fleets, and a look through tables and indexes for damage.
//!
//! A plan says which tables, why, with which SQL, and what stands in the way; a run goes through the fleet engine, table by table. Whether a
//! table was done is read from the catalogs and the server's statistics afterwards: VACUUM and ANALYZE leave out what they cannot have with a
//! warning, and come back as if all were well. What is not done is named, and the tenant has not ended well then.
//!
//! Deliberately not there: VACUUM FULL, CLUSTER and REINDEX without CONCURRENTLY. They keep everybody from their table for as long as they
//! take. What grew because it was not vacuumed is used again after a VACUUM; what indexes take too much comes back by REINDEX.

mod choose;
mod integrity;
mod leftover;
mod plan;
mod plan_checks;
mod report;
mod request;
mod resume;
mod run;
mod step;
mod table;
mod watch;

pub use integrity::{IntegrityCheck, IntegrityFinding, NotLookedAt};
pub use plan::{MaintainPlan, PlannedTable, plan};
pub use report::{LookedAt, MaintainFigures, MaintainReason, MaintainReport, MaintainedTable, report};
pub use request::{MaintainRequest, MaintainWork};
pub use resume::plan_resume;
pub use run::apply;
