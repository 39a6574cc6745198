//! Connecting to a real server: with every kind of TLS, password, refusal and pooler.
#![cfg(unix)]

mod canary;
mod certificates;
mod options;
mod pooler;
mod probe;
mod read_only;
mod refusals;
mod server;
mod tls;
