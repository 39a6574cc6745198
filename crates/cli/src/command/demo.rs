//! `cadastre demo …`

use crate::arguments::Demo;
use crate::context::Context;
use crate::{output, progress};
use cadastre_core::demo::{self, DemoEvent, RunningDemo};
use cadastre_core::{Error, ErrorKind, Result};
use std::ffi::OsString;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::process::{Child, Command};

/// How long a program may take to end by itself after Ctrl-C, which a terminal sends to it too.
const PATIENCE: Duration = Duration::from_secs(5);

pub async fn run(context: &Context, command: &Demo) -> Result<u8> {
    match command {
        Demo::Start => start(context).await,
        Demo::Run { command } => accompany(context, command).await,
        Demo::Stop => stop(context).await,
        Demo::Status => status(context).await,
    }
}

async fn start(context: &Context) -> Result<u8> {
    let demo = started(context).await?;
    if context.common.json {
        output::json(&serde_json::json!({ "url": demo.url(), "tenants": demo.tenants() }))?;
    } else {
        output::line(&demo.url());
    }
    demo.leave_running();
    Ok(0)
}

async fn stop(context: &Context) -> Result<u8> {
    demo::stop(&context.home).await?;
    if context.common.json {
        return status(context).await;
    }
    output::line("The demo is stopped and its data removed.");
    Ok(0)
}

async fn status(context: &Context) -> Result<u8> {
    let status = demo::status(&context.home).await?;
    match (&status.url, context.common.json) {
        (_, true) => output::json(&status)?,
        (Some(url), false) => output::line(&format!("{url} ({} tenants)", status.tenants)),
        (None, false) => output::line("The demo does not run."),
    }
    Ok(0)
}

/// Starts the demo, runs a program with `DATABASE_URL` leading to it, and ends the demo with that program, however it
/// ends: by itself, by a signal to it, or by one to us.
async fn accompany(context: &Context, command: &[OsString]) -> Result<u8> {
    let demo = tokio::select! {
        demo = started(context) => demo?,
        () = progress::interrupted() => return Ok(130),
    };
    let (program, arguments) = command.split_first().ok_or(ErrorKind::NothingSelected)?;
    let mut child = Command::new(program)
        .args(arguments)
        .env("DATABASE_URL", demo.url())
        .kill_on_drop(true)
        .spawn()
        .map_err(|e| program_failed(program, e))?;
    let ended = tokio::select! {
        ended = child.wait() => Some(ended),
        () = progress::interrupted() => None,
    };
    let code = match ended {
        Some(ended) => code_of(ended.map_err(|e| program_failed(program, e))?),
        None => {
            see_off(&mut child).await;
            130
        }
    };
    // Waits until the server has stopped, when it is ours.
    drop(demo);
    Ok(code)
}

async fn see_off(child: &mut Child) {
    if tokio::time::timeout(PATIENCE, child.wait()).await.is_err() {
        // It may have ended just now; then there is nothing left to kill.
        let _ = child.kill().await;
    }
}

/// What a shell makes of it: 128 and the signal's number for a program that a signal ended.
fn code_of(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(1);
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

fn program_failed(program: &OsString, error: std::io::Error) -> Error {
    let path = program.to_string_lossy().into_owned();
    Error::new(ErrorKind::FileUnreadable { path }).source(error)
}

/// Starts it, saying on the terminal what takes time.
async fn started(context: &Context) -> Result<RunningDemo> {
    let quiet = context.common.json;
    let told = AtomicU32::new(0);
    demo::start(&context.home, &|event| {
        if quiet {
            return;
        }
        match event {
            DemoEvent::Initialising => output::note("Making a private PostgreSQL server …"),
            DemoEvent::Starting => output::note("Starting the private PostgreSQL server …"),
            // A line per quarter: this also goes to logs, where a moving bar would be noise.
            DemoEvent::Filling { done, total } if done * 4 / total.max(1) >= told.load(Ordering::Relaxed) => {
                told.store(done * 4 / total.max(1) + 1, Ordering::Relaxed);
                output::note(&format!("Filling it with invented tenants: {done} of {total}"));
            }
            DemoEvent::Searching | DemoEvent::Filling { .. } | DemoEvent::Ready => {}
        }
    })
    .await
}
