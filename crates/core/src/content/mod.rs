//! What a tenant holds: the rows of its tables and the places of its sequences.
//!
//! One digest per table, taken over PostgreSQL's own text of the rows, says whether two places hold the same: the
//! database, a workbook read back, an archive, a clone, a restored tenant. `docs/workbook-format.md` defines it.

mod digest;
mod read;
mod sequence;
mod session;
mod table;

pub use read::{Content, TableContent, content_in};
pub use sequence::SequenceState;
pub use session::begin_snapshot;

pub(crate) use digest::RowDigest;
pub(crate) use read::{Lines, content_arranged, digest_of, read_failure};
pub(crate) use sequence::sequences;
pub(crate) use session::{no_path, own_path, text_forms};
pub(crate) use table::{
    Relation, RelationKind, Table, TableColumn, choose, columns, lock_statement, namespace, relations,
};
