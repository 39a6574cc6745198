//! Whether a plan that somebody has been reading is still the plan.

use super::plan::{Fleet, some_of};
use super::{MigrationPlan, Source, external};
use crate::connection::Database;
use crate::{Error, ErrorKind, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A plan of this age is applied without another look at the whole fleet: nobody has read it, and each tenant is checked
/// under its lock.
const UNREAD: Duration = Duration::from_secs(1);

/// The least of a fingerprint that names a plan.
const SHORTEST: usize = 12;

/// Refuses a plan that is not the one with this fingerprint, or with one that begins like this.
///
/// # Errors
/// [`ErrorKind::PlanDiffers`]; [`ErrorKind::Usage`] for too short a beginning.
pub fn require_fingerprint(plan: &crate::fleet::Plan, expected: &str) -> Result<()> {
    let expected = expected.trim().to_ascii_lowercase();
    if expected.len() < SHORTEST {
        let reason = format!("A plan is named by its fingerprint, or by the first {SHORTEST} digits of it or more.");
        return Err(ErrorKind::Usage { reason }.into());
    }
    if plan.fingerprint.starts_with(&expected) {
        return Ok(());
    }
    let found = plan.fingerprint.chars().take(expected.chars().count()).collect();
    Err(ErrorKind::PlanDiffers { expected, found }.into())
}

/// What is not as it was.
#[derive(Debug, Default)]
struct Changes {
    server: bool,
    files: Vec<String>,
    added: Vec<String>,
    gone: Vec<String>,
    moved: Vec<String>,
}

/// Refuses a plan whose state has changed since it was made, as a whole.
pub(super) async fn require(database: &Database, plan: &MigrationPlan) -> Result<()> {
    if plan.made.at.elapsed() < UNREAD {
        return Ok(());
    }
    let changes = match &plan.external {
        Some(_) => of_external(database, plan).await?,
        None => of_fleet(database, plan).await?,
    };
    match changes {
        Some(changes) => Err(changes.into_error()),
        None => Ok(()),
    }
}

async fn of_fleet(database: &Database, plan: &MigrationPlan) -> Result<Option<Changes>> {
    let fleet = Fleet::read(database).await?;
    let mut changes = Changes { server: fleet.server != plan.made.server, ..Changes::default() };
    changes.files = files(plan)?;
    let planned: BTreeSet<&str> = plan.plan.tenants.iter().map(|tenant| tenant.schema.as_str()).collect();
    if let Some(selection) = &plan.made.of {
        let (chosen, _) = selection.of_several(&fleet.found)?;
        let new = chosen.iter().map(|tenant| tenant.summary.schema.as_str()).filter(|name| !planned.contains(name));
        changes.added = new.map(str::to_owned).collect();
    }
    for schema in planned {
        let Some(before) = plan.steps.get(schema) else { continue };
        let now = fleet.tenant(schema);
        let was_there = !plan.plan.tenants.iter().any(|tenant| tenant.schema == schema && is_missing(tenant));
        let history = fleet.histories.get(schema).cloned().unwrap_or_default();
        match now {
            None if was_there => changes.gone.push(schema.to_owned()),
            Some(_) if !was_there => changes.added.push(schema.to_owned()),
            Some(now) if now.has_history != before.has_history || history != before.history => {
                changes.moved.push(schema.to_owned());
            }
            _ => {}
        }
    }
    Ok(changes.is_any().then_some(changes))
}

/// Where another tool migrates, its plan is made again.
async fn of_external(database: &Database, plan: &MigrationPlan) -> Result<Option<Changes>> {
    let (Some(selection), Some(before)) = (&plan.made.of, &plan.external) else { return Ok(None) };
    // What a run has left is done with the files of that run.
    let source = if plan.resumes.is_some() { plan.source.clone() } else { Source::open(&plan.request.source)? };
    let again = external::plan(database, source, plan.request.clone(), selection).await?;
    if again.plan.fingerprint == plan.plan.fingerprint {
        return Ok(None);
    }
    let now = again.external.unwrap_or_default();
    let only = |a: &std::collections::HashMap<String, external::State>, b: &std::collections::HashMap<String, _>| {
        let names: BTreeSet<&String> = a.keys().filter(|name| !b.contains_key(*name)).collect();
        names.into_iter().cloned().collect()
    };
    let moved: BTreeSet<&String> =
        now.iter().filter(|(name, state)| before.get(*name).is_some_and(|b| b != *state)).map(|(n, _)| n).collect();
    let moved = moved.into_iter().cloned().collect();
    let mut changes = Changes { added: only(&now, before), gone: only(before, &now), moved, ..Changes::default() };
    changes.files = files(plan)?;
    changes.server = !changes.is_any();
    Ok(Some(changes))
}

fn is_missing(tenant: &crate::fleet::PlannedTenant) -> bool {
    tenant.skipped.as_ref().is_some_and(|skipped| skipped.code == "tenant_missing")
}

/// Files that are not what they were when a plan was made from the folder.
fn files(plan: &MigrationPlan) -> Result<Vec<String>> {
    if plan.made.of.is_none() || plan.resumes.is_some() || !plan.source.is_folder() {
        return Ok(Vec::new());
    }
    let now = Source::open(&plan.request.source)?;
    let (before, now_texts): (BTreeMap<String, &str>, BTreeMap<String, &str>) =
        (plan.source.texts().collect(), now.texts().collect());
    let all: BTreeSet<&String> = before.keys().chain(now_texts.keys()).collect();
    let mut files: Vec<String> =
        all.into_iter().filter(|file| before.get(*file) != now_texts.get(*file)).cloned().collect();
    if plan.source.header() != now.header() {
        files.push("template.toml".into());
    }
    Ok(files)
}

impl Changes {
    fn is_any(&self) -> bool {
        let lists = [&self.files, &self.added, &self.gone, &self.moved];
        self.server || lists.iter().any(|list| !list.is_empty())
    }

    fn into_error(self) -> Error {
        let mut sentences = Vec::new();
        let mut say = |list: &[String], words: &str| {
            let names = if list.is_empty() { String::new() } else { some_of(list) };
            if !names.is_empty() {
                sentences.push(format!("{words} {names}"));
            }
            names
        };
        let files = say(&self.files, "other files:");
        let added = say(&self.added, "new tenants:");
        let gone = say(&self.gone, "tenants that are gone:");
        let moved = say(&self.moved, "tenants with another history:");
        let server = if self.server { "another database" } else { "" }.to_owned();
        if self.server {
            sentences.insert(0, "this is another database than the one it was made for".into());
        }
        ErrorKind::PlanOutdated { what: sentences.join("; "), server, files, added, gone, moved }.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::{Plan, RunKind};

    #[test]
    fn a_plan_is_named_by_enough_of_its_fingerprint() {
        let fingerprint = "0123456789abcdef".repeat(4);
        let (id, kind) = (String::new(), RunKind::MigrateUp);
        let plan = Plan { id, kind, tenants: vec![], statements: vec![], checks: vec![], fingerprint };
        assert!(require_fingerprint(&plan, "0123456789AB\n").is_ok());
        let code = |given| require_fingerprint(&plan, given).unwrap_err().kind().code();
        assert_eq!((code("0123"), code("0123456789ac")), ("usage".into(), "plan_differs".into()));
    }

    #[test]
    fn the_error_names_what_changed() {
        let changes = Changes { added: vec!["a".into()], moved: vec!["b".into(), "c".into()], ..Changes::default() };
        let error = changes.into_error();
        assert!(error.to_string().ends_with("new tenants: a; tenants with another history: b, c."), "{error}");
    }
}
