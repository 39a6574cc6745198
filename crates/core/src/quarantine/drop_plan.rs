//! The plan of a drop: what is lost, where the backup goes, who would notice.

use super::losses::{self, Dependent, Losses, Mention};
use super::{backup_file, record};
use crate::access as acl;
use crate::backup::Archiver;
use crate::connection::{Database, Session, server_identity};
use crate::error::WireError;
use crate::fleet::{Check, CheckLevel, Plan, PlannedSql, PlannedTenant, RunKind};
use crate::local::Home;
use crate::registry;
use crate::sql::Ident;
use crate::tenant::{Found, resolve};
use crate::{ErrorKind, Result, migration, rebuild, shape};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A tenant to drop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DropRequest {
    /// Schema or display name.
    pub tenant: String,
    /// Where the backup goes; a folder beside Cadastre's own state when absent.
    pub backup_dir: Option<String>,
    /// An archive is written beside the workbook where that can be done.
    pub archive: bool,
    /// Language of headings in the workbook, `en` or `fr`.
    pub language: String,
}

/// The plan of a drop, with what [`super::apply_drop`] needs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DropPlan {
    /// What a person reads.
    #[serde(flatten)]
    pub plan: Plan,
    /// What is lost, and who would notice.
    pub losses: Losses,
    /// Folder of the backup.
    pub backup_folder: String,
    /// The schema's name in quarantine.
    pub quarantined_as: String,
    #[serde(skip)]
    pub(super) oid: u32,
    #[serde(skip)]
    pub(super) request: DropRequest,
    #[serde(skip)]
    pub(super) backup_root: PathBuf,
    #[serde(skip)]
    pub(super) archiver: Option<Archiver>,
}

/// Looks at what a drop would take away; changes nothing.
///
/// # Errors
/// [`ErrorKind::TenantMissing`], [`ErrorKind::TenantAmbiguous`]; [`ErrorKind::PermissionDenied`] for a role that may not rename
/// the schema.
pub async fn plan_drop(home: &Home, database: &Database, request: DropRequest) -> Result<DropPlan> {
    let mut session = database.catalog().await?;
    let found = resolve(&mut session, &request.tenant).await?;
    let (oid, schema) = (found.summary.oid, found.summary.schema.clone());
    losses::require_owner(&mut session, oid, &schema, &database.server().role).await?;
    let rights = acl::rights(&mut session, oid).await?.ok_or(ErrorKind::TenantMissing { name: schema.clone() })?;
    let losses = Losses {
        tables: found.summary.tables,
        rows: found.summary.rows,
        size_bytes: found.summary.size_bytes,
        dependents: losses::dependents(&mut session, oid).await?,
        mentions: losses::mentions(&mut session, &schema).await?,
        roles: losses::roles(&mut session, oid).await?,
        sessions: losses::sessions(&mut session, oid).await?,
        lock_budget: losses::lock_budget(&mut session).await?,
    };
    let by_hand = by_hand(&mut session, &schema).await?;
    let archiver = match request.archive {
        true => Some(Archiver::find(home, database, &mut session, &schema).await),
        false => None,
    };
    let fingerprint = fingerprint(&mut session, oid, &schema).await?;
    let backup_root = match &request.backup_dir {
        Some(folder) => std::path::absolute(folder).unwrap_or_else(|_| PathBuf::from(folder)),
        None => home.folder().join("backups"),
    };
    // A name that was never used, so that no backup of an earlier drop is in its folder.
    let mut now = rights.now;
    let quarantined_as = loop {
        let name = record::quarantine_name(&schema, now);
        let taken = losses::exists(&mut session, &name).await? || backup_file::folder_of(&backup_root, &name).exists();
        if !taken {
            break name;
        }
        now += chrono::TimeDelta::seconds(1);
    };
    let registered = registry::state_in(&mut session).await?.writable;
    drop(session);
    let backup_folder = backup_file::folder_of(&backup_root, &quarantined_as).display().to_string();
    let (name, quarantine) = (Ident::new(schema.as_str())?, Ident::new(quarantined_as.as_str())?);
    let mut sql = format!("begin;\nset local lock_timeout = '{}';\n", super::seal::LOCK_TIMEOUT);
    sql += &format!("alter schema {name} rename to {quarantine};\n");
    sql += &acl::revoke_all(&quarantine, &rights)?.text().replace("; ", ";\n");
    sql += &format!("comment on schema {quarantine} is '… name, comment, rights, backup, digests …';\n");
    if registered {
        sql += &format!("{}\n", registry::quarantined(&schema));
    }
    sql += "commit;\n";
    let statements =
        vec![PlannedSql { schema: schema.clone(), tenants: 1, names: vec![schema.clone()], from: None, sql }];
    let tenant = PlannedTenant::new(
        schema,
        found.summary.name.clone(),
        vec!["backup".into(), quarantined_as.clone(), "proof".into()],
    );
    let mut checks = checks(&found, &losses, &backup_folder, request.backup_dir.as_deref());
    checks.extend(archiver.as_ref().map(archive_check));
    let archiver = archiver.and_then(Result::ok);
    checks.extend(by_hand.map(|names| match archiver.is_some() {
        true => in_the_archive_only(names),
        false => not_in_the_backup(CheckLevel::Warning, names),
    }));
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::Drop,
        checks,
        tenants: vec![tenant],
        statements,
        fingerprint,
    };
    Ok(DropPlan { plan, losses, backup_folder, quarantined_as, oid, request, backup_root, archiver })
}

/// Whether an archive is written too, and why not. A tenant is not kept for want of one: the workbook restores it.
fn archive_check(archiver: &Result<Archiver>) -> Check {
    match archiver {
        Ok(archiver) => {
            let program = archiver.program();
            let message = format!("An archive of {program} is written beside the workbook, and brought back on trial.");
            Check::new(CheckLevel::Ok, "drop_archive", message, &[("program", program)])
        }
        Err(error) => {
            let error = WireError::from(error);
            let message = format!("No archive is written beside the workbook: {}", error.message);
            let mut check = Check::new(CheckLevel::Ok, "drop_no_archive", message, &[("reason", error.message)]);
            // The window says it in its own language.
            check.params.extend(error.params);
            check.params.insert("error".into(), error.code);
            check.params.extend(error.hint.map(|hint| ("hint".into(), hint)));
            check
        }
    }
}

/// Nothing of it is lost as long as the archive is there.
pub(super) fn in_the_archive_only(names: String) -> Check {
    let message = format!("Only the archive makes these again, not the workbook: {names}.");
    Check::new(CheckLevel::Ok, "drop_in_archive_only", message, &[("names", names)])
}

/// What of the schema no workbook makes again, as a list of names.
pub(super) async fn by_hand(session: &mut Session, schema: &str) -> Result<Option<String>> {
    let namespace = shape::namespaces(session, &[schema.to_owned()]).await?.remove(0);
    let shape = shape::read(session, &namespace).await?;
    let names = rebuild::by_hand(&shape)?;
    Ok((!names.is_empty()).then(|| names.join(", ")))
}

/// In quarantine nothing of it is lost yet; a purge would be the end of it.
pub(super) fn not_in_the_backup(level: CheckLevel, names: String) -> Check {
    let message = format!("The workbook does not make these again; keep an archive (cadastre backup create): {names}.");
    Check::new(level, "drop_by_hand", message, &[("names", names)])
}

/// The state that a plan is made from: this schema, its comment and rights, and the relations in it.
pub(super) async fn fingerprint(session: &mut Session, namespace: u32, schema: &str) -> Result<String> {
    let mut state = Sha256::new();
    state.update(server_identity(session).await?);
    let rights = acl::rights(session, namespace).await?;
    let rights = rights.ok_or(ErrorKind::TenantMissing { name: schema.to_owned() })?;
    state.update(format!("\0{namespace}\0{schema}\0{:?}\0{:?}\0{}\0", rights.acl, rights.comment, rights.owner));
    state.update(losses::state(session, namespace).await?);
    Ok(migration::hex(&state.finalize()))
}

fn checks(found: &Found, losses: &Losses, folder: &str, named: Option<&str>) -> Vec<Check> {
    use CheckLevel::{Ok, Stop, Warning};
    let schema = found.summary.schema.clone();
    let mut checks = vec![
        Check::new(
            Ok,
            "drop_loses",
            format!(
                "{} tables with about {} rows ({} bytes) leave {schema}.",
                losses.tables, losses.rows, losses.size_bytes
            ),
            &[
                ("schema", schema.clone()),
                ("tables", losses.tables.to_string()),
                ("rows", losses.rows.to_string()),
                ("bytes", losses.size_bytes.to_string()),
            ],
        ),
        Check::new(
            Ok,
            "drop_backup",
            format!("They are saved first, and read back: {folder}"),
            &[("folder", folder.to_owned())],
        ),
    ];
    if let Some(missing) = named.filter(|folder| !Path::new(folder).is_dir()) {
        let message = format!("The folder {missing} does not exist.");
        checks.push(Check::new(Stop, "drop_folder_missing", message, &[("folder", missing.to_owned())]));
    }
    if !found.summary.readable {
        let message = format!("This role has no USAGE on {schema}, so that it cannot be saved.");
        checks.push(Check::new(Stop, "drop_unreadable", message, &[("schema", schema.clone())]));
    }
    let free = losses.lock_budget.total - losses.lock_budget.used;
    let params = [
        ("tables", losses.tables.to_string()),
        ("free", free.to_string()),
        ("total", losses.lock_budget.total.to_string()),
    ];
    checks.push(match i64::from(losses.tables) < free {
        true => Check::new(
            Ok,
            "drop_locks_fit",
            format!("Reading {} tables at once fits into the {free} locks that are free.", losses.tables),
            &params,
        ),
        false => Check::new(
            Stop,
            "drop_locks_short",
            format!(
                "Reading {} tables at once needs more than the {free} locks that are free: raise max_locks_per_transaction.",
                losses.tables
            ),
            &params,
        ),
    });
    checks.extend(losses.dependents.iter().map(dependent));
    checks.extend(losses.mentions.iter().map(|mention| mentioned(mention, &schema)));
    if !losses.roles.is_empty() {
        let roles = losses.roles.join(", ");
        let message = format!("Rights are taken from, and given back by undrop to: {roles}");
        checks.push(Check::new(Ok, "drop_roles", message, &[("roles", roles)]));
    }
    for session in &losses.sessions {
        let who = session.words();
        let message = format!("A transaction has touched the tenant just now: {who}");
        checks.push(Check::new(Warning, "drop_session", message, &[("who", who)]));
    }
    checks
}

/// Whatever depends on the tenant goes on working while it is in quarantine, and stands in the way of a purge.
pub(super) fn dependent(dependent: &Dependent) -> Check {
    let params = [("object", dependent.object.clone()), ("kind", dependent.kind.clone())];
    let message = format!("Depends on the tenant from elsewhere: {}", dependent.object);
    Check::new(CheckLevel::Warning, "drop_dependent", message, &params)
}

fn mentioned(mention: &Mention, schema: &str) -> Check {
    let Mention { table, column, rows } = mention;
    let count = rows.map_or_else(|| "an unknown number of".to_owned(), |rows| rows.to_string());
    let params = [
        ("table", table.clone()),
        ("column", column.clone()),
        ("rows", rows.map(|rows| rows.to_string()).unwrap_or_default()),
        ("schema", schema.to_owned()),
    ];
    let message = format!("public.{table} has {count} rows whose {column} is {schema}; they stay as they are.");
    Check::new(
        CheckLevel::Warning,
        if rows.is_some() { "drop_mention" } else { "drop_mention_uncounted" },
        message,
        &params,
    )
}
