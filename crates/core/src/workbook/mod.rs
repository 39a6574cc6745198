//! The Excel file of a tenant: cells decided by column type, one snapshot, constant memory, a manifest; or its rows as
//! files for other programs, by the same rules.
//!
//! The server sends rows as COPY text (`source`, `copy_text`), each becomes a row of sheet XML (`row`, and `number`,
//! `temporal`, `text` for its cells), which is deflated (`deflate`) into a zip file (`container`) as it comes. What a
//! cell cannot hold goes to `overflow`; `book` keeps the order of things, `manifest` and `package` describe them.
//! `docs/workbook-format.md` describes the result. `output` decides between a workbook and a folder of CSV or JSON
//! (`interchange`).

mod book;
mod card;
mod check;
mod checks;
mod column;
mod comparison;
mod container;
mod copy_text;
mod cover;
mod deflate;
mod export;
mod fleet_book;
mod history;
mod interchange;
mod language;
mod manifest;
mod names;
mod number;
mod output;
mod overflow;
mod package;
mod read_back;
mod restore;
mod restore_place;
mod restore_rows;
mod restore_template;
#[cfg(test)]
mod round_trip;
mod row;
mod run;
mod sheet;
mod source;
mod spool;
mod structure;
mod style;
mod temporal;
mod text;
mod types;
mod verify;
mod written;

pub use card::{CardTable, OmittedObject, WorkbookCard, open_workbook};
pub use comparison::write_comparison;
pub use export::{ExportOptions, export_tenant};
pub use restore::{RestorePlan, RestoreRun, apply_restore, plan_restore};
pub use run::{ExportRun, left_files, planned_files, resume, start};
pub use types::{
    ChangedCells, ComparedTable, ExportFormat, ExportRequest, ExportedFile, ExportedTable, RestoreReport,
    RestoreRequest, RestoredTable, TableCheck, TenantComparison, WorkbookCheck,
};
pub use verify::{compare_with_tenant, verify_workbook, verify_workbook_with};
