//! What is wrong with a database, and the SQL that repairs it.
//!
//! [`doctor`] looks at the whole fleet in a fixed number of catalog queries. What goes on at this moment (slow queries, locks)
//! and upkeep (VACUUM, REINDEX) are not here yet.

pub mod doctor;
