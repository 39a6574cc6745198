//! Registries of other frameworks: recognised by their columns and keys, read in one read-only transaction each, never
//! written.
//!
//! What is recognised says why (`RegistryEvidence`) and how sure that is (`Confidence`). A table that merely could be one is shown and
//! not used.

mod listed;
mod read;
mod recognise;
mod state;
mod structure;
mod table;
mod types;

pub(super) use recognise::{Schemas, Wanted, recognise};
pub(super) use state::of_word;
pub use types::{
    Confidence, EntryState, RecognisedRegistry, RegistryEvidence, RegistryKind, SourceDomain, SourceEntry, SourceField,
};
