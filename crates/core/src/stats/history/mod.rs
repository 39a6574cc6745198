//! What the figures of tenants were from time to time, how they grow, and when a limit will be reached.
//!
//! Snapshots are in the local state of this computer, so that nothing has to be installed in the database; they are of the
//! whole fleet. What is computed from them is in [`growth`] and [`forecast`], which know neither database nor clock.

mod forecast;
mod growth;
mod read;
mod take;
#[cfg(test)]
mod tests;
mod thin;
mod types;

pub use forecast::{forecast, trend};
pub use growth::{daily, growth};
pub use read::{growth_of_all, of_tenants, storage_limits};
pub use take::take;
pub use types::{
    FleetGrowth, Forecast, Growth, Outlook, Point, Snapshot, TenantGrowth, TenantHistory, TenantLimit, Trend,
};

/// Days over which growth is told of one tenant.
pub const PERIODS: [u32; 3] = [7, 30, 90];

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A moment of a [`Point`] as it is told to others: RFC 3339, UTC.
pub fn moment(seconds: i64) -> String {
    let time = chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
