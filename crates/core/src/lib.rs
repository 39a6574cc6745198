//! Everything Cadastre knows about a PostgreSQL database in which every tenant lives in its own schema.
//!
//! There is deliberately no window and no terminal here: the desktop shell and the command line are two doors to
//! these rooms. `docs/architecture.md` holds the map.
#![deny(missing_docs)]

pub mod catalog;
pub mod connection;
pub mod demo;
pub mod error;
pub mod fleet;
pub mod journal;
pub mod local;
pub mod migration;
pub mod sql;
pub mod stats;
pub mod tenant;
pub mod workbook;

pub use error::{Error, ErrorKind, Result};
