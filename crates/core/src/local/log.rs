//! Logs: one JSON object per line, a file per day, the last fourteen kept.
//!
//! A log names profiles, hosts, databases, schemas and error codes. It never holds a secret, a row or the text of a
//! statement: sqlx is told not to log statements where connections are made and is let through only from warnings on, and
//! what servers and triggers say in notices is left out.

use super::Home;
use crate::{Error, ErrorKind, Result};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// What is let through besides everybody's warnings, unless `CADASTRE_LOG` says otherwise: a level for Cadastre
/// itself (`CADASTRE_LOG=debug`), or levels of modules (`cadastre_core::fleet=trace,tauri=info`).
const DEFAULT: &str = "info";

/// Always added, and never overruled: these could write what statements, notices and keyring messages hold.
const ALWAYS: [&str; 4] = ["sqlx=warn", "sqlx::query=off", "sqlx::postgres::notice=off", "zbus=warn"];

const FILES_KEPT: usize = 14;

/// Writes what is waiting to the file when it is dropped: keep it until the program ends.
#[must_use = "without it, nothing is written any more"]
#[derive(Debug)]
pub struct LogGuard {
    _worker: WorkerGuard,
}

/// Starts logging to [`Home::logs`]. Called once, by the program.
///
/// # Errors
/// [`ErrorKind::LocalState`] when the folder cannot be written to, or something else in this process already logs.
pub fn init_logging(home: &Home) -> Result<LogGuard> {
    let (subscriber, guard) = subscriber(home, std::env::var("CADASTRE_LOG").ok().as_deref())?;
    tracing::subscriber::set_global_default(subscriber)
        .map_err(|e| failed(home, "logging is already set up").source(e))?;
    Ok(guard)
}

fn subscriber(home: &Home, wanted: Option<&str>) -> Result<(impl tracing::Subscriber + Send + Sync + use<>, LogGuard)> {
    let folder = home.logs();
    std::fs::create_dir_all(&folder).map_err(|e| failed(home, "its logs cannot be written").source(e))?;
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("cadastre")
        .filename_suffix("log")
        .max_log_files(FILES_KEPT)
        .build(&folder)
        .map_err(|e| failed(home, "its logs cannot be written").source(e))?;
    let (writer, worker) = tracing_appender::non_blocking(appender);
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(writer)
        .with_env_filter(filter(wanted))
        .finish();
    Ok((subscriber, LogGuard { _worker: worker }))
}

/// A part that cannot be understood is left out: a misspelt variable must not stop a program.
fn filter(wanted: Option<&str>) -> EnvFilter {
    let wanted = wanted.filter(|text| !text.trim().is_empty()).unwrap_or(DEFAULT);
    let parts = wanted.split(',').map(str::trim).filter(|part| !part.is_empty()).filter_map(|part| {
        match part.split_once('=') {
            // The targets of all of Cadastre's crates begin so.
            None => part.parse::<LevelFilter>().ok().map(|level| format!("cadastre={level}")),
            Some((target, _))
                if target.contains(['[', '{']) || target.starts_with("sqlx") || target.starts_with("zbus") =>
            {
                None
            }
            Some(_) => Some(part.to_owned()),
        }
    });
    let parts = parts.chain(ALWAYS.map(str::to_owned)).filter_map(|part| part.parse().ok());
    parts.fold(EnvFilter::new("warn"), EnvFilter::add_directive)
}

fn failed(home: &Home, reason: &str) -> Error {
    ErrorKind::LocalState { path: home.folder().display().to_string(), reason: reason.into() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(home: &Home) -> Vec<serde_json::Value> {
        let files =
            std::fs::read_dir(home.logs()).unwrap().map(|f| std::fs::read_to_string(f.unwrap().path()).unwrap());
        files.flat_map(|text| text.lines().map(|l| serde_json::from_str(l).unwrap()).collect::<Vec<_>>()).collect()
    }

    #[tokio::test]
    async fn an_event_is_one_json_object_with_its_fields_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path()).await.unwrap();
        let (subscriber, guard) = subscriber(&home, None).unwrap();
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(tenant = "lycee_hugo", duration_ms = 12, "migrated");
            tracing::debug!("too much");
        });
        drop(guard);
        let lines = written(&home);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["message"], "migrated");
        assert_eq!(lines[0]["tenant"], "lycee_hugo");
        assert_eq!(lines[0]["duration_ms"], 12);
        assert_eq!(lines[0]["level"], "INFO");
    }

    #[tokio::test]
    async fn statements_and_notices_stay_out_whatever_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path()).await.unwrap();
        let (subscriber, guard) =
            subscriber(&home, Some("trace,sqlx=trace,[x]=trace,sqlx::postgres=trace,,no such=thing=x")).unwrap();
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(target: "sqlx::query", "insert into person values ('c4nary')");
            tracing::warn!(target: "sqlx::postgres::notice", "c4nary");
            tracing::debug!(target: "sqlx::postgres", "c4nary");
            tracing::info!(target: "tauri", "others speak when it matters");
            tracing::trace!("everything of our own");
        });
        drop(guard);
        let lines = written(&home);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert_eq!(lines[0]["message"], "everything of our own");
    }
}
