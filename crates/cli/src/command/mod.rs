//! The verbs. Each converts its arguments, calls core, and prints the answer.

mod adopt;
mod alerts;
mod backup;
mod demo;
mod doctor;
mod export;
mod health;
mod journal;
mod life;
mod maintain;
mod migrate;
mod misplaced;
mod profile;
mod quarantine;
mod registry;
mod rehearsed;
mod run;
mod server;
mod shape;
mod stats;
mod tenant;
mod workbook;

use crate::arguments::{Arguments, Command, Common};
use crate::context::Context;
use crate::output;
use cadastre_core::fleet::{CheckLevel, Plan, RunSummary};
use cadastre_core::{ErrorKind, Result};
use clap::Parser;
use serde::Serialize;
use std::io::{BufRead, IsTerminal};

/// Runs the command that the process was called with; returns its exit code.
pub async fn run() -> u8 {
    crate::progress::listen();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(e) => {
            // What follows `--` is another program's.
            let mut words = std::env::args_os().skip(1).take_while(|word| word != "--");
            let code = output::misunderstood(&e, words.any(|word| word == "--json"));
            return arrived(code);
        }
    };
    let as_json = arguments.common.json;
    arrived(match dispatch(arguments.common, arguments.command).await {
        Ok(code) => code,
        Err(e) => output::error(&e, as_json),
    })
}

/// The exit code of a command whose answer may not have arrived.
fn arrived(code: u8) -> u8 {
    match output::lost() {
        Some(error) if code == 0 => output::error(&error, false),
        Some(error) => {
            output::error(&error, false);
            code
        }
        None => code,
    }
}

async fn dispatch(common: Common, command: Command) -> Result<u8> {
    let context = Context::open(common).await?;
    // Without a log the command still does its work; the local state, which matters, was opened just now.
    let _log = cadastre_core::local::init_logging(&context.home).ok();
    let result = perform(&context, command).await;
    if let Err(error) = &result {
        // Without the message: the server may have put a value into it.
        tracing::error!(code = error.kind().code(), sqlstate = error.sqlstate(), "the command failed");
    }
    result
}

async fn perform(context: &Context, command: Command) -> Result<u8> {
    match command {
        Command::Profile(command) => profile::run(context, command).await,
        Command::Server => server::run(context).await,
        Command::Tenant(command) => tenant::run(context, command).await,
        Command::Registry(command) => registry::run(context, command).await,
        Command::Migrate(command) => migrate::run(context, command).await,
        Command::Run(command) => run::run(context, command).await,
        Command::Stats(arguments) => stats::stats(context, &arguments).await,
        Command::Compare(arguments) => stats::compare(context, &arguments).await,
        Command::Shape(arguments) => shape::classes(context, &arguments).await,
        Command::Diff(arguments) => shape::diff(context, &arguments).await,
        Command::Doctor(arguments) => doctor::run(context, arguments).await,
        Command::Maintain(command) => maintain::run(context, command).await,
        Command::Health(command) => health::run(context, command).await,
        Command::Export(arguments) => export::run(context, &arguments).await,
        Command::Backup(command) => backup::run(context, command).await,
        Command::Workbook(command) => workbook::run(context, command).await,
        Command::Journal(command) => journal::run(context, command).await,
        Command::Demo(command) => demo::run(context, &command).await,
    }
}

/// Prints a finished run and returns its exit code.
fn finish(context: &Context, summary: &RunSummary, verb: &str) -> Result<u8> {
    if context.common.json {
        output::json(summary)?;
    } else {
        output::summary(summary, verb);
    }
    Ok(output::run_code(summary))
}

/// Asks on a terminal; elsewhere `--yes` is needed.
pub fn confirm(context: &Context, question: &str) -> Result<()> {
    if context.common.yes {
        return Ok(());
    }
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        let reason = "This cannot be undone: say --yes when nobody can be asked.".into();
        return Err(ErrorKind::Usage { reason }.into());
    }
    output::note(&format!("{question} [y/N]"));
    let mut answer = String::new();
    let _ = stdin.lock().read_line(&mut answer);
    if answer.trim().eq_ignore_ascii_case("y") { Ok(()) } else { Err(ErrorKind::Cancelled.into()) }
}

/// Has the name typed on a terminal; elsewhere `--yes` is needed.
fn confirm_name(context: &Context, question: &str, name: &str) -> Result<()> {
    if context.common.yes {
        return Ok(());
    }
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        let reason = "Nobody can be asked here: say --yes.".into();
        return Err(ErrorKind::Usage { reason }.into());
    }
    output::note(&format!("{question} Type {} to go on:", output::clean(name)));
    let mut answer = String::new();
    let _ = stdin.lock().read_line(&mut answer);
    if answer.trim() == name { Ok(()) } else { Err(ErrorKind::Cancelled.into()) }
}

/// Prints a plan that is not to be applied; `document` is the answer with `--json`.
fn show_plan(context: &Context, document: &impl Serialize, plan: &Plan) -> Result<u8> {
    if context.common.json {
        output::json(document)?;
    } else {
        output::plan(plan);
    }
    Ok(shown(plan))
}

/// Exit code of a plan that was only shown: 4 where it could not be carried out.
fn shown(plan: &Plan) -> u8 {
    if plan.checks.iter().any(|check| check.level == CheckLevel::Stop) { 4 } else { 0 }
}

/// Somebody sits at a terminal and has not said `--yes`.
fn can_ask(context: &Context) -> bool {
    !context.common.yes && !context.common.json && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}
