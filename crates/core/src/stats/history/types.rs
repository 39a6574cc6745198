//! What the history tells.

use serde::Serialize;

/// Figures of one tenant at one moment. Sizes in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Point {
    /// Seconds since 1970, UTC.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub time: i64,
    /// Tables, TOAST and indexes, from the files.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub size_bytes: i64,
    /// Indexes alone.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub index_bytes: i64,
    /// Live rows as the statistics estimate them.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: i64,
    /// Dead rows; `None` on a standby.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub dead_rows: Option<i64>,
    /// Rows inserted, updated, deleted since the statistics were reset; `None` on a standby.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub writes: Option<i64>,
}

/// A snapshot of the fleet that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Snapshot {
    /// RFC 3339, UTC.
    pub time: String,
    /// How many tenants are in it.
    pub tenants: u32,
}

/// How a tenant has changed over a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Growth {
    /// Days that were asked for; the snapshots are never exactly so far apart.
    pub days: u32,
    /// The earlier snapshot, RFC 3339, UTC.
    pub from: String,
    /// The later one.
    pub to: String,
    /// Bytes more, or fewer.
    #[cfg_attr(feature = "specta", specta(type = i32))]
    pub size_bytes: i64,
    /// The same as a share of the earlier size; `None` where that was 0.
    pub share: Option<f64>,
    /// Rows more, or fewer.
    #[cfg_attr(feature = "specta", specta(type = i32))]
    pub rows: i64,
    /// Rows written meanwhile; `None` where the server's statistics were reset.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub writes: Option<i64>,
}

/// The straight line through the sizes of a tenant: least squares over one size per day, since the last time it shrank much.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Trend {
    /// The first size in it, RFC 3339, UTC.
    pub from: String,
    /// The last one.
    pub to: String,
    /// How many days have a size in it.
    pub days: u32,
    /// Bytes per day, fewer where it shrinks.
    pub bytes_per_day: f64,
    /// Twice the standard error of `bytes_per_day`: in most cases the truth is that near.
    pub error_per_day: f64,
}

/// When a tenant will have reached a limit of bytes, were it to grow as before.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Forecast {
    /// The limit.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub limit_bytes: i64,
    /// What is to be expected.
    pub outlook: Outlook,
    /// The day, RFC 3339, UTC; only with [`Outlook::Reaches`].
    pub at: Option<String>,
    /// The earliest day that the scatter of the sizes allows.
    pub earliest: Option<String>,
    /// The latest; `None` where it may well never come.
    pub latest: Option<String>,
}

/// What is to be expected of a tenant and its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum Outlook {
    /// There is not enough history for a line.
    Unknown,
    /// It is over the limit now.
    Reached,
    /// It does not grow, or not more than it scatters.
    Steady,
    /// It grows, and reaches the limit in more than ten years.
    Far,
    /// It reaches the limit.
    Reaches,
}

/// What is known of one tenant over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TenantHistory {
    /// Schema.
    pub schema: String,
    /// Display name.
    pub name: String,
    /// The oldest first.
    pub points: Vec<Point>,
    /// Over each period for which there are snapshots.
    pub growth: Vec<Growth>,
    /// `None` without enough history.
    pub trend: Option<Trend>,
    /// `None` without a limit.
    pub forecast: Option<Forecast>,
}

/// How each tenant has changed over a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FleetGrowth {
    /// Days that were asked for.
    pub days: u32,
    /// The earlier snapshot, RFC 3339, UTC; `None` where none is old enough.
    pub from: Option<String>,
    /// The last snapshot.
    pub to: Option<String>,
    /// How many snapshots of this database there are, and since when.
    pub snapshots: u32,
    /// The first snapshot.
    pub since: Option<String>,
    /// Tenants that are in both snapshots, by schema.
    pub tenants: Vec<TenantGrowth>,
}

/// How one tenant has changed over the period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TenantGrowth {
    /// Schema, as it is called now.
    pub schema: String,
    /// Bytes more, or fewer.
    #[cfg_attr(feature = "specta", specta(type = i32))]
    pub size_bytes: i64,
    /// The same as a share of the earlier size; `None` where that was 0.
    pub share: Option<f64>,
    /// Rows more, or fewer.
    #[cfg_attr(feature = "specta", specta(type = i32))]
    pub rows: i64,
    /// Rows written meanwhile; `None` where the server's statistics were reset.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub writes: Option<i64>,
}

/// How much a tenant may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TenantLimit {
    /// Schema.
    pub schema: String,
    /// Bytes.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub storage_bytes: i64,
}
