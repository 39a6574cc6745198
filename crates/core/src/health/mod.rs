//! What is wrong with a database, the SQL that repairs it, what goes on in it, and its upkeep.
//!
//! [`doctor`] looks at the whole fleet in a fixed number of catalog queries. [`watch`] shows what goes on at this moment, on what the
//! time has gone and what takes the space. [`maintain`] vacuums, analyzes, builds indexes anew, and looks through tables and indexes
//! for damage. [`alerts`] compares with thresholds.

pub mod alerts;
pub mod doctor;
pub mod maintain;
pub mod watch;
