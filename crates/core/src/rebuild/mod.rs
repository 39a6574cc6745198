//! Making a schema from its shape and its rows, whatever they come from: a workbook, or another schema.
//!
//! Everything is one transaction. What tables, types and functions need stands before the rows; indexes, keys, triggers,
//! rules, policies and materialised views come behind them, when the rows are there to be indexed and checked, and no
//! trigger fires. At the end the schema is read again and compared with what was wanted.

mod build;
mod load;
mod made;
mod phase;

pub(crate) use build::{Rebuild, beyond, by_hand, not_empty, planned_statements, planned_statements_in};
pub(crate) use load::{CopyFailure, push_chosen};
pub(crate) use made::planned_statements_made;
