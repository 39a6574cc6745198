//! What is beyond a threshold and wants a person: failed migrations, missed backups, quotas, drift, and what holds up the server.
//!
//! An alert is a state, not an event: [`raised`] looks at what is there now, and an alert is gone when its reason is. Whoever asks
//! again and again (the window) compares with what it has seen before.

mod alert;
mod local;
mod moment;
mod raise;
mod threshold;

pub use alert::{Alert, AlertItem, AlertKind, Alerts, NotWatched};
pub use raise::raised;
pub use threshold::{LIMITS, Thresholds};
