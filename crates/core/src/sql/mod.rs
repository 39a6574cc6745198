//! Dynamic SQL: identifiers, literals and the only `AssertSqlSafe` in the code.
//!
//! sqlx refuses text that is not `'static`; everything built at run time passes through [`Statement`], which can only
//! be made from quoted parts, or, for the text of a person's own migration file, explicitly by [`Statement::script`].

mod ident;
mod list;
mod statement;

pub(crate) use ident::names_schema;
pub use ident::{Ident, Qualified};
pub(crate) use list::identifiers;
pub use statement::{Statement, literal};
