//! One line per measurement, and the verdict.

use crate::clock::{Series, disturbed};
use std::process::ExitCode;

/// What was measured so far.
pub struct Report {
    over: Vec<String>,
    lines: usize,
}

impl Report {
    pub fn new() -> Self {
        println!(
            "\n{:<46} {:>8} {:>17}   {:>8} {:>17}   {:>5} {:>7}",
            "measurement (medians)", "value", "(range)", "limit", "(range)", "ratio", "allowed"
        );
        Self { over: Vec::new(), lines: 0 }
    }

    /// Beside something that was measured in turn with it.
    pub fn beside(&mut self, name: &str, unit: &str, value: &Series, limit: &Series, allowed: f64) {
        self.line(name, unit, value, (limit.median(), &range(limit)), allowed);
    }

    /// Beside a fixed limit.
    pub fn within(&mut self, name: &str, unit: &str, value: &Series, limit: f64) {
        self.line(name, unit, value, (limit, "fixed"), 1.0);
    }

    /// Something that belongs to the line above.
    pub fn note(&self, text: &str) {
        println!("    {text}");
    }

    fn line(&mut self, name: &str, unit: &str, value: &Series, (limit, limits): (f64, &str), allowed: f64) {
        let ratio = value.median() / limit;
        let verdict = if ratio <= allowed { "ok" } else { "OVER" };
        let (median, limit) = (amount(value.median(), unit), amount(limit, unit));
        println!(
            "{name:<46} {median:>8} {:>17}   {limit:>8} {limits:>17}   {ratio:>5.2} {allowed:>7.2} {verdict}",
            range(value)
        );
        self.lines += 1;
        let disturbed = disturbed();
        if disturbed > 0 {
            self.note(&format!("{disturbed} runs began while the machine was busy: do not trust this line"));
        }
        if ratio > allowed {
            self.over.push(name.to_owned());
        }
    }

    pub fn finish(self) -> ExitCode {
        if self.over.is_empty() {
            println!("\nAll {} measurements are within what is allowed.", self.lines);
            return ExitCode::SUCCESS;
        }
        println!("\n{} of {} measurements are over: {}.", self.over.len(), self.lines, self.over.join("; "));
        ExitCode::FAILURE
    }
}

fn range(series: &Series) -> String {
    format!("({}–{})", number(series.min()), number(series.max()))
}

fn amount(value: f64, unit: &str) -> String {
    format!("{} {unit}", number(value))
}

fn number(value: f64) -> String {
    if value < 10.0 { format!("{value:.3}") } else { format!("{value:.1}") }
}
