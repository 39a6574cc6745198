//! `cadastre demo …`

use crate::arguments::Demo;
use crate::context::Context;
use crate::output::{self, Intent};
use crate::progress;
use cadastre_core::demo::{self, DemoEvent, RunningDemo};
use cadastre_core::{Error, ErrorKind, Result};
use std::io::IsTerminal;
use std::sync::Mutex;

pub async fn run(context: &Context, command: &Demo) -> Result<u8> {
    if context.common.dry_run && !matches!(command, Demo::Status) {
        let subject = || "demo".to_owned();
        let would = match command {
            Demo::Start | Demo::Status => vec![Intent { action: "start", subject: subject() }],
            Demo::Stop => vec![Intent { action: "stop", subject: subject() }],
            Demo::Run { program } => vec![
                Intent { action: "start", subject: subject() },
                Intent { action: "run", subject: program.join(" ") },
                Intent { action: "stop", subject: subject() },
            ],
        };
        output::intents(&would, context.common.json)?;
        return Ok(0);
    }
    match command {
        Demo::Start => {
            let demo = start(context).await?;
            let (url, tenants) = (demo.url(), demo.tenants());
            demo.leave_running();
            print(context, Some(&url), tenants, true)
        }
        Demo::Status => {
            let status = demo::status(&context.home).await?;
            print(context, status.url.as_deref(), status.tenants, status.running)
        }
        Demo::Stop => {
            demo::stop(&context.home).await?;
            if context.common.json {
                output::json(&serde_json::json!({ "url": null, "tenants": 0, "running": false }))?;
            }
            Ok(0)
        }
        Demo::Run { program } => run_program(context, program).await,
    }
}

fn print(context: &Context, url: Option<&str>, tenants: u32, running: bool) -> Result<u8> {
    if context.common.json {
        output::json(&serde_json::json!({ "url": url, "tenants": tenants, "running": running }))?;
    } else if let Some(url) = url {
        output::line(&format!("{tenants} tenants at {url}"));
    } else {
        output::line("The demo is not running.");
    }
    Ok(0)
}

async fn start(context: &Context) -> Result<RunningDemo> {
    let quiet = context.common.json;
    let told = Mutex::new(String::new());
    let progress = |event: DemoEvent| {
        if quiet {
            return;
        }
        let text = match event {
            DemoEvent::Searching => "Looking for PostgreSQL".to_owned(),
            DemoEvent::Initialising => "Making a private server".to_owned(),
            DemoEvent::Starting => "Starting it".to_owned(),
            // Every tenth is enough where lines stay on the screen or in a log.
            DemoEvent::Filling { done, total } if done % 10 == 0 || done == total => {
                format!("Filling tenants: {done} of {total}")
            }
            DemoEvent::Filling { .. } | DemoEvent::Ready => return,
        };
        let mut told = told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if *told != text {
            output::note(&text);
            *told = text;
        }
    };
    demo::start(&context.home, &progress).await
}

/// Runs a program beside the demo. The demo ends with it, however it ends: by itself, by a signal to it, or by one to us.
/// One that ran before goes on.
async fn run_program(context: &Context, program: &[String]) -> Result<u8> {
    let [name, arguments @ ..] = program else {
        return Err(ErrorKind::Usage { reason: "Say which program to run, after --.".into() }.into());
    };
    let ran_before = demo::status(&context.home).await?.running;
    let started = tokio::select! {
        demo = start(context) => Some(demo?),
        () = progress::interrupted() => None,
    };
    let code = match &started {
        Some(demo) => accompany(context, demo, name, arguments).await,
        None => Ok(130),
    };
    drop(started);
    if !ran_before {
        match demo::stop(&context.home).await {
            // Interrupted before there was anything.
            Err(e) if matches!(e.kind(), ErrorKind::DemoNotRunning) => {}
            stopped => stopped?,
        }
    }
    code
}

async fn accompany(context: &Context, demo: &RunningDemo, name: &str, arguments: &[String]) -> Result<u8> {
    let failed = |e| Error::new(ErrorKind::FileUnreadable { path: name.to_owned() }).source(e);
    if std::io::stderr().is_terminal() {
        output::note(&format!("The demo runs: {}", demo.url()));
    }
    let mut child = tokio::process::Command::new(name)
        .args(arguments)
        .env("CADASTRE_HOME", context.home.folder())
        .env("DATABASE_URL", demo.url())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    tokio::select! {
        status = child.wait() => Ok(code_of(status.map_err(failed)?)),
        () = progress::interrupted() => {
            // A terminal sends Ctrl-C to the program too: it gets a moment to end by itself.
            let patience = tokio::time::timeout(std::time::Duration::from_secs(5), child.wait()).await;
            if patience.is_err() {
                let _ = child.kill().await;
            }
            Ok(130)
        }
    }
}

/// What a shell makes of it: 128 and the signal's number for a program that a signal ended.
fn code_of(status: std::process::ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(1);
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
