//! Everything Cadastre knows about a PostgreSQL database in which every tenant lives in its own schema.
//!
//! There is deliberately no window and no terminal here: the desktop shell and the command line are two doors to
//! these rooms. `docs/architecture.md` holds the map.
//!
//! With the feature `specta`, public data types describe themselves to the window. Whole numbers of 64 bits are declared
//! as `u32` there: specta refuses `i64`, JSON carries them as numbers, and bytes and rows stay far below 2^53.
#![deny(missing_docs)]

pub mod access;
pub mod adoption;
pub mod backup;
mod boundary;
pub mod catalog;
pub mod connection;
pub mod content;
pub mod demo;
pub mod error;
pub mod fleet;
pub mod health;
pub mod journal;
pub mod local;
pub mod migration;
pub mod misplaced;
mod part_file;
pub mod quarantine;
pub mod rebuild;
pub mod registry;
pub mod shape;
pub mod sql;
pub mod stats;
pub mod tenant;
pub mod workbook;

pub use error::{Error, ErrorKind, Result};

#[cfg(test)]
mod threads {
    /// `format_args!` in the same statement as an `.await` makes a future that cannot move between threads; the desktop
    /// needs them to. Compiling this is the test.
    #[expect(dead_code, reason = "only its types matter")]
    fn long_work_can_be_awaited_on_any_thread(home: &crate::local::Home) {
        fn is_send(_: impl Send) {}
        is_send(crate::demo::start(home, &|_| {}));
    }
}
