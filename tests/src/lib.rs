//! What the tests share: a PostgreSQL of their own, the command line in a home of its own, a keyring and a window.
//!
//! Everything that is started here ends with the test, also when the test panics or its process is killed.

pub mod canary;
pub mod cli;
pub mod display;
pub mod postgres;
pub mod process;
pub mod python;
pub mod secret_service;
mod strict_json;
pub mod texts;
pub mod window;
pub mod workbook;

pub use cli::{Call, Cli, StartedCall};
pub use postgres::TestDatabase;
pub use secret_service::SecretService;
pub use window::Window;
