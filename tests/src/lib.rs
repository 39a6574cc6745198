//! What the tests share: a real PostgreSQL of their own.

pub mod postgres;

pub use postgres::TestDatabase;
