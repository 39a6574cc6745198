//! What is wrong with a database, and the SQL that repairs it.
//!
//! [`doctor`] looks at the whole fleet in a fixed number of catalog queries; [`alerts`] compares with thresholds.

pub mod alerts;
pub mod doctor;
