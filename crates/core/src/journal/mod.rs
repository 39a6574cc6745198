//! A record of every operation: who, when, where, what, how it ended. Each entry carries the hash of the one before
//! it, so that a change or a gap shows.

mod author;
mod chain;
mod entry;
mod store;

pub(crate) use author::Author;
pub use chain::Verdict;
pub use entry::{Entry, EntryFilter};
pub use store::{Draft, address, append, list, verify};
