//! The plan of a purge: whether the grace period is over, the backup good, and nobody elsewhere depends on the tenant.

use super::drop_plan::{by_hand, in_the_archive_only, not_in_the_backup};
use super::find::{self, Found};
use super::record::Backup;
use super::{backup_file, batch, drop, graph, losses};
use crate::connection::{Database, Session, server_identity};
use crate::fleet::{Check, CheckLevel, Plan, PlannedSql, PlannedTenant, RunKind};
use crate::sql::Ident;
use crate::{Result, migration};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A tenant to remove for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PurgeRequest {
    /// Its former schema, its display name, or its schema in quarantine.
    pub tenant: String,
    /// Seconds that it must have been in quarantine.
    pub older_than: u32,
    /// Somebody has said that no backup is needed.
    pub without_backup: bool,
}

impl PurgeRequest {
    /// Thirty days.
    pub const GRACE: u32 = 30 * 24 * 60 * 60;
}

/// The plan of a purge, with what [`super::apply_purge`] needs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PurgePlan {
    /// What a person reads.
    #[serde(flatten)]
    pub plan: Plan,
    /// The schema in quarantine.
    pub quarantined_as: String,
    /// The backup that stays.
    pub backup: String,
    /// Objects to remove.
    pub objects: u32,
    /// Transactions that it takes.
    pub batches: u32,
    #[serde(skip)]
    pub(super) oid: u32,
    #[serde(skip)]
    pub(super) request: PurgeRequest,
    /// The archive, where it is the one that was verified.
    #[serde(skip)]
    pub(super) archive: Option<Backup>,
}

/// So many statements of a purge are shown.
const SHOWN: usize = 40;

/// Looks at what a purge would remove, and reads the backup file to its end; changes nothing.
///
/// # Errors
/// [`crate::ErrorKind::NotQuarantined`], [`crate::ErrorKind::TenantAmbiguous`], [`crate::ErrorKind::QuarantineRecordInvalid`],
/// [`crate::ErrorKind::PermissionDenied`].
pub async fn plan_purge(database: &Database, request: PurgeRequest) -> Result<PurgePlan> {
    let mut session = database.catalog().await?;
    let found = find::resolve(&mut session, &request.tenant).await?;
    let record = found.record()?.clone();
    losses::require_owner(&mut session, found.oid, &found.schema, &database.server().role).await?;
    let now = drop::clock(&mut session).await?;
    let mut checks = Vec::new();
    let (age, wanted) = ((now - record.quarantined_at).num_seconds(), i64::from(request.older_than));
    let params = [("schema", found.schema.clone()), ("age", period(age)), ("period", period(wanted))];
    checks.push(if record.purge_begun_at.is_some() {
        let message = format!("A purge of {} has begun before; this one goes on with it.", found.schema);
        Check::new(CheckLevel::Ok, "purge_goes_on", message, &params)
    } else if age >= wanted {
        let message = format!("{} has been in quarantine for {}.", found.schema, period(age));
        Check::new(CheckLevel::Ok, "purge_grace_over", message, &params)
    } else {
        let message = format!(
            "{} has been in quarantine for {} only; the grace period is {} (--older-than).",
            found.schema,
            period(age),
            period(wanted)
        );
        Check::new(CheckLevel::Stop, "purge_too_early", message, &params)
    });
    let backup = record.backup.path.clone();
    checks.push(match (request.without_backup, backup_file::problem(&record.backup).await) {
        (_, None) => {
            let message = format!("The backup is the file that was verified: {backup}");
            Check::new(CheckLevel::Ok, "purge_backup", message, &[("path", backup.clone())])
        }
        (true, Some(problem)) => {
            let message = format!("Nothing is left afterwards: {problem}, and --without-backup was said.");
            Check::new(CheckLevel::Warning, "purge_without_backup", message, &[("problem", problem)])
        }
        (false, Some(problem)) => {
            let message = format!("The backup cannot be relied on: {problem}.");
            let params = [("problem", problem), ("path", backup.clone())];
            Check::new(CheckLevel::Stop, "purge_backup_missing", message, &params)
        }
    });
    let mut archive = None;
    if let Some(written) = &record.archive {
        archive = match backup_file::problem(written).await {
            None => Some(written.clone()),
            Some(problem) => {
                let message = format!("The archive cannot be relied on: {problem}.");
                checks.push(Check::new(CheckLevel::Warning, "purge_archive_missing", message, &[("problem", problem)]));
                None
            }
        };
    }
    if record.purge_begun_at.is_none()
        && let Some(names) = by_hand(&mut session, &found.schema).await?
    {
        checks.push(match (request.without_backup, &archive) {
            (_, Some(_)) => in_the_archive_only(names),
            (true, None) => not_in_the_backup(CheckLevel::Warning, names),
            (false, None) => not_in_the_backup(CheckLevel::Stop, names),
        });
    }
    for dependent in losses::dependents(&mut session, found.oid).await? {
        let message = format!("Depends on the tenant from elsewhere, and would have to go first: {}", dependent.object);
        let params = [("object", dependent.object), ("kind", dependent.kind)];
        checks.push(Check::new(CheckLevel::Stop, "purge_dependent", message, &params));
    }
    let share = batch::share(&mut session).await?;
    let mut batches = batch::foreign_keys(&mut session, found.oid, share).await?;
    let (ordered, circle) = graph::read(&mut session, found.oid).await?.order();
    let objects = ordered.len() + circle.len();
    batches.extend(batch::batches(&ordered, share));
    let params =
        [("objects", objects.to_string()), ("batches", batches.len().to_string()), ("share", share.to_string())];
    let message = format!("{objects} objects go in {} transactions of at most {share} locks.", batches.len());
    checks.push(Check::new(CheckLevel::Ok, "purge_batches", message, &params));
    let fingerprint = fingerprint(&mut session, &found).await?;
    let mut sql = String::new();
    for batch in batches.iter().take(SHOWN) {
        sql += &format!("begin;\n{}commit;\n", batch.statement);
    }
    if batches.len() > SHOWN {
        sql += &format!("-- … and {} more transactions like these\n", batches.len() - SHOWN);
    }
    sql += &format!("drop schema {} restrict;\n", Ident::new(found.schema.as_str())?);
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::Purge,
        tenants: vec![PlannedTenant::new(
            found.schema.clone(),
            record.display_name(),
            vec![format!("{objects} objects")],
        )],
        statements: vec![PlannedSql {
            schema: found.schema.clone(),
            tenants: 1,
            names: vec![found.schema.clone()],
            from: None,
            sql,
        }],
        checks,
        fingerprint,
    };
    let batches = u32::try_from(batches.len()).unwrap_or(u32::MAX);
    let objects = u32::try_from(objects).unwrap_or(u32::MAX);
    Ok(PurgePlan { plan, quarantined_as: found.schema, backup, objects, batches, oid: found.oid, request, archive })
}

/// The state that a plan is made from: the schema, its record, and the relations in it.
pub(super) async fn fingerprint(session: &mut Session, found: &Found) -> Result<String> {
    let mut state = Sha256::new();
    state.update(server_identity(session).await?);
    let record = found.record.as_ref().map(super::Record::text).unwrap_or_default();
    state.update(format!("\0{}\0{}\0{record}\0", found.oid, found.schema));
    state.update(losses::state(session, found.oid).await?);
    Ok(migration::hex(&state.finalize()))
}

/// `30 days`, `5 hours`, `2 minutes`
fn period(seconds: i64) -> String {
    let (number, unit) = match seconds {
        s if s >= 86_400 => (s / 86_400, "day"),
        s if s >= 3_600 => (s / 3_600, "hour"),
        s if s >= 60 => (s / 60, "minute"),
        s => (s, "second"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}
