//! Which schemas are tenants, and their life.

mod types;

pub use types::{
    CreateRequest, FilterOperator, Page, RowFilter, RowQuery, TenantDetail, TenantList, TenantState, TenantSummary,
};
