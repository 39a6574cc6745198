//! A table as a workbook shows it.

use super::column::Column;
use crate::content::{Relation, Table};

/// A relation with its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) relation: Relation,
    pub(super) columns: Vec<Column>,
}

impl From<Table> for Source {
    fn from(table: Table) -> Self {
        Self { relation: table.relation, columns: table.columns.into_iter().map(Column::new).collect() }
    }
}
