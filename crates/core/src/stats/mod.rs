//! Figures per tenant and table, and their comparison.

mod read;
mod types;

pub use read::{Figures, read};
pub use types::{TableFigures, TenantStats, Totals};
