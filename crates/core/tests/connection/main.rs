//! Connecting to a real server: with every kind of TLS, password and refusal.
#![cfg(unix)]

mod certificates;
mod options;
mod read_only;
mod refusals;
mod server;
mod tls;
