//! The plan of a maintenance: which tables of which tenants, why, with which SQL.

use super::choose::{self, Step};
use super::integrity::{self, CheckWork};
use super::plan_checks::{self, Scene};
use super::report::{MaintainFigures, MaintainReason, MaintainReport};
use super::table::{self, Index, Table};
use super::{MaintainRequest, MaintainWork};
use crate::connection::{Database, Session, server_identity};
use crate::error::WireError;
use crate::fleet::{PastRun, Plan, PlannedSql, PlannedTenant, RunKind};
use crate::health::doctor::Server;
use crate::migration::hex;
use crate::sql::Ident;
use crate::tenant::{Found, Selection, discover};
use crate::{Error, ErrorKind, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// A table in a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PlannedTable {
    /// Schema.
    pub schema: String,
    /// Bare name.
    pub table: String,
    /// As it is now.
    pub figures: MaintainFigures,
    /// Rows changed since the last ANALYZE.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub changed_rows: i64,
    /// Why it needs the work; none where it is done all the same.
    pub reasons: Vec<MaintainReason>,
    /// Why it will not be done.
    pub left_out: Option<MaintainReason>,
}

/// The plan of a maintenance, with what [`super::apply`] needs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MaintainPlan {
    /// What a person reads.
    #[serde(flatten)]
    pub plan: Plan,
    /// What is to be done.
    pub work: MaintainWork,
    /// The tables, those with the most dead rows and the largest first, [`MaintainPlan::SHOWN`] at most.
    pub tables: Vec<PlannedTable>,
    /// How many there are.
    pub tables_in_all: u32,
    /// Tables and indexes together, bytes, as far as they could be measured.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub size_bytes: i64,
    #[serde(skip)]
    pub(super) request: MaintainRequest,
    #[serde(skip)]
    pub(super) tenants: BTreeMap<String, TenantWork>,
    #[serde(skip)]
    pub(super) resumes: Option<PastRun>,
}

impl MaintainPlan {
    /// So many tables are shown.
    pub const SHOWN: usize = 1_000;
}

/// What is done to one tenant.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TenantWork {
    pub namespace: u32,
    /// In short words: each table, and why.
    pub words: Vec<String>,
    pub steps: Vec<Step>,
    /// Tables as they were when the plan was made.
    pub before: HashMap<u32, Table>,
    /// Tables that belong to somebody else.
    pub left_out: Vec<(String, MaintainReason)>,
    /// Of a check: what is looked through.
    pub check: Option<CheckWork>,
    /// What an interrupted run has done already.
    pub earlier: Option<MaintainReport>,
}

/// Looks at the tables of the chosen tenants and plans their maintenance; changes nothing.
///
/// # Errors
/// [`ErrorKind::NothingSelected`], [`ErrorKind::TenantMissing`] and its kind; [`ErrorKind::TableMissing`] for a table that none of the
/// tenants has; [`ErrorKind::Usage`] for options that do not go together.
pub async fn plan(database: &Database, selection: &Selection, request: MaintainRequest) -> Result<MaintainPlan> {
    if request.needed && request.work == MaintainWork::Check {
        let reason = "A check looks for what nobody knows yet: --needed cannot choose for it.".to_owned();
        return Err(ErrorKind::Usage { reason }.into());
    }
    let mut session = database.catalog().await?;
    let found = discover(&mut session).await?;
    let chosen: Vec<Found> = selection.of(&found)?.into_iter().cloned().collect();
    make(database, &mut session, &chosen, request).await
}

/// The state that a plan is made from.
async fn make(
    database: &Database,
    session: &mut Session,
    tenants: &[Found],
    request: MaintainRequest,
) -> Result<MaintainPlan> {
    let namespaces: Vec<u32> = tenants.iter().map(|found| found.summary.oid).collect();
    let server = Server::read(session).await?;
    let tables = table::read(session, &namespaces, request.work).await?;
    if let Some(name) = request.tables.iter().find(|name| !tables.iter().any(|table| table.is_named(name))) {
        let schema = tenants.first().map(|found| found.summary.schema.clone()).unwrap_or_default();
        return Err(ErrorKind::TableMissing { schema, table: name.clone() }.into());
    }
    let indexes = match request.work {
        MaintainWork::Reindex | MaintainWork::Check => table::indexes(session, &namespaces).await?,
        MaintainWork::Vacuum | MaintainWork::Analyze => Vec::new(),
    };
    let checks = match request.work {
        MaintainWork::Check => Some(integrity::Means::read(session, &namespaces, request.thorough).await?),
        _ => None,
    };
    let mut draft = Draft { request: &request, shown: Vec::new(), work: BTreeMap::new(), indexes_left: Vec::new() };
    let mut by_tenant: HashMap<u32, Vec<Table>> = HashMap::new();
    for table in tables {
        by_tenant.entry(table.namespace).or_default().push(table);
    }
    let mut of_table: HashMap<u32, Vec<Index>> = HashMap::new();
    for index in indexes {
        of_table.entry(index.table).or_default().push(index);
    }
    for found in tenants {
        let own = by_tenant.remove(&found.summary.oid).unwrap_or_default();
        let indexes: Vec<Index> =
            own.iter().flat_map(|table| of_table.remove(&table.oid).unwrap_or_default()).collect();
        draft.tenant(found, &own, &indexes, server.xid_limit, checks.as_ref())?;
    }
    let Draft { mut shown, work, indexes_left, .. } = draft;
    let size_bytes = shown
        .iter()
        .filter(|table| table.left_out.is_none())
        .map(|table| table.figures.size_bytes.unwrap_or_default() + table.figures.index_bytes.unwrap_or_default())
        .sum();
    let scene = Scene { database, server: &server, request: &request, tables: &shown, indexes_left: &indexes_left };
    let checks = plan_checks::all(session, &scene, &namespaces, &work, checks.as_ref()).await?;
    let mut state = Sha256::new();
    state.update(server_identity(session).await?);
    state.update(serde_json::to_string(&request).unwrap_or_default());
    let mut planned = Vec::new();
    let mut groups: BTreeMap<String, PlannedSql> = BTreeMap::new();
    for found in tenants {
        let (schema, name) = (&found.summary.schema, &found.summary.name);
        let work = work.get(schema);
        let skipped = work.is_none().then(|| WireError::from(Error::new(ErrorKind::NothingPending)));
        let steps = work.map(|work| work.words.clone()).unwrap_or_default();
        planned.push(PlannedTenant { skipped, ..PlannedTenant::new(schema, name, steps) });
        let Some(work) = work else { continue };
        state.update(format!("\0{schema}\0{}", work.namespace));
        for step in &work.steps {
            state.update(format!("\0{}\0{}", step.oid, step.table));
        }
        group(&mut groups, schema, &text(work)?)?;
    }
    let mut statements: Vec<PlannedSql> = groups.into_values().collect();
    statements.sort_by(|a, b| a.schema.cmp(&b.schema));
    let kind = if request.work.writes() { RunKind::Maintain } else { RunKind::Check };
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind,
        tenants: planned,
        statements,
        checks,
        fingerprint: hex(&state.finalize()),
    };
    let tables_in_all = shown.len() as u32;
    let weight = |table: &PlannedTable| (table.figures.dead_rows, table.figures.size_bytes.unwrap_or_default());
    shown.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| (&a.schema, &a.table).cmp(&(&b.schema, &b.table))));
    shown.truncate(MaintainPlan::SHOWN);
    Ok(MaintainPlan {
        plan,
        work: request.work,
        tables: shown,
        tables_in_all,
        size_bytes,
        request,
        tenants: work,
        resumes: None,
    })
}

struct Draft<'a> {
    request: &'a MaintainRequest,
    shown: Vec<PlannedTable>,
    work: BTreeMap<String, TenantWork>,
    /// Indexes of exclusion constraints: `schema.name`.
    indexes_left: Vec<String>,
}

impl Draft<'_> {
    fn tenant(
        &mut self,
        found: &Found,
        tables: &[Table],
        indexes: &[Index],
        freeze_limit: i64,
        means: Option<&integrity::Means>,
    ) -> Result<()> {
        let schema = found.summary.schema.as_str();
        let quoted = Ident::new(schema)?;
        let mut work = TenantWork {
            namespace: found.summary.oid,
            words: Vec::new(),
            steps: Vec::new(),
            before: HashMap::new(),
            left_out: Vec::new(),
            check: None,
            earlier: None,
        };
        let chosen = choose::choose(self.request, tables, indexes, freeze_limit);
        let chosen_tables: Vec<&Table> = chosen.iter().map(|one| one.table).collect();
        if let Some(means) = means {
            let check = means.of_tenant(work.namespace, &chosen_tables, indexes, self.request);
            work.words = check.words();
            work.check = Some(check);
        }
        for one in chosen {
            let table = one.table;
            if let Some(reason) = &one.left_out {
                work.left_out.push((table.name.clone(), reason.clone()));
            } else if self.request.work.writes() {
                let Some(step) = choose::step(self.request, &quoted, table, indexes)? else { continue };
                work.steps.push(step);
                work.words.push(words(&table.name, &one.reasons));
                let left = choose::not_concurrently(table, indexes);
                self.indexes_left.extend(left.into_iter().map(|index| format!("{schema}.{index}")));
            }
            work.before.insert(table.oid, table.clone());
            self.shown.push(PlannedTable {
                schema: schema.to_owned(),
                table: table.name.clone(),
                figures: table.figures.clone(),
                changed_rows: table.changed_rows,
                reasons: one.reasons,
                left_out: one.left_out,
            });
        }
        // A check also looks at what belongs to the tenant as a whole.
        if work.check.is_some() || !work.steps.is_empty() || !work.left_out.is_empty() {
            self.work.insert(schema.to_owned(), work);
        }
        Ok(())
    }
}

/// In short words: a table, and why.
fn words(table: &str, reasons: &[MaintainReason]) -> String {
    if reasons.is_empty() {
        return table.to_owned();
    }
    let why: Vec<&str> = reasons.iter().map(|reason| reason.message.as_str()).collect();
    format!("{table} ({})", why.join(", "))
}

/// The statements of a tenant, as they are sent.
fn text(work: &TenantWork) -> Result<String> {
    if let Some(check) = &work.check {
        return check.sql();
    }
    let statements = work.steps.iter().flat_map(|step| &step.statements);
    Ok(statements.map(|statement| format!("{statement};\n")).collect())
}

/// Tenants that get the same in their own schema are one group.
fn group(groups: &mut BTreeMap<String, PlannedSql>, schema: &str, sql: &str) -> Result<()> {
    if sql.is_empty() {
        return Ok(());
    }
    let alike = sql.replace(&Ident::new(schema)?.to_string(), "\0");
    let group = groups.entry(alike).or_insert_with(|| PlannedSql {
        schema: schema.to_owned(),
        tenants: 0,
        names: Vec::new(),
        from: None,
        sql: sql.to_owned(),
    });
    group.tenants += 1;
    if group.names.len() < PlannedSql::NAMED {
        group.names.push(schema.to_owned());
    }
    Ok(())
}

/// The plan's tables are what they were: none was dropped, renamed or made anew.
///
/// # Errors
/// [`ErrorKind::PlanStale`]
pub(super) async fn require_fresh(database: &Database, plan: &MaintainPlan) -> Result<()> {
    let mut session = database.catalog().await?;
    let namespaces: Vec<u32> = plan.tenants.values().map(|work| work.namespace).collect();
    let now = table::read(&mut session, &namespaces, plan.work).await?;
    let now: HashMap<u32, (u32, &str)> =
        now.iter().map(|table| (table.oid, (table.namespace, table.name.as_str()))).collect();
    for (schema, work) in &plan.tenants {
        let planned = work.before.values();
        for table in planned {
            if now.get(&table.oid) != Some(&(table.namespace, table.name.as_str())) {
                return Err(ErrorKind::PlanStale { what: format!("the table {schema}.{}", table.name) }.into());
            }
        }
    }
    Ok(())
}
