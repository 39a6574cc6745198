//! Shapes: the normalised structure of a schema, whose fingerprint does not depend on the schema's name, its owner or
//! any OID. Tenants with the same fingerprint are one class; the difference of two shapes is a list of changes, and the
//! SQL that takes it away.
//!
//! Left out on purpose:
//! - `_sqlx_migrations`: it is the migration tool's record of *how* a tenant became what it is. A tenant made from the newest
//!   template and one that was migrated for years shall be equal, and sqlx's own versions made that table differently.
//! - What belongs to an extension, and what is stored rather than structure: tablespaces, access methods, statistics, the
//!   values of sequences, rows.
//! - The schema's comment, which is the tenant's name.
//! - Owners always, grants and the order of columns unless asked for ([`Options`]).
//!
//! Expressions are compared as the server prints them, so fingerprints are comparable within one major version of
//! PostgreSQL.

mod canonical;
mod class;
mod compare;
mod diff;
mod fingerprint;
mod mark;
mod mention;
mod neutral;
mod object;
mod outside;
mod read;
mod record;
mod repair;
mod token;
mod unfinished;
mod wire;

pub use class::{Class, Classes, classes};
pub use compare::{Comparison, compare};
pub use diff::{Change, Difference, diff};
pub use fingerprint::{Fingerprint, fingerprints, fingerprints_in};
pub(crate) use mark::{answer as mark_in, ask as ask_mark, marks_of_fleet, prepared as prepared_mark};
pub use mark::{changes, marks};
pub(crate) use mention::{for_any_schema, schemas_named};
pub use neutral::Neutral;
pub(crate) use neutral::in_schema;
pub(crate) use object::HISTORY;
pub use object::{Object, ObjectId, ObjectKind, Options, Property, Shape};
pub use read::{Namespace, namespaces, read};
pub(crate) use read::{read_in, read_with_history_in};
pub(crate) use record::{Record, of_records, records};
pub use repair::{Repair, Step, repair};
pub use wire::WireChange;
