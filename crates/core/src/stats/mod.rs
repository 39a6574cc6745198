//! Figures per tenant and table, and their comparison.

mod types;

pub use types::{TableFigures, TenantStats, Totals};
