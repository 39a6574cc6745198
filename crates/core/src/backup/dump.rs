//! Writing one archive.

use super::client::Client;
use super::manifest::{Archive, Manifest};
use super::process::Running;
use super::restore::{self, Destination};
use super::{cast, snapshot};
use crate::content::{self, Table};
use crate::fleet::Worker;
use crate::journal::Author;
use crate::migration::{Redactor, hex};
use crate::part_file::{PartFile, failure};
use crate::sql::Ident;
use crate::{Error, ErrorKind, Result};
use chrono::Utc;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::AsyncReadExt;
use tokio::process::ChildStdout;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// `pg_dump` gives way to a lock after so long, in milliseconds.
const LOCK_TIMEOUT_MS: u32 = 10_000;
/// Written at a time.
const BLOCK: usize = 1024 * 1024;

/// The program and its arguments. Where the server is, and the password, are in its environment.
///
/// # Errors
/// [`ErrorKind::IdentifierInvalid`].
pub(super) fn command(client: &Client, schema: &str, snapshot: &str) -> Result<Vec<String>> {
    // A pattern in quotes, whose quotes are doubled, is taken literally: no star, dot or upper case means anything else.
    let pattern = Ident::new(schema)?;
    Ok(vec![
        client.program("pg_dump").display().to_string(),
        "--format=custom".into(),
        // Two and a half times as quick as the default, and about a tenth larger.
        "--compress=1".into(),
        "--encoding=UTF8".into(),
        format!("--schema={pattern}"),
        "--strict-names".into(),
        format!("--lock-wait-timeout={LOCK_TIMEOUT_MS}"),
        "--no-password".into(),
        format!("--snapshot={snapshot}"),
    ])
}

/// Writes the archive of a tenant and its manifest into a folder, both under the name `id`, and that only when everything is proven:
/// unless `verify` is `None`, it is brought back on trial, one archive at a time where they may meet.
///
/// # Errors
/// [`ErrorKind::ArchiveFailed`], [`ErrorKind::ArchiveDiffers`], [`ErrorKind::DiskFull`], and what reading the tenant reports.
pub(super) async fn create(
    worker: &mut Worker,
    client: &Client,
    schema: &str,
    id: String,
    target: &Path,
    verify: Option<&Mutex<()>>,
) -> Result<Archive> {
    let database = worker.database().clone();
    let cancel = worker.cancel_token().clone();
    let redactor = Redactor::new(database.password());
    let now = Utc::now();
    let path = target.join(format!("{id}.dump"));
    // First: a folder that cannot be written to is found out before anything is read.
    let part = PartFile::create_private(&path)?;
    let tell = worker.row_counter();
    let session = worker.session().await?;
    let (found, exported) = snapshot::open(&database, session, schema).await?;
    let locks = snapshot::locks(session, found.oid).await?;
    if verify.is_some() {
        restore::require_locks(&database, schema, locks)?;
    }
    let (shape, shape_with_grants) = snapshot::shapes(session, schema).await?;
    let casts = cast::casts(session, found.oid).await?;
    let before = snapshot::sequences(session, schema).await?;
    let words = command(client, schema, &exported)?;
    let environment = database.child_environment("pg_catalog", LOCK_TIMEOUT_MS, "cadastre backup");
    let failed = |reason: String| Error::from(ErrorKind::ArchiveFailed { schema: schema.to_owned(), reason });
    let (running, output) = Running::start(&words, Some(&environment))
        .map_err(|error| failed("it cannot be started".into()).source(error))?;
    let told = AtomicU64::new(0);
    let going_on = |rows: u64| {
        tell(rows.saturating_sub(told.swap(rows, Ordering::Relaxed)));
        !cancel.is_cancelled()
    };
    let columns = std::sync::Mutex::new(BTreeMap::new());
    let note = |table: &mut Table| {
        let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
        columns.lock().unwrap_or_else(PoisonError::into_inner).insert(table.relation.name.clone(), names);
    };
    let read = async {
        tokio::try_join!(
            receive(output, part, &path, &cancel),
            content::content_arranged(session, schema, None, &note, &going_on)
        )
    };
    let ((part, bytes, sha256), content) = match read.await {
        Ok(read) => read,
        Err(error) => {
            running.stop().await;
            return Err(error);
        }
    };
    running.end(&redactor).await.map_err(|reason| reason_of(&failed, &reason))?;
    let mut moved = snapshot::sequences(session, schema).await?;
    moved.retain(|after| !before.contains(after));
    session.execute("commit").await?;
    let server = database.server();
    let mut manifest = Manifest {
        format: Manifest::FORMAT,
        id,
        run: worker.run().to_owned(),
        kind: "archive".into(),
        schema: schema.to_owned(),
        name: found.name,
        created: now,
        created_by: Author::here().person,
        cadastre: env!("CARGO_PKG_VERSION").into(),
        host: server.host.clone(),
        port: server.port,
        database: server.database.clone(),
        role: server.role.clone(),
        server_version: server.version.clone(),
        server_version_number: server.version_number,
        client_version: client.version().to_string(),
        command: words,
        bytes,
        sha256,
        shape,
        shape_with_grants,
        tables: content.tables,
        columns: columns.into_inner().unwrap_or_else(PoisonError::into_inner),
        sequences: before,
        sequences_moved: moved,
        casts,
        locks,
        verified: false,
        digest: String::new(),
    };
    part.sync()?;
    if let Some(turn) = verify {
        let archive = part.temporary_path();
        let brought = restore::bring_back(worker, client, archive, &manifest, Destination::Nowhere, turn).await?;
        manifest.sequences = brought.sequences;
        manifest.sequences_moved.clear();
        manifest.verified = true;
    }
    worker.check_cancelled()?;
    finish(part, manifest.sealed(), &path)
}

/// The manifest first: an archive that has its name has everything.
fn finish(part: PartFile, manifest: Manifest, path: &Path) -> Result<Archive> {
    let mut beside = PartFile::create_private(&path.with_extension("json"))?;
    beside.write(manifest.text().as_bytes())?;
    let beside = beside.persist_new()?;
    match part.persist_new() {
        Ok(path) => Ok(Archive { path, manifest }),
        Err(error) => {
            let _ = std::fs::remove_file(beside);
            Err(error)
        }
    }
}

/// What `pg_dump` complained about. A lock that was not granted is worth another try, and so is a server that went away.
fn reason_of(failed: &impl Fn(String) -> Error, reason: &str) -> Error {
    if reason.contains("canceling statement due to lock timeout") {
        return Error::new(ErrorKind::LockTimeout { timeout: format!("{LOCK_TIMEOUT_MS} ms") });
    }
    let lost = [
        "server closed the connection unexpectedly",
        "terminating connection",
        "connection to server at",
        "connection to server on",
    ];
    if lost.iter().any(|words| reason.contains(words)) {
        return Error::new(ErrorKind::ConnectionLost).detail(reason.to_owned());
    }
    let line = reason.lines().find(|line| line.contains("error:")).unwrap_or(reason).trim();
    let line = line.split_once("error: ").map_or(line, |(_, rest)| rest).trim_end_matches('.');
    failed(line.to_owned()).detail(reason.to_owned())
}

/// Writes what the program sends; returns size and SHA-256.
async fn receive(
    mut output: ChildStdout,
    mut part: PartFile,
    path: &Path,
    cancel: &CancellationToken,
) -> Result<(PartFile, u64, String)> {
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    loop {
        let mut block = Vec::with_capacity(BLOCK);
        let more = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(ErrorKind::Cancelled.into()),
            more = fill(&mut output, &mut block) => more.map_err(|error| failure(path, error))?,
        };
        bytes += block.len() as u64;
        let written = tokio::task::spawn_blocking(move || {
            hash.update(&block);
            part.write(&block)?;
            Ok::<_, Error>((part, hash))
        });
        let unfinished =
            |error| Error::new(ErrorKind::Internal { what: "the file was not written".into() }).source(error);
        (part, hash) = written.await.map_err(unfinished)??;
        if !more {
            return Ok((part, bytes, hex(&hash.finalize())));
        }
    }
}

/// Fills a block; false at the end.
async fn fill(output: &mut ChildStdout, block: &mut Vec<u8>) -> std::io::Result<bool> {
    while block.len() < BLOCK {
        if output.read_buf(block).await? == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}
