//! Shapes of real schemas on a real server.
#![expect(clippy::unwrap_used, reason = "what a test needs and does not get ends it")]

#[path = "../common/mod.rs"]
mod common;

mod data;
mod fixture;
mod generated;
mod generator;
mod kinds;
mod marks;
mod names;
mod restored;
mod versions;
