//! Cadastre's own state on this computer: one SQLite file shared by the desktop application and the command line.

mod home;
mod log;
mod settings;

pub use home::Home;
pub use log::{LogGuard, init_logging};
pub use settings::Settings;
