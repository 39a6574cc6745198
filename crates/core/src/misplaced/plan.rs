//! The plan of a move.

use super::find::{PUBLIC, Places, candidates_of, leveller, parts, reference};
use super::motion::LOCK_TIMEOUT;
use super::scene::{Scene, Unit};
use super::statements::{Way, Work};
use super::types::{Certainty, MovableKind, MoveRequest};
use crate::connection::{Database, Session, server_identity};
use crate::fleet::{self, Check, CheckLevel, Plan, PlannedSql, PlannedTenant, RunKind};
use crate::local::Home;
use crate::shape::{self, Difference, Namespace, ObjectId, Options, Property, Shape};
use crate::tenant::{self, Found};
use crate::{ErrorKind, Result, migration};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// A plan to move objects into a tenant, or out of it.
#[derive(Debug, Clone)]
pub struct MovePlan {
    /// What a person reads.
    pub plan: Plan,
    /// What takes it back, once it is carried out.
    pub back: MoveRequest,
    pub(super) way: Way,
    pub(super) objects: Vec<String>,
    pub(super) roots: Vec<i64>,
    pub(super) text: String,
    /// All tenants, by OID.
    pub(super) tenants: BTreeSet<u32>,
    /// The tenant that the one moved to will be built like.
    pub(super) like: Option<Namespace>,
}

/// Checks what moving would do, and shows the SQL; changes nothing.
///
/// # Errors
/// [`ErrorKind::TenantMissing`], [`ErrorKind::TenantAmbiguous`], [`ErrorKind::SchemaUnfit`], [`ErrorKind::TableMissing`];
/// [`ErrorKind::NothingPending`] where no object was named and none is found.
pub async fn plan_move(database: &Database, request: &MoveRequest) -> Result<MovePlan> {
    let mut session = database.catalog().await?;
    let session = &mut *session;
    let found = tenant::discover(session).await?;
    let tenants: BTreeSet<u32> = found.iter().map(|found| found.summary.oid).collect();
    let other = request.other.as_deref().unwrap_or(PUBLIC);
    let place = Places::read(session, other, &tenants).await?;
    let (schema, oid) = target(&found, &place, &request.tenant)?;
    let way = Way::new((other, place.other), (&schema, oid), request.back);
    let scene = Scene::read(session, way.from.1).await?;
    let objects = match request.objects.is_empty() {
        false => request.objects.clone(),
        true if request.back => return Err(ErrorKind::NothingPending.into()),
        true => found_there(session, &place, &scene, &schema, request.likely).await?,
    };
    let mut work = Work::of(session, &scene, &place, way.clone(), &objects).await?;
    work.check_books(&scene);
    let like = if request.back || work.is_stopped() { None } else { like(session, &place, &scene, &work).await? };
    let mut checks = std::mem::take(&mut work.checks);
    checks.sort_by_key(|check| std::cmp::Reverse(check.level));
    if let Some(like) = &like {
        let (tenant, reference) = (way.to.0.clone(), like.name.clone());
        let message = format!("{tenant} will be built like {reference}; that is compared before the commit.");
        checks.push(Check::new(CheckLevel::Ok, "move_like", message, &[("tenant", tenant), ("reference", reference)]));
    }
    let rows: i64 = work.moved.iter().map(|unit| unit.rows).sum();
    let message = format!(
        "One transaction: the same objects are in {} afterwards, with the same rows by number and digest (about {rows}), and nothing else has changed its place. Nobody can use the tables meanwhile.",
        way.to.0
    );
    checks.push(Check::new(
        CheckLevel::Ok,
        "move_proven",
        message,
        &[("schema", way.to.0.clone()), ("rows", rows.to_string())],
    ));
    let text = work.text();
    let mut state = Sha256::new();
    state.update(server_identity(session).await?);
    state.update(format!("{way:?}\0{:?}\0{text}", work.pieces));
    let name = place.names.get(&oid).cloned().unwrap_or_else(|| schema.clone());
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::Move,
        tenants: vec![PlannedTenant {
            schema: schema.clone(),
            name,
            steps: work.moved.iter().map(Unit::shown).collect(),
            canary: false,
            skipped: None,
        }],
        statements: vec![PlannedSql {
            schema: schema.clone(),
            tenants: 1,
            names: vec![schema.clone()],
            from: None,
            sql: format!("begin;\nset local lock_timeout = '{LOCK_TIMEOUT}';\n{text}commit;\n"),
        }],
        checks,
        fingerprint: migration::hex(&state.finalize()),
    };
    let back = MoveRequest {
        tenant: schema,
        other: Some(other.to_owned()),
        objects: work.moved.iter().map(Unit::shown).collect(),
        likely: false,
        back: !request.back,
    };
    Ok(MovePlan { plan, back, way, objects, roots: work.roots(), text, tenants, like })
}

/// The way back of a run that has moved something.
///
/// # Errors
/// [`ErrorKind::RunMissing`], [`ErrorKind::RunActive`], [`ErrorKind::RunElsewhere`], [`ErrorKind::RunNotUndoable`], and those of [`plan_move`].
pub async fn plan_back(home: &Home, database: &Database, run: &str) -> Result<MovePlan> {
    let past = fleet::past(home, database, run).await?;
    let not_undoable = |reason: &str| {
        let id = past.summary.run.clone();
        ErrorKind::RunNotUndoable { id, reason: reason.to_owned() }
    };
    if past.summary.kind != RunKind::Move || past.summary.done == 0 {
        return Err(not_undoable("it has moved nothing").into());
    }
    let request: MoveRequest =
        serde_json::from_str(&past.record.request).map_err(|_| not_undoable("its record cannot be read"))?;
    plan_move(database, &request).await
}

/// A tenant by schema or display name, or a schema that holds no table yet.
fn target(found: &[Found], place: &Places, name: &str) -> Result<(String, u32)> {
    match tenant::choose(found, &[name.to_owned()]) {
        Ok(chosen) if !chosen.is_empty() => Ok((chosen[0].summary.schema.clone(), chosen[0].summary.oid)),
        Err(error) if !matches!(error.kind(), ErrorKind::TenantMissing { .. }) => Err(error),
        _ => {
            let empty = place.empty.iter().find(|(_, schema)| schema.as_str() == name);
            let missing = || ErrorKind::TenantMissing { name: name.to_owned() };
            Ok(empty.map(|(oid, schema)| (schema.clone(), *oid)).ok_or_else(missing)?)
        }
    }
}

/// What is found to belong to a tenant.
async fn found_there(
    session: &mut Session,
    place: &Places,
    scene: &Scene,
    schema: &str,
    likely: bool,
) -> Result<Vec<String>> {
    let (candidates, _) = candidates_of(session, place, scene).await?;
    let enough = |certainty| certainty == Certainty::Sure || (likely && certainty == Certainty::Likely);
    let its = candidates.into_iter().filter(|c| c.tenant.as_deref() == Some(schema) && enough(c.certainty));
    let names: Vec<String> = its.map(|candidate| candidate.name).collect();
    if names.is_empty() { Err(ErrorKind::NothingPending.into()) } else { Ok(names) }
}

/// The tenant with the most common structure, where nothing but what moves is missing to be built like it.
async fn like(session: &mut Session, place: &Places, scene: &Scene, work: &Work) -> Result<Option<Namespace>> {
    // What stays outside, and is needed, has another name there.
    if work.checks.iter().any(|check| check.code == "move_needs") {
        return Ok(None);
    }
    let others: Vec<u32> = place.tenants.keys().copied().filter(|oid| *oid != work.way.to.1).collect();
    let Some(reference) = reference(session, place, &others).await? else { return Ok(None) };
    let own = shape::read(session, &Namespace { oid: work.way.to.1, name: work.way.to.0.clone() }).await?;
    let measure = shape::read(session, &reference).await?;
    let here = shape::read(session, &Namespace { oid: scene.namespace, name: work.way.from.0.clone() }).await?;
    let schemas = [work.way.from.0.as_str(), work.way.to.0.as_str()];
    let moves = |name: &str| work.moved.iter().any(|unit| unit.name == name);
    let missing = shape::diff(&measure, &own, Options::default());
    let level = leveller(&schemas);
    // What is there already may name the other schema now, and will not.
    let follows = |id: &ObjectId, property: Property| {
        let text = |shape: &Shape| shape.objects.get(id).and_then(|object| object.text(property)).map(&level);
        text(&own) == text(&measure)
    };
    let comes = missing.iter().all(|change| {
        let id = &change.object;
        match change.difference {
            Difference::Removed => moves(id.parent.as_deref().unwrap_or(&id.name)) || is_own_sequence(&id.name, work),
            Difference::Changed { property, .. } => follows(id, property),
            Difference::Added => false,
        }
    });
    let units = work.moved.iter().filter(|unit| !matches!(unit.kind, MovableKind::Routine | MovableKind::Statistics));
    let alike = units
        .filter(|unit| !migration::is_book(&unit.name))
        .all(|unit| parts(&here, unit, &schemas) == parts(&measure, unit, &schemas));
    Ok((comes && alike && !missing.is_empty()).then_some(reference))
}

/// A sequence of a column of what moves.
fn is_own_sequence(name: &str, work: &Work) -> bool {
    work.pieces.iter().any(|(class, _, piece, _)| *class == super::scene::RELATION && piece == name)
}
