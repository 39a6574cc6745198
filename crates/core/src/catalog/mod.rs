//! Reading `pg_catalog` by OID. Every query carries the namespace's OID; `information_schema` is not used.
//!
//! What a schema *means* (tenant or not) is not decided here: see [`crate::tenant`].

mod relation;
mod schema;

pub use relation::{Column, Constraint, EnumType, Index, Table, TableKind, TableStructure};
pub use schema::{columns, enums, namespace, structure, tables};
