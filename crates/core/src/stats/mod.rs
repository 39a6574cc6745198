//! Figures per tenant and table, their comparison, and what they were.

mod compare;
pub mod history;
mod read;
mod types;

pub use compare::{Compared, Difference, Extreme, Measure, compared, differences};
pub use read::{Figures, read};
pub use types::{TableFigures, TenantStats, Totals};
