//! What is printed: one JSON document, or tables for people; errors and exit codes.

#![expect(clippy::print_stderr, reason = "printing is what this module is for")]

use cadastre_core::error::{Category, WireError};
use cadastre_core::fleet::{CheckLevel, Outcome, Plan, RunKind, RunSummary, Stopped, TenantOutcome};
use cadastre_core::rebuild::Remark;
use cadastre_core::{Error, ErrorKind, Result};
use serde::Serialize;
use std::io::{self, Write};
use std::sync::OnceLock;
use unicode_width::UnicodeWidthStr;

/// Prints the one JSON document.
pub fn json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|e| {
        Error::new(ErrorKind::Internal { what: "the answer cannot be written as JSON".into() }).source(e)
    })?;
    line(&text);
    Ok(())
}

/// Why standard output did not take everything. There is one standard output, so one place remembers.
static LOST: OnceLock<io::Error> = OnceLock::new();

/// Prints a line. A reader that has gone away (`| head`) is not an error; for any other see [`lost`].
pub fn line(text: &str) {
    print(&format!("{text}\n"));
}

/// Prints a text as it is.
pub fn print(text: &str) {
    let mut stdout = io::stdout().lock();
    if let Err(error) = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        let _ = LOST.set(error);
    }
}

/// The error of an answer that did not arrive, for example on a full disk.
pub fn lost() -> Option<Error> {
    let reason = LOST.get()?.to_string();
    Some(ErrorKind::OutputFailed { reason }.into())
}

/// What `--dry-run` shows of an operation that has no plan of its own.
#[derive(Debug, Serialize)]
pub struct Intent {
    /// For example `save_profile`, `write_file`.
    pub action: &'static str,
    /// Which one.
    pub subject: String,
}

/// Prints what would be done; the words for people are the action's.
pub fn intents(intents: &[Intent], as_json: bool) -> Result<()> {
    if as_json {
        return json(&serde_json::json!({ "dry_run": true, "would": intents }));
    }
    for intent in intents {
        line(&format!("would {} {}", intent.action.replace('_', " "), clean(&intent.subject)));
    }
    Ok(())
}

/// Prints a note for people, never among the data.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A table whose columns named in `numbers` are right-aligned.
pub fn table(headers: &[&str], numbers: &[usize], rows: impl IntoIterator<Item = Vec<String>>) {
    let mut lines = vec![headers.iter().map(|h| clean(h)).collect::<Vec<_>>()];
    // A name may hold anything, line breaks and terminal escapes included.
    lines.extend(rows.into_iter().map(|row| row.iter().map(|cell| clean(cell)).collect()));
    let widths: Vec<usize> = (0..headers.len())
        .map(|column| lines.iter().map(|row| row[column].width()).max().unwrap_or_default())
        .collect();
    let mut text = String::new();
    for row in lines {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let gap = " ".repeat(widths[column] - cell.width());
            let (before, after) = if numbers.contains(&column) { (gap.as_str(), "") } else { ("", gap.as_str()) };
            line.push_str(before);
            line.push_str(cell);
            line.push_str(after);
            line.push_str("  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    print(&text);
}

/// Text without control characters.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// Prints an error as the contract wants it and returns the exit code.
pub fn error(error: &Error, as_json: bool) -> u8 {
    let wire = WireError::from(error);
    eprintln!("Error: {}", clean(&wire.message));
    if let Some(detail) = &wire.detail {
        eprintln!("  {}", clean(detail));
    }
    for cause in &wire.causes {
        eprintln!("Caused by: {}", clean(cause));
    }
    if let Some(hint) = &wire.hint {
        eprintln!("Hint: {hint}");
    }
    if as_json {
        let _ = json(&serde_json::json!({ "error": wire }));
    }
    exit_code(error.kind().category())
}

/// Prints what the parser says about a call that it did not understand, or the help that was asked for; returns the exit
/// code.
pub fn misunderstood(error: &clap::Error, as_json: bool) -> u8 {
    if !error.use_stderr() {
        print(&error.render().to_string());
        return 0;
    }
    let _ = error.print();
    if as_json {
        let text = error.render().to_string();
        // Its first paragraph is the message; the others repeat how the command is used.
        let first: Vec<&str> = text.lines().take_while(|l| !l.trim().is_empty()).map(str::trim).collect();
        let reason = match error.kind() {
            clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "A command is missing.".to_owned(),
            _ => format!("{}.", first.join(" ").trim_start_matches("error: ").trim_end_matches('.')),
        };
        let error = Error::new(ErrorKind::Usage { reason }).hint("`cadastre --help` explains every command.");
        let _ = json(&serde_json::json!({ "error": WireError::from(&error) }));
    }
    2
}

/// Category → exit code.
pub fn exit_code(category: Category) -> u8 {
    match category {
        Category::Failed => 1,
        Category::Usage => 2,
        Category::Precondition => 4,
        Category::Cancelled => 130,
    }
}

/// Remarks with what they say in words.
pub fn remarks(remarks: &[Remark]) -> serde_json::Value {
    let with_words = |remark: &Remark| {
        let mut document = serde_json::json!(remark);
        document["message"] = remark.to_string().into();
        document
    };
    remarks.iter().map(with_words).collect()
}

/// The exit code of a run: how its one tenant ended, or whether all of several did.
pub fn run_code(summary: &RunSummary) -> u8 {
    match summary.tenants.as_slice() {
        _ if summary.cancelled > 0 => 130,
        // Exit code 4 says that nothing was changed.
        [one] if one.outcome == Outcome::Failed && !one.versions.is_empty() => 1,
        [one] if one.outcome == Outcome::Failed => one.error.as_ref().map_or(1, |e| code_of(&e.code)),
        _ if summary.failed > 0 => 3,
        _ if summary.not_started > 0 => 130,
        _ => 0,
    }
}

/// The exit code of an error that only left its name behind.
fn code_of(code: &str) -> u8 {
    exit_code(Category::of_code(code))
}

/// Prints a run's result for people.
pub fn summary(summary: &RunSummary, verb: &str) {
    for tenant in summary.tenants.iter().filter(|t| t.error.is_some() && t.outcome != Outcome::Skipped) {
        let Some(error) = &tenant.error else { continue };
        eprintln!("{}: {}", clean(&tenant.schema), clean(&error.message));
        if !tenant.versions.is_empty() {
            let versions: Vec<String> = tenant.versions.iter().map(ToString::to_string).collect();
            eprintln!("  Committed before that: {}", versions.join(", "));
        }
        if let Some(hint) = &error.hint {
            eprintln!("  Hint: {hint}");
        }
    }
    if let Some(why) = summary.stopped {
        eprintln!("The run ended early: {}.", stopped(why));
    }
    let done = match summary.kind {
        RunKind::EndSessions | RunKind::CancelStatements if summary.done == 1 => "1 session".into(),
        RunKind::EndSessions | RunKind::CancelStatements => format!("{} sessions", summary.done),
        _ => tenants(summary.done),
    };
    let mut parts = vec![format!("{verb} {done}")];
    for (count, word) in [
        (summary.skipped, "nothing to do"),
        (summary.failed, "failed"),
        (summary.cancelled, "cancelled"),
        (summary.not_started, "not started"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    let seconds = summary.duration_ms as f64 / 1000.0;
    let run = &summary.run[..8.min(summary.run.len())];
    line(&format!("{} in {seconds:.1} s (run {run})", parts.join(", ")));
    let migration = matches!(summary.kind, RunKind::MigrateUp | RunKind::MigrateDown);
    if migration && summary.failed + summary.cancelled + summary.not_started > 0 {
        let commands = |t: &TenantOutcome| t.error.as_ref().is_some_and(|e| e.code.starts_with("command_"));
        if summary.tenants.iter().any(commands) {
            eprintln!(
                "Hint: `cadastre run show {run}` prints what the commands wrote, `cadastre run resume {run}` goes on."
            );
        } else {
            eprintln!(
                "Hint: `cadastre run resume {run}` goes on with the rest, `cadastre run undo {run}` takes it back."
            );
        }
    }
}

/// Why a run ended early, in words.
pub fn stopped(why: Stopped) -> &'static str {
    match why {
        Stopped::Cancelled => "cancelled",
        Stopped::Canary => "a canary failed",
        Stopped::Failure => "a tenant failed",
        Stopped::ServerGone => "the server was gone",
        Stopped::Interrupted => "the program was ended",
    }
}

/// `1 tenant`, `2 tenants`
pub fn tenants(count: u32) -> String {
    if count == 1 { "1 tenant".into() } else { format!("{count} tenants") }
}

/// Prints a plan for people: checks, who, SQL.
pub fn plan(plan: &Plan) {
    for check in &plan.checks {
        let mark = match check.level {
            CheckLevel::Ok => "ok     ",
            CheckLevel::Warning => "warning",
            CheckLevel::Stop => "stop   ",
        };
        line(&format!("{mark}  {}", clean(&check.message)));
    }
    for tenant in &plan.tenants {
        match &tenant.skipped {
            Some(reason) => line(&format!("-- {}: left out: {}", clean(&tenant.schema), clean(&reason.message))),
            None => line(&format!("-- {}: {}", clean(&tenant.schema), tenant.steps.join(", "))),
        }
    }
    line("");
    for sql in &plan.statements {
        let more = if sql.tenants as usize > sql.names.len() { ", …" } else { "" };
        let from = sql.from.as_ref().map(|from| format!(" at {from}")).unwrap_or_default();
        line(&clean(&format!("-- {}{from}: {}{more}", tenants(sql.tenants), sql.names.join(", "))));
        line(sql.sql.trim_end());
        line("");
    }
    line(&format!("-- fingerprint of this plan: {}", plan.fingerprint));
}

/// Bytes in the largest unit that keeps a digit before the point, as powers of 1,024 like `pg_size_pretty`.
pub fn bytes(bytes: i64) -> String {
    let (mut value, mut unit) = (bytes as f64, "B");
    for next in ["kB", "MB", "GB", "TB"] {
        if value.abs() < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    if unit == "B" || value >= 100.0 { format!("{value:.0} {unit}") } else { format!("{value:.1} {unit}") }
}

/// A number, marked when it is an estimate.
pub fn figure(number: i64, estimated: bool) -> String {
    let digits = number.to_string();
    let grouped: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|c| std::str::from_utf8(c).ok()).collect();
    format!("{}{}", if estimated { "≈ " } else { "" }, grouped.join(","))
}
