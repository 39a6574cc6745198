//! Which schemas of a database are tenants: rules that a person may set, and registries of other frameworks, which are
//! read and never written.
//!
//! Nothing has to be installed or set. Without rules, a tenant is a schema that holds a table, or that a recognised
//! registry names, and is not the system's, an extension's, `public` or Cadastre's own.

mod own;
mod picture;
mod query;
mod registry;
mod rules;
mod saved;
mod survey;
mod verdict;

pub use picture::{Orphan, Picture, SchemaLine, look};
pub use registry::{
    Confidence, EntryState, RecognisedRegistry, RegistryEvidence, RegistryKind, SourceDomain, SourceEntry, SourceField,
};
pub use rules::{RegistryChoice, Rules};
pub use saved::{forget, load, save};
pub use survey::{Alike, Convention, RulesSuggestion, RulesSuggestionKind};
pub use verdict::SchemaVerdict;
pub(crate) use verdict::{Answers, Ground, Named, answer, verdict};
