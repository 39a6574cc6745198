//! The check as an operation of the fleet.

use super::super::MaintainWork;
use super::super::plan::TenantWork;
use super::super::report::{LookedAt, MaintainReport};
use super::super::watch::{Progress, Watch};
use super::amcheck::{self, Look};
use super::{CheckWork, IntegrityCheck, IntegrityFinding, NotLookedAt};
use crate::Result;
use crate::connection::{Purpose, Session};
use crate::fleet::{Done, Operation, RunActivity, RunKind, Target, Worker};
use crate::health::doctor::{DoctorCheck, Sound};
use crate::local::Home;
use futures::FutureExt;
use futures::future::BoxFuture;
use std::collections::BTreeMap;

/// Looks through tenants.
pub(in crate::health::maintain) struct Integrity {
    pub home: Home,
    pub work: BTreeMap<String, TenantWork>,
    pub sound: Sound,
    pub watch: Watch,
}

impl Operation for Integrity {
    fn kind(&self) -> RunKind {
        RunKind::Check
    }

    fn purpose(&self) -> Purpose {
        Purpose::Check
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let mut report = MaintainReport::new(MaintainWork::Check, &target.schema);
            let run = worker.run().to_owned();
            let looked = self.tenant(worker, &target.schema, &mut report).await;
            report.findings.sort_by(|a, b| (a.level, a.check, &a.object).cmp(&(b.level, b.check, &b.object)));
            report.keep(&self.home, &run);
            if let Err(error) = looked {
                worker.set_partial(report.words());
                return Err(error);
            }
            let words = report.words();
            // Where nothing at all could be looked at, nothing was checked.
            let LookedAt { tables, indexes, keys } = report.looked_at;
            let nothing = tables + indexes + keys == 0 && report.findings.is_empty();
            Ok(if nothing { Done::Nothing(Some(words)) } else { Done::Changed(Some(words)) })
        }
        .boxed()
    }
}

impl Integrity {
    async fn tenant(&self, worker: &mut Worker, schema: &str, report: &mut MaintainReport) -> Result<()> {
        let Some(tenant) = self.work.get(schema) else { return Ok(()) };
        let Some(work) = &tenant.check else { return Ok(()) };
        let mut place = Place {
            tell: Box::new(worker.activity_sink()),
            schema,
            step: 0,
            steps: (work.indexes.len() + work.tables.len() + work.keys.len()) as u32,
        };
        let session = worker.session().await?;
        // Rows that a policy hides would be missed silently.
        session.execute("set statement_timeout = 0; set lock_timeout = '2s'; set row_security = off").await?;
        for index in &work.indexes {
            let session = worker.session().await?;
            place.next(&index.name);
            let backend = session.backend();
            let look = work.amcheck.index(session, index, work.thorough);
            match self.watch.during(backend, look, |progress| place.tell(&index.name, progress)).await? {
                Some(look) => {
                    let looked_at = look_at(look, IntegrityCheck::Index, &index.name, report);
                    report.looked_at.indexes += u32::from(looked_at);
                }
                None if index.method == "btree" => no_amcheck(work, IntegrityCheck::Index, &index.name, report),
                None => {}
            }
        }
        for (oid, table) in &work.tables {
            let session = worker.session().await?;
            place.next(table);
            let backend = session.backend();
            let look = work.amcheck.table(session, *oid, table);
            match self.watch.during(backend, look, |progress| place.tell(table, progress)).await? {
                Some(look) => {
                    let looked_at = look_at(look, IntegrityCheck::Table, table, report);
                    report.looked_at.tables += u32::from(looked_at);
                }
                None => no_amcheck(work, IntegrityCheck::Table, table, report),
            }
        }
        for key in &work.keys {
            let session = worker.session().await?;
            let object = key.object();
            place.next(&object);
            if key.period {
                NotLookedAt::add(&mut report.not_looked_at, IntegrityCheck::ForeignKey, "period", 1, Some(&object));
                continue;
            }
            match key.count(session).await {
                Ok(orphans) => {
                    report.findings.extend(key.finding(orphans)?);
                    report.looked_at.keys += 1;
                }
                Err(error) => {
                    let look = amcheck::damage(session, error, 0).await?;
                    look_at(look, IntegrityCheck::ForeignKey, &object, report);
                }
            }
        }
        worker.check_cancelled()?;
        let session = worker.session().await?;
        self.doctor(session, tenant.namespace, work, report).await
    }

    /// What the doctor knows, without what the keys above have told in more detail.
    async fn doctor(
        &self,
        session: &mut Session,
        namespace: u32,
        work: &CheckWork,
        report: &mut MaintainReport,
    ) -> Result<()> {
        session.execute("set row_security = on").await?;
        let (findings, left) = self.sound.examine(session, namespace).await?;
        let told: Vec<String> = work.keys.iter().map(super::keys::Key::object).collect();
        let of = |finding: &IntegrityFinding, table: &String| finding.object.starts_with(&format!("{table}."));
        let findings = findings.into_iter().map(IntegrityFinding::from);
        let findings = findings.filter(|finding| !told.contains(&finding.object));
        report.findings.extend(
            findings
                .filter(|finding| work.only.as_ref().is_none_or(|only| only.iter().any(|table| of(finding, table)))),
        );
        for (check, reason, objects) in left {
            let check = match check {
                DoctorCheck::SequenceBehind => IntegrityCheck::Sequence,
                _ => IntegrityCheck::IndexInvalid,
            };
            NotLookedAt::add(&mut report.not_looked_at, check, reason, objects as u32, None);
        }
        Ok(())
    }
}

fn look_at(look: Look, check: IntegrityCheck, object: &str, report: &mut MaintainReport) -> bool {
    look.note(check, object, &mut report.findings, &mut report.not_looked_at)
}

fn no_amcheck(work: &CheckWork, check: IntegrityCheck, object: &str, report: &mut MaintainReport) {
    let reason = if work.amcheck.installed { "no_right" } else { "no_amcheck" };
    NotLookedAt::add(&mut report.not_looked_at, check, reason, 1, Some(object));
}

/// Where in a tenant the work is.
struct Place<'a> {
    tell: Box<dyn Fn(RunActivity) + Send + Sync>,
    schema: &'a str,
    step: u32,
    steps: u32,
}

impl Place<'_> {
    fn next(&mut self, object: &str) {
        self.step += 1;
        self.tell(object, Progress::default());
    }

    fn tell(&self, object: &str, progress: Progress) {
        (self.tell)(RunActivity {
            schema: self.schema.to_owned(),
            object: object.to_owned(),
            step: self.step,
            steps: self.steps,
            phase: progress.phase,
            percent: progress.percent,
            waits_for: progress.waits_for,
        });
    }
}
