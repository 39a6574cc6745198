//! What the window can ask for. A command converts its arguments, calls one function of core, converts the answer.

pub mod adoption;
pub mod alerts;
pub mod backup;
pub mod compare;
pub mod connection;
pub mod demo;
pub mod doctor;
pub mod export;
pub mod history;
pub mod journal;
pub mod life;
pub mod maintain;
pub mod migration;
pub mod misplaced;
pub mod profile;
pub mod quarantine;
pub mod run;
pub mod settings;
pub mod shape;
pub mod system;
pub mod tenant;
pub mod watch;
pub mod workbook;

#[cfg(test)]
pub mod names;

use cadastre_core::error::WireError;

/// What every command returns.
pub type Answer<T> = Result<T, WireError>;

/// The result of work on another thread.
fn joined<T>(result: Result<T, tauri::Error>) -> cadastre_core::Result<T> {
    result.map_err(|e| {
        let what = "the work ended unexpectedly".into();
        cadastre_core::Error::new(cadastre_core::ErrorKind::Internal { what }).source(e)
    })
}
