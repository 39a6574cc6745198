//! A record of every operation: who, when, where, what, how it ended.

mod entry;

pub use entry::{Entry, EntryFilter};
