//! Running the checks.

use super::fleet::{Fleet, Tenant};
use super::grants::Counts;
use super::rights::Rights;
use super::server::Server;
use super::{
    DoctorCheck, Finding, Level, bloat, crossing, grants, locks, misplaced, ownership, public_rights, registry,
    routines, search_path, sequences, server, unfinished, wraparound,
};
use crate::connection::{Database, Session};
use crate::registry::{entries, state_in};
use crate::tenant::{Found, Selection, discover};
use crate::{Error, ErrorKind, Result};
use serde::Serialize;
use std::collections::HashSet;
use std::time::Instant;

/// What the doctor has found, and what it has looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type), serde(rename = "DoctorReport"))]
pub struct Report {
    /// The most serious first, then by check and schema.
    pub findings: Vec<Finding>,
    /// How often each check that was run has found something.
    pub checks_run: Vec<Examined>,
    /// What was not looked at, or not everywhere, and why.
    pub not_checked: Vec<NotChecked>,
    /// How many tenants were looked at.
    pub tenants: u32,
    /// When, RFC 3339.
    pub examined_at: String,
    /// Milliseconds.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
    #[serde(skip)]
    pub(super) common: Common,
}

/// A check that was run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type), serde(rename = "DoctorExamined"))]
pub struct Examined {
    /// Which.
    pub check: DoctorCheck,
    /// Its reason, in English.
    pub why: String,
    /// How many findings it has.
    pub findings: u32,
}

/// Something that was not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type), serde(rename = "DoctorNotChecked"))]
pub struct NotChecked {
    /// Which check.
    pub check: DoctorCheck,
    /// A stable word: `no_right`, `no_index`, `busy`, `sessions_hidden`, `selection`, `no_registry`, `registry_unreadable`,
    /// `pooler`.
    pub reason: String,
    /// How many objects; none when it is the check as a whole.
    pub objects: Option<u32>,
    /// In English.
    pub message: String,
}

impl NotChecked {
    fn new(check: DoctorCheck, reason: &str, objects: Option<usize>, message: &str) -> Self {
        Self { check, reason: reason.to_owned(), objects: objects.map(|n| n as u32), message: message.to_owned() }
    }
}

impl Report {
    /// How many findings are as serious as this.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }

    fn new(mut findings: Vec<Finding>, checks: &[DoctorCheck], not_checked: Vec<NotChecked>) -> Self {
        findings.sort_by(|a, b| {
            (a.level, a.check, &a.schema, &a.object, &a.code).cmp(&(b.level, b.check, &b.schema, &b.object, &b.code))
        });
        let left_out =
            |check: &DoctorCheck| not_checked.iter().any(|n| n.check == *check && n.objects.is_none() && n.is_whole());
        let checks_run = checks.iter().filter(|check| !left_out(check)).map(|check| Examined {
            check: *check,
            why: check.why().to_owned(),
            findings: findings.iter().filter(|finding| finding.check == *check).count() as u32,
        });
        Self {
            checks_run: checks_run.collect(),
            findings,
            not_checked,
            tenants: 0,
            examined_at: chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            duration_ms: 0,
            common: Common::default(),
        }
    }
}

impl NotChecked {
    /// The check was not run at all.
    fn is_whole(&self) -> bool {
        self.reason != "sessions_hidden"
    }
}

/// Looks at the whole fleet; `selection` narrows what is told, and leaves the checks of database and server out. Without any check
/// named, all are run. Changes nothing.
///
/// # Errors
/// What connecting or the server reports; [`ErrorKind::TenantMissing`] and its kind for the selection.
pub async fn examine(database: &Database, selection: &Selection, checks: &[DoctorCheck]) -> Result<Report> {
    examine_telling(database, selection, checks, &|_| ()).await
}

/// Like [`examine`]; as soon as some checks are over, `told` gets a report of these alone.
///
/// # Errors
/// Those of [`examine`].
pub async fn examine_telling(
    database: &Database,
    selection: &Selection,
    checks: &[DoctorCheck],
    told: &(dyn Fn(Report) + Sync),
) -> Result<Report> {
    let started = Instant::now();
    let checks: Vec<DoctorCheck> =
        DoctorCheck::ALL.into_iter().filter(|c| checks.is_empty() || checks.contains(c)).collect();
    let mut first = database.spare().await?;
    // A role that may have one session only: the shared one does it all.
    let mut shared = if first.is_none() { Some(database.catalog().await?) } else { None };
    let Some(session) = first.as_mut().or(shared.as_deref_mut()) else {
        return Err(ErrorKind::ConnectionLost.into());
    };
    let found = discover(session).await?;
    let chosen: Vec<&Found> = selection.of_any(&found)?;
    let everything = selection.is_everything();
    let fleet = fleet(session, &found).await?;
    let focus = fleet.oids();
    let second = database.spare().await?;
    let schemas: HashSet<&str> = chosen.iter().map(|found| found.summary.schema.as_str()).collect();
    let asked =
        |finding: &Finding| everything || finding.schema.as_deref().is_some_and(|schema| schemas.contains(schema));
    let heard = |checks: &[DoctorCheck], part: &Diagnosis| {
        let findings = part.findings.iter().filter(|finding| asked(finding)).cloned().collect();
        let mut report = Report::new(findings, checks, part.not_checked.clone());
        report.tenants = chosen.len() as u32;
        report.duration_ms = started.elapsed().as_millis() as u64;
        told(report);
    };
    let scope =
        Scope { fleet: &fleet, focus: &focus, common: None, checks: &checks, database_wide: everything, heard: &heard };
    let diagnosis = match second {
        Some(mut second) => {
            let (mut one, two) = tokio::try_join!(scope.rights(session), scope.objects(&mut second))?;
            second.close().await;
            one.add(two);
            one
        }
        None => scope.all(session).await?,
    };
    if let Some(session) = first {
        session.close().await;
    }
    let Diagnosis { mut findings, mut not_checked, common } = diagnosis;
    findings.retain(asked);
    if !everything {
        let whole = checks.iter().filter(|check| check.is_database_wide());
        let message = "It looks at the whole database, and single tenants were asked for.";
        not_checked.extend(whole.map(|check| NotChecked::new(*check, "selection", None, message)));
    }
    let mut report = Report::new(findings, &checks, not_checked);
    report.common = common;
    report.tenants = chosen.len() as u32;
    report.duration_ms = started.elapsed().as_millis() as u64;
    tracing::info!(
        tenants = report.tenants,
        findings = report.findings.len(),
        duration_ms = report.duration_ms,
        "the doctor has examined the database"
    );
    Ok(report)
}

/// Who is who, with what the registry knows.
pub(in crate::health) async fn fleet(session: &mut Session, found: &[Found]) -> Result<Fleet> {
    let mut fleet = Fleet::read(session, found).await?;
    let entries = entries(session).await?;
    fleet.registered(entries.values().filter_map(|entry| Some((entry.role.as_deref()?, entry.schema.as_str()))));
    Ok(fleet)
}

/// The report of a connection that was refused because a pooler shares its sessions: there is nothing else to look at. `None` for any
/// other error.
pub fn refused(error: &Error) -> Option<Report> {
    let ErrorKind::PoolerSharesSessions { host, port } = error.kind() else { return None };
    let message = format!("The pooler at {host}, port {port}, gives each transaction another session of the server.");
    let finding = Finding::new(DoctorCheck::Pooler, Level::Error, None, &format!("{host}:{port}"), message)
        .param("host", host.as_str())
        .param("port", port.to_string())
        .fact("probe", "two connections met in one process of the server, or one met several");
    let reason = "There is no session of its own to look with.";
    let others = DoctorCheck::ALL.into_iter().filter(|check| *check != DoctorCheck::Pooler);
    let not_checked = others.map(|check| NotChecked::new(check, "pooler", None, reason)).collect();
    Some(Report::new(vec![finding], &DoctorCheck::ALL, not_checked))
}

/// Findings, and what could not be looked at.
#[derive(Default)]
pub(super) struct Diagnosis {
    pub findings: Vec<Finding>,
    pub not_checked: Vec<NotChecked>,
    pub common: Common,
}

/// What a whole fleet has alike, which single tenants do not show.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Common {
    tables: Counts,
    owners: Counts,
}

impl From<Vec<Finding>> for Diagnosis {
    fn from(findings: Vec<Finding>) -> Self {
        Self { findings, ..Self::default() }
    }
}

impl Diagnosis {
    pub fn add(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.not_checked.extend(other.not_checked);
    }
}

/// What is looked at.
pub(super) struct Scope<'a> {
    pub fleet: &'a Fleet,
    /// Schemas of tenants.
    pub focus: &'a [u32],
    /// What the fleet has alike, where the focus is a part of it.
    pub common: Option<&'a Common>,
    pub checks: &'a [DoctorCheck],
    pub database_wide: bool,
    /// Gets what some checks have found as soon as these are over.
    pub heard: &'a (dyn Fn(&[DoctorCheck], &Diagnosis) + Sync),
}

impl Scope<'_> {
    fn wants(&self, checks: &[DoctorCheck]) -> bool {
        checks.iter().any(|check| self.checks.contains(check))
    }

    /// Adds what these checks have found, and tells it, without those that nobody asked for.
    fn over(&self, checks: &[DoctorCheck], all: &mut Diagnosis, part: Diagnosis) {
        let checks: Vec<DoctorCheck> = checks.iter().copied().filter(|check| self.checks.contains(check)).collect();
        if !checks.is_empty() {
            (self.heard)(&checks, &part);
        }
        all.add(part);
    }

    /// One after the other, on one session.
    pub async fn all(&self, session: &mut Session) -> Result<Diagnosis> {
        let mut diagnosis = self.rights(session).await?;
        diagnosis.add(self.objects(session).await?);
        Ok(diagnosis)
    }

    /// Settings, rights and owners.
    async fn rights(&self, session: &mut Session) -> Result<Diagnosis> {
        use DoctorCheck as Is;
        let mut found = Diagnosis::default();
        let Self { fleet, focus, .. } = self;
        let tenants: Vec<&Tenant> = focus.iter().filter_map(|oid| fleet.tenants.get(oid)).collect();
        if self.wants(&[Is::SearchPath]) {
            let database: String = sqlx::query_scalar("select pg_catalog.current_database()::text")
                .persistent(false)
                .fetch_one(session.connection())
                .await?;
            self.over(&[Is::SearchPath], &mut found, search_path::check(fleet, &database)?.into());
        }
        let by_rights = [
            Is::Usage,
            Is::TableGrants,
            Is::SequenceGrants,
            Is::DefaultPrivileges,
            Is::Isolation,
            Is::PublicRights,
            Is::Ownership,
        ];
        let by_routines = [Is::Ownership, Is::Definer, Is::FunctionPath];
        let mut routines = std::collections::BTreeMap::new();
        let mut public = None;
        if self.wants(&by_routines) {
            let query = "select n.oid from pg_catalog.pg_namespace n where n.nspname = 'public'";
            let oid: Option<sqlx::postgres::types::Oid> =
                sqlx::query_scalar(query).persistent(false).fetch_optional(session.connection()).await?;
            public = oid.map(|oid| oid.0).filter(|_| self.database_wide);
            let schemas: Vec<u32> = focus.iter().copied().chain(public).collect();
            routines = routines::read(session, &schemas).await?;
        }
        let mut part = Diagnosis::default();
        for (namespace, own) in &routines {
            let tenant = fleet.tenants.get(namespace);
            let schema = match tenant {
                Some(tenant) => tenant.schema.as_str(),
                None if public == Some(*namespace) => "public",
                None => continue,
            };
            if self.wants(&[Is::FunctionPath]) {
                part.findings.extend(routines::paths(fleet, schema, tenant, own)?);
            }
            if self.wants(&[Is::Definer]) {
                part.findings.extend(routines::definer(fleet, schema, own)?);
            }
        }
        self.over(&[Is::FunctionPath, Is::Definer], &mut found, part);
        let rights = if self.wants(&by_rights) { Rights::read(session, focus).await? } else { Rights::default() };
        for check in self.checks.iter().filter(|check| by_rights.contains(check)) {
            let part = match check {
                Is::Usage => grants::usage(fleet, &rights, &tenants)?,
                Is::TableGrants => {
                    let counted = self.common.map(|common| &common.tables);
                    let (findings, counts) = grants::tables(fleet, &rights, &tenants, counted)?;
                    found.common.tables = counts;
                    findings
                }
                Is::SequenceGrants => grants::sequences(&rights, &tenants)?,
                Is::DefaultPrivileges => grants::future(fleet, &rights, &tenants)?,
                Is::Isolation => grants::isolation(fleet, &rights, &tenants)?,
                Is::PublicRights => public_rights::check(fleet, &rights, &tenants)?,
                Is::Ownership => {
                    let counted = self.common.map(|common| &common.owners);
                    let (findings, counts) = ownership::check(fleet, &rights, &routines, &tenants, counted)?;
                    found.common.owners = counts;
                    findings
                }
                _ => Vec::new(),
            };
            self.over(&[*check], &mut found, part.into());
        }
        Ok(found)
    }

    /// Objects, sequences, and the server: what is read soonest comes first.
    async fn objects(&self, session: &mut Session) -> Result<Diagnosis> {
        use DoctorCheck as Is;
        let mut found = Diagnosis::default();
        let Self { fleet, focus, .. } = self;
        if self.database_wide {
            // Who got as far as here has a session of the server's to himself.
            self.over(&[Is::Pooler], &mut found, Diagnosis::default());
            self.server(session, &mut found).await?;
        }
        if self.wants(&[Is::Registry, Is::Domains]) {
            let part = self.registry(session).await?;
            self.over(&[Is::Registry, Is::Domains], &mut found, part);
        }
        if self.wants(&[Is::IndexInvalid, Is::ConstraintUnchecked]) {
            let mut part = Diagnosis::from(unfinished::check(session, fleet, focus).await?);
            part.findings.retain(|finding| self.checks.contains(&finding.check));
            self.over(&[Is::IndexInvalid, Is::ConstraintUnchecked], &mut found, part);
        }
        let mut explained = HashSet::new();
        if self.wants(&[Is::Misplaced]) {
            let findings;
            (findings, explained) = misplaced::check(session, fleet, focus).await?;
            self.over(&[Is::Misplaced], &mut found, findings.into());
        }
        if self.wants(&[Is::Crossing]) {
            let findings = crossing::check(session, fleet, focus, &explained).await?;
            self.over(&[Is::Crossing], &mut found, findings.into());
        }
        if self.wants(&[Is::SequenceBehind]) {
            let part = self.sequences(session).await?;
            self.over(&[Is::SequenceBehind], &mut found, part);
        }
        Ok(found)
    }

    async fn sequences(&self, session: &mut Session) -> Result<Diagnosis> {
        let (findings, unread) = sequences::check(session, self.fleet, self.focus).await?;
        let reasons = [
            (unread.forbidden, "no_right", "This role may not read these columns, or the sequences behind them."),
            (
                unread.costly,
                "no_index",
                "No index gives the greatest value of these columns, and their tables are large.",
            ),
            (unread.busy, "busy", "These tables were locked, or dropped meanwhile."),
        ];
        let mut part = Diagnosis::from(findings);
        part.not_checked = reasons
            .into_iter()
            .filter(|(number, ..)| *number > 0)
            .map(|(number, reason, words)| NotChecked::new(DoctorCheck::SequenceBehind, reason, Some(number), words))
            .collect();
        Ok(part)
    }

    async fn registry(&self, session: &mut Session) -> Result<Diagnosis> {
        use DoctorCheck as Is;
        let mut part = Diagnosis::default();
        let state = state_in(session).await?;
        if !state.readable {
            let (reason, message) = match state.installed {
                true => ("registry_unreadable", "This role may not read the registry."),
                false => ("no_registry", "This database has no registry."),
            };
            let asked = [Is::Registry, Is::Domains].into_iter().filter(|check| self.checks.contains(check));
            part.not_checked.extend(asked.map(|check| NotChecked::new(check, reason, None, message)));
            return Ok(part);
        }
        let entries = entries(session).await?;
        if self.wants(&[Is::Registry]) {
            let tenants: Vec<&Tenant> = self.focus.iter().filter_map(|oid| self.fleet.tenants.get(oid)).collect();
            part.findings.extend(registry::check(self.fleet, &entries, &tenants)?);
        }
        if self.wants(&[Is::Domains]) {
            part.findings.extend(registry::domains(&entries));
        }
        Ok(part)
    }

    async fn server(&self, session: &mut Session, found: &mut Diagnosis) -> Result<()> {
        use DoctorCheck as Is;
        let server = Server::read(session).await?;
        for check in self.checks.iter().filter(|check| check.is_database_wide()) {
            let findings: Vec<Finding> = match check {
                Is::PublicCreate => server::public_create(&server).into_iter().collect(),
                Is::LockBudget => locks::check(session, self.fleet, &server).await?.into_iter().collect(),
                Is::CatalogBloat => bloat::check(session).await?.into_iter().collect(),
                Is::Wraparound => wraparound::check(session, &server).await?.into_iter().collect(),
                _ => continue,
            };
            let mut part = Diagnosis::from(findings);
            if *check == Is::Wraparound && !server.sees_sessions {
                let message = "This role does not see what other sessions hold back (pg_read_all_stats).";
                part.not_checked.push(NotChecked::new(*check, "sessions_hidden", None, message));
            }
            self.over(&[*check], found, part);
        }
        Ok(())
    }
}
