//! Steps with a line each, so that one sees at the end what passed, what failed, what to do about it and what took long.

use crate::failure::{Failure, Result};
use crate::process::Counts;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The steps of one command.
pub struct Steps {
    begun: Instant,
    done: Vec<Step>,
    /// Tests that the steps reported.
    pub counts: Counts,
}

struct Step {
    name: &'static str,
    time: Duration,
    failure: Option<Failure>,
}

impl Steps {
    pub fn new() -> Self {
        Self { begun: Instant::now(), done: Vec::new(), counts: Counts::default() }
    }

    /// Runs a step. A failure is kept for the end, with what to do about it; the answer tells whether it passed, for
    /// the steps that need it.
    pub fn run(&mut self, name: &'static str, remedy: &str, step: impl FnOnce(&mut Counts) -> Result) -> bool {
        println!("\n== {name}");
        let begun = Instant::now();
        let failure = step(&mut self.counts).err().map(|failure| failure.or_remedy(remedy));
        let time = begun.elapsed();
        match &failure {
            None => println!("-- {name}: ok, {}", seconds(time)),
            Some(failure) => println!("-- {name}: FAILED after {}\n{failure}", seconds(time)),
        }
        let passed = failure.is_none();
        self.done.push(Step { name, time, failure });
        passed
    }

    /// Prints the summary; its last line is the count of all tests.
    pub fn finish(self) -> ExitCode {
        println!("\n== Summary");
        for step in &self.done {
            let verdict = if step.failure.is_none() { "ok" } else { "FAILED" };
            println!("{:<34} {verdict:<7} {:>9}", step.name, seconds(step.time));
        }
        println!("{:<34} {:<7} {:>9}", "in all", "", seconds(self.begun.elapsed()));
        let failed: Vec<_> = self.done.iter().filter_map(|step| Some((step.name, step.failure.as_ref()?))).collect();
        for (name, failure) in &failed {
            println!("\nFAILED: {name}\n{failure}");
        }
        // A failed step that reported no failed test counts as one, so that the last line never hides it.
        let failures = self.counts.failed.max(failed.len() as u64);
        println!("\n{} passed, {failures} failed", self.counts.passed);
        if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        whole => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_at_a_glance() {
        assert_eq!(seconds(Duration::from_millis(1240)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(187)), "3 min 07 s");
    }
}
