//! How fast Cadastre is, each figure beside a limit or a peer that was measured in the same minute on the same server.
//! `cargo xtask bench` builds what is needed, optimised, and calls this; the names of parts limit it to those.

#![expect(clippy::print_stdout, reason = "a terminal is where this speaks")]

mod clock;
mod create;
mod export;
mod fleet;
mod frames;
mod memory;
mod report;
mod server;
mod window;

use report::Report;
use server::Server;
use std::process::ExitCode;

const PARTS: [&str; 6] = ["create", "fleet", "export", "list", "tables", "matrix"];

#[tokio::main]
async fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = wanted.iter().find(|name| !PARTS.contains(&name.as_str())) {
        println!("There is no part {unknown:?}. There are: {}", PARTS.join(", "));
        return ExitCode::from(2);
    }
    let wants = |part: &str| wanted.is_empty() || wanted.iter().any(|name| name == part);
    let server = Server::start().await;
    let mut report = Report::new();
    if wants("create") {
        create::measure(&server, &mut report).await;
    }
    if wants("fleet") || wants("list") {
        let fleet = fleet::Fleet::new(&server).await;
        if wants("fleet") {
            fleet.measure(&mut report).await;
        }
        if wants("list") {
            window::measure_list(&server, &fleet, &mut report).await;
        }
    }
    if wants("tables") {
        window::measure_tables(&server, &mut report).await;
    }
    if wants("matrix") {
        window::measure_matrix(&server, &mut report).await;
    }
    if wants("export") {
        export::measure(&server, &mut report).await;
    }
    report.finish()
}
