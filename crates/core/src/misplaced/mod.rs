//! Tables that ended up in the wrong schema: found, and moved to the tenant that they belong to.
//!
//! A migration that runs with another `search_path` than was meant makes its tables where that leads, mostly in `public`, and nobody
//! is told: names are found there too. [`find()`] compares what is in such a schema with the tenants and says of each object whose it
//! is, what speaks for that, and how sure it is. [`plan_move`] and [`apply_move`] move objects with `SET SCHEMA`, which keeps rows,
//! OIDs and everything that holds on to them, and prove it before the commit; the same two take them back.
//!
//! Never meant: what belongs to an extension. Never judged by themselves: the tables in which migration tools keep their books, since
//! `public` may have a history of its own; routines, since the same one may be meant for all tenants. They follow what needs them, or
//! are named by a person.

mod closure;
mod find;
mod judge;
mod motion;
mod plan;
mod proof;
mod rights;
mod scene;
mod statements;
mod types;

pub use find::find;
pub(crate) use find::{find_in, repairs};
pub use motion::apply_move;
pub use plan::{MovePlan, plan_back, plan_move};
pub use types::{Candidate, Certainty, Clue, Misplaced, MovableKind, MoveRequest};
