//! Connecting to a real server: with every kind of TLS, password, refusal and pooler.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "what a test needs and does not get fails it")]

mod canary;
mod certificates;
mod options;
mod pooler;
mod probe;
mod read_only;
mod refusals;
mod server;
mod tls;
