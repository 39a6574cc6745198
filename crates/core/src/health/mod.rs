//! What is wrong with a database, and the SQL that repairs it.
//!
//! [`doctor`] looks at the whole fleet in a fixed number of catalog queries. [`watch`] shows what goes on at this moment, on what the
//! time has gone and what takes the space. Upkeep (VACUUM, REINDEX) is not here yet.

pub mod doctor;
pub mod watch;
