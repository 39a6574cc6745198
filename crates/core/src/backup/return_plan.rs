//! What bringing a tenant back will do, or trying that out, before it is done.

use super::client::{self, Client};
use super::manifest::Archive;
use super::plan::major;
use super::restore::{self, Section};
use super::snapshot;
use crate::connection::{Database, server_identity};
use crate::fleet::{Check, CheckLevel, Plan, PlannedSql, PlannedTenant, RunKind};
use crate::local::{Home, Settings};
use crate::migration::{command_line, hex};
use crate::sql::{Ident, Statement, literal};
use crate::tenant::{check_schema_name, derive_schema_name};
use crate::{Error, ErrorKind, Result};
use sha2::{Digest, Sha256};

/// A plan to bring a tenant back, or to try that out, with what [`super::apply_return`] needs.
#[derive(Debug, Clone)]
pub struct ReturnPlan {
    /// What a person reads.
    pub plan: Plan,
    pub(super) archive: Archive,
    pub(super) client: Client,
    /// The schema that comes to be; `None` when it is only tried out.
    pub(super) schema: Option<String>,
    /// The display name, when it is another one than in the archive.
    pub(super) name: Option<String>,
}

/// Checks an archive and shows how its tenant would be brought back: under its own name, or as a tenant of another display
/// name. Reads the whole archive; changes nothing.
///
/// # Errors
/// [`ErrorKind::ReadOnly`], [`ErrorKind::ArchiveDamaged`], [`ErrorKind::ClientMissing`], [`ErrorKind::SchemaNameTaken`] and
/// what else is wrong with a name.
pub async fn plan_restore(
    home: &Home,
    database: &Database,
    archive: Archive,
    new_name: Option<&str>,
) -> Result<ReturnPlan> {
    database.require_writable("restore")?;
    check(&archive).await?;
    let mut session = database.catalog().await?;
    let schema = match new_name {
        Some(name) => {
            let schema = derive_schema_name(name)?;
            check_schema_name(&mut session, &schema).await?;
            schema
        }
        None => {
            let schema = archive.manifest.schema.clone();
            if snapshot::find_schema(&mut session, &schema).await?.is_some() {
                return Err(Error::new(ErrorKind::SchemaNameTaken { name: schema.clone(), existing: schema })
                    .hint("Give the restored tenant another name with --as."));
            }
            schema
        }
    };
    drop(session);
    let name = new_name.map(|name| name.trim().to_owned());
    let kind = RunKind::Restore;
    made(home, database, archive, Return { kind, schema: Some(schema), name }).await
}

/// Shows how an archive would be tried out: everything that [`plan_restore`] does, and then rolled back. Nothing is read of
/// the archive yet.
///
/// # Errors
/// [`ErrorKind::ReadOnly`], [`ErrorKind::ClientMissing`].
pub async fn plan_verify(home: &Home, database: &Database, archive: Archive) -> Result<ReturnPlan> {
    database.require_writable("verifying an archive, which restores it and rolls back")?;
    made(home, database, archive, Return { kind: RunKind::VerifyBackup, schema: None, name: None }).await
}

/// Compares the file with its manifest, not on the thread of others.
pub(super) async fn check(archive: &Archive) -> Result<()> {
    let archive = archive.clone();
    let checked = tokio::task::spawn_blocking(move || archive.check()).await;
    checked.map_err(|e| Error::new(ErrorKind::Internal { what: "the archive was not read".into() }).source(e))?
}

struct Return {
    kind: RunKind,
    schema: Option<String>,
    name: Option<String>,
}

async fn made(home: &Home, database: &Database, archive: Archive, what: Return) -> Result<ReturnPlan> {
    let manifest = &archive.manifest;
    // An older program cannot read the archive, whatever the server is.
    let of_client = manifest.client_version.split('.').next().and_then(|major| major.parse().ok());
    let wanted = major(database).max(of_client.unwrap_or_default());
    let settings = Settings::load(home).await?;
    let client = client::choose(&client::clients(settings.client_folder.as_deref()).await, wanted)?.clone();
    let mut session = database.catalog().await?;
    let live = snapshot::find_schema(&mut session, &manifest.schema).await?;
    let mut state = Sha256::new();
    state.update(server_identity(&mut session).await?);
    drop(session);
    state.update(format!(
        "{}\0{:?}\0{:?}\0{:?}",
        manifest.sha256,
        what.schema,
        what.name,
        live.as_ref().map(|s| s.oid)
    ));
    let schema = what.schema.clone().unwrap_or_else(|| manifest.schema.clone());
    let sql = shown(&archive, &client, live.is_some(), &what)?;
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: what.kind,
        tenants: vec![PlannedTenant::new(
            schema.clone(),
            what.name.clone().unwrap_or_else(|| manifest.name.clone()),
            vec![archive.path.display().to_string()],
        )],
        statements: vec![PlannedSql { schema: schema.clone(), tenants: 1, names: vec![schema], from: None, sql }],
        checks: checks(database, &archive, &client, what.kind),
        fingerprint: hex(&state.finalize()),
    };
    Ok(ReturnPlan { plan, client, schema: what.schema, name: what.name, archive })
}

/// The transaction, with the command in the place of what it writes.
fn shown(archive: &Archive, client: &Client, live: bool, what: &Return) -> Result<String> {
    let quoted = Ident::new(archive.manifest.schema.as_str())?;
    let aside = Ident::new("_cadastre_v_…")?;
    let mut sql = Statement::of(format_args!("begin;\n"));
    if live {
        sql.push(format_args!("alter schema {quoted} rename to {aside};\n"));
    }
    let command = |section| command_line(&restore::command(client, &archive.path, section));
    sql.push(format_args!("-- what this writes: {}\n", command(Section::Rows)));
    sql.push(format_args!("-- rows and sequences are compared with the manifest\n"));
    sql.push(format_args!("-- what this writes: {}\n", command(Section::Rest)));
    sql.push(format_args!("-- the structure is compared with the manifest\n"));
    let Some(schema) = &what.schema else {
        sql.push(format_args!("rollback;"));
        return Ok(sql.text().to_owned());
    };
    let wanted = Ident::new(schema.as_str())?;
    if wanted != quoted {
        sql.push(format_args!("alter schema {quoted} rename to {wanted};\n"));
    }
    if let Some(name) = &what.name {
        sql.push(format_args!("comment on schema {wanted} is {};\n", literal(name)));
    }
    if live {
        sql.push(format_args!("alter schema {aside} rename to {quoted};\n"));
    }
    sql.push(format_args!("commit;"));
    Ok(sql.text().to_owned())
}

fn checks(database: &Database, archive: &Archive, client: &Client, kind: RunKind) -> Vec<Check> {
    let manifest = &archive.manifest;
    let (version, place) = (client.version().to_string(), client.folder().display().to_string());
    let mut checks = vec![Check::new(
        CheckLevel::Ok,
        "client_found",
        format!("pg_restore {version} in {place} is used."),
        &[("version", version), ("folder", place)],
    )];
    if kind == RunKind::Restore {
        let words = "The archive is as it was written: its SHA-256 is that of the manifest.";
        checks.push(Check::new(CheckLevel::Ok, "archive_intact", words, &[]));
    }
    if !manifest.verified && kind == RunKind::Restore {
        let words = "The archive was never verified; it is when it is restored.";
        checks.push(Check::new(CheckLevel::Warning, "never_verified", words, &[]));
    }
    let (from, here) = (manifest.major(), major(database));
    if from != here {
        let words = format!(
            "The archive comes from PostgreSQL {from}, and this server is {here}: rows and sequences are compared, the structure \
             is not."
        );
        let params = [("from", from.to_string()), ("here", here.to_string())];
        checks.push(Check::new(CheckLevel::Warning, "other_major", words, &params));
    }
    checks
}
