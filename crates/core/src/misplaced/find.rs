//! Looking for what belongs to tenants.

use super::judge::{Known, Verdict};
use super::scene::{RELATION, Root, Scene, TYPE, Unit};
use super::statements::{Way, Work};
use super::types::{Candidate, Certainty, Clue, Misplaced};
use crate::connection::{Database, Session};
use crate::migration::{self, is_book};
use crate::shape::{self, Namespace, ObjectId, ObjectKind, Options, Property, Shape};
use crate::sql::{Statement, identifiers};
use crate::tenant::{self, Found};
use crate::{ErrorKind, Result, registry};
use sqlx::Row;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Instant;

/// The schema into which things fall.
pub(super) const PUBLIC: &str = "public";
/// The reference is the most common structure among so many tenants.
const SAMPLE: usize = 60;

/// What is in a schema (`public` where none is named) and belongs to a tenant, by a number of queries that does not depend on how
/// many tenants there are. Changes nothing.
///
/// # Errors
/// [`ErrorKind::SchemaUnfit`] for a schema that does not exist, is a tenant, or is not a person's to change.
pub async fn find(database: &Database, schema: Option<&str>) -> Result<Misplaced> {
    let mut session = database.catalog().await?;
    let tenants: BTreeSet<u32> = tenant::discover(&mut session).await?.iter().map(|found| found.summary.oid).collect();
    find_in(&mut session, schema.unwrap_or(PUBLIC), &tenants).await
}

/// The same for these tenants, also inside a transaction.
pub(crate) async fn find_in(session: &mut Session, schema: &str, tenants: &BTreeSet<u32>) -> Result<Misplaced> {
    let started = Instant::now();
    let other = fit(session, schema, tenants).await?;
    let mut found = Misplaced {
        schema: schema.to_owned(),
        found: Vec::new(),
        reference: None,
        tenants: tenants.len() as u32,
        duration_ms: 0,
    };
    let scene = Scene::read(session, other).await?;
    // Who the tenants are costs more than all the rest, and matters only where something lies about.
    if scene.units.values().any(is_judged) {
        let place = Places::read(session, schema, tenants).await?;
        found.tenants = place.tenants.len() as u32;
        if !(place.tenants.is_empty() && place.empty.is_empty()) {
            let (candidates, reference) = candidates_of(session, &place, &scene).await?;
            (found.found, found.reference) = (candidates, reference);
        }
    }
    found.duration_ms = started.elapsed().as_millis() as u64;
    Ok(found)
}

/// The statements that bring to each tenant what it surely is, where that is possible as it stands; by schema.
pub(crate) async fn repairs(
    session: &mut Session,
    misplaced: &Misplaced,
    tenants: &BTreeSet<u32>,
) -> Result<HashMap<String, Vec<Statement>>> {
    let place = Places::read(session, &misplaced.schema, tenants).await?;
    let mut repairs = HashMap::new();
    let sure = misplaced.found.iter().filter(|candidate| candidate.certainty == Certainty::Sure);
    let mut objects: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for candidate in sure {
        objects.entry(candidate.tenant.as_deref().unwrap_or_default()).or_default().push(candidate.name.clone());
    }
    let mut scene = None;
    for (tenant, objects) in objects {
        let Some((oid, _)) = place.tenants.iter().find(|(_, name)| name.as_str() == tenant) else { continue };
        if scene.is_none() {
            scene = Some(Scene::read(session, place.other).await?);
        }
        let Some(scene) = &scene else { continue };
        let way = Way::new((&misplaced.schema, place.other), (tenant, *oid), false);
        let work = Work::of(session, scene, &place, way, &objects).await?;
        if !work.is_stopped() {
            repairs.insert(tenant.to_owned(), work.sql);
        }
    }
    Ok(repairs)
}

/// Which schemas may be meant.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    /// The schema that is looked at.
    pub schema: String,
    /// Its OID.
    pub other: u32,
    /// Schemas by OID.
    pub tenants: BTreeMap<u32, String>,
    /// Schemas without a table, which may become tenants.
    pub empty: BTreeMap<u32, String>,
    /// Display names.
    pub names: HashMap<u32, String>,
    found: Vec<Found>,
}

/// The OID of a schema that things may fall into.
async fn fit(session: &mut Session, schema: &str, tenants: &BTreeSet<u32>) -> Result<u32> {
    let unfit = |reason: &str| ErrorKind::SchemaUnfit { schema: schema.to_owned(), reason: reason.to_owned() };
    let query = "select n.oid::int8 from pg_catalog.pg_namespace n where n.nspname = $1";
    let oid: Option<i64> =
        sqlx::query_scalar(query).persistent(false).bind(schema).fetch_optional(session.connection()).await?;
    let oid = oid.ok_or_else(|| unfit("it does not exist"))? as u32;
    if schema.starts_with("pg_")
        || schema.starts_with("_cadastre_")
        || ["information_schema", "cadastre"].contains(&schema)
    {
        return Err(unfit("it belongs to the server, or to Cadastre").into());
    }
    if tenants.contains(&oid) {
        return Err(unfit("it is a tenant itself").into());
    }
    Ok(oid)
}

impl Places {
    pub async fn read(session: &mut Session, schema: &str, tenants: &BTreeSet<u32>) -> Result<Self> {
        let other = fit(session, schema, tenants).await?;
        let rules = session.rules();
        let mut place = Self { schema: schema.to_owned(), other, ..Self::default() };
        for ground in tenant::grounds(session).await? {
            let summary = &ground.found.summary;
            let (oid, name) = (summary.oid, summary.schema.clone());
            let allowed = rules.excluded_by(&name).is_none() && rules.includes(&name);
            if tenants.contains(&oid) {
                place.tenants.insert(oid, name);
            } else if ground.never.is_none() && !ground.holds_table && allowed && oid != other {
                place.empty.insert(oid, name);
            } else {
                continue;
            }
            place.names.insert(oid, summary.name.clone());
            place.found.push(ground.found);
        }
        Ok(place)
    }

    pub fn name(&self, oid: u32) -> Option<&str> {
        self.tenants.get(&oid).or_else(|| self.empty.get(&oid)).map(String::as_str)
    }

    fn all(&self) -> Vec<i64> {
        self.tenants.keys().chain(self.empty.keys()).map(|oid| i64::from(*oid)).collect()
    }
}

/// Routines and statistics are judged with what they belong to; a partition with its table.
fn is_judged(unit: &Unit) -> bool {
    use super::types::MovableKind::{Routine, Statistics};
    !unit.of_extension && unit.parent.is_none() && !matches!(unit.kind, Routine | Statistics)
}

pub(super) async fn candidates_of(
    session: &mut Session,
    place: &Places,
    scene: &Scene,
) -> Result<(Vec<Candidate>, Option<String>)> {
    let units: Vec<&Unit> = scene.units.values().filter(|unit| is_judged(unit)).collect();
    let held = held(session, place, &units).await?;
    let owners = owners(session, place, &units).await?;
    let tenants: BTreeSet<u32> = place.tenants.keys().copied().collect();
    let empty: BTreeSet<u32> = place.empty.keys().copied().collect();
    let mut known: Vec<(&Unit, Known)> = units
        .iter()
        .map(|unit| {
            let holders = held.get(&(unit.root.0, unit.name.clone())).cloned().unwrap_or_default();
            let near = |oid: Option<u32>| oid.filter(|oid| place.name(*oid).is_some());
            let out = scene.edges.iter().filter(|e| e.from.root == unit.root).filter_map(|e| near(e.to.namespace));
            let inward = scene.edges.iter().filter(|e| e.to.root == unit.root).filter_map(|e| near(e.from.namespace));
            let known = Known {
                holders,
                tenants: tenants.clone(),
                empty: empty.clone(),
                out: out.collect(),
                inward: inward.collect(),
                owner: owners.get(&unit.owner).cloned(),
                book: is_book(&unit.name),
                ..Known::default()
            };
            (*unit, known)
        })
        .collect();
    let reference = compare(session, place, scene, &mut known).await?;
    let name = |oid: u32| place.name(oid).unwrap_or_default().to_owned();
    let mut verdicts: BTreeMap<Root, Verdict> = BTreeMap::new();
    for (unit, known) in &known {
        if let Some(verdict) = known.judge(&name, reference.as_deref().unwrap_or_default()) {
            verdicts.insert(unit.root, verdict);
        }
    }
    doubt_what_is_used(scene, &mut verdicts);
    let mut found: Vec<Candidate> = verdicts
        .into_iter()
        .filter_map(|(root, verdict)| Some(candidate(scene.units.get(&root)?, verdict, place)))
        .collect();
    found.sort_by(|a, b| (a.certainty, &a.tenant, &a.name, a.kind).cmp(&(b.certainty, &b.tenant, &b.name, b.kind)));
    Ok((found, reference))
}

fn candidate(unit: &Unit, verdict: Verdict, place: &Places) -> Candidate {
    let tenant = verdict.tenant.and_then(|oid| place.name(oid));
    Candidate {
        name: unit.name.clone(),
        kind: unit.kind,
        certainty: verdict.certainty,
        tenant: tenant.map(str::to_owned),
        tenant_name: verdict.tenant.and_then(|oid| place.names.get(&oid).cloned()),
        evidence: verdict.evidence,
        doubts: verdict.doubts,
        owner: unit.owner_name.clone(),
        rows: unit.rows,
        size_bytes: unit.bytes,
    }
}

/// Something of the schema that is not found to belong to the same tenant holds on to it: it may be meant to be where it is.
fn doubt_what_is_used(scene: &Scene, verdicts: &mut BTreeMap<Root, Verdict>) {
    let belongs = |verdicts: &BTreeMap<Root, Verdict>, root: &Root| {
        verdicts.get(root).filter(|verdict| verdict.certainty != Certainty::Unknown).and_then(|verdict| verdict.tenant)
    };
    for edge in scene.edges.iter().filter(|edge| scene.holds(&edge.from) && !edge.reads()) {
        let of_tenant = belongs(verdicts, &edge.from.root);
        // What has no verdict of its own goes with what it is a part of.
        let judged = scene.units.get(&edge.from.root).is_some_and(is_judged);
        let Some(verdict) = verdicts.get_mut(&edge.to.root).filter(|_| judged) else { continue };
        if verdict.certainty == Certainty::Unknown || verdict.tenant == of_tenant {
            continue;
        }
        verdict.certainty = Certainty::Likely;
        let message = format!("{} of this schema holds on to it.", edge.from.name);
        let clue = Clue::new("used_here", message, &[("object", edge.from.name.clone())]);
        if !verdict.doubts.contains(&clue) {
            verdict.doubts.push(clue);
        }
    }
}

type Held = HashMap<(i32, String), BTreeSet<u32>>;

/// Which tenants have objects of the same names.
async fn held(session: &mut Session, place: &Places, units: &[&Unit]) -> Result<Held> {
    let tenants: Vec<i64> = place.tenants.keys().map(|oid| i64::from(*oid)).collect();
    let names: Vec<&str> = units.iter().map(|unit| unit.name.as_str()).collect();
    let query = sqlx::query(include_str!("held.sql")).persistent(false).bind(tenants).bind(names);
    let mut held = Held::new();
    for row in query.fetch_all(session.connection()).await? {
        let class = if row.try_get::<String, _>("what")? == "type" { TYPE } else { RELATION };
        let schemas: Vec<i64> = row.try_get("schemas")?;
        held.insert((class, row.try_get("name")?), schemas.into_iter().map(|oid| oid as u32).collect());
    }
    Ok(held)
}

/// The tenants that the owners of these objects belong to.
async fn owners(session: &mut Session, place: &Places, units: &[&Unit]) -> Result<HashMap<u32, (u32, Clue)>> {
    let roles: BTreeSet<i64> = units.iter().map(|unit| i64::from(unit.owner)).collect();
    let roles: Vec<i64> = roles.into_iter().collect();
    let query = sqlx::query(include_str!("owners.sql")).persistent(false).bind(place.all()).bind(roles);
    let rows = query.fetch_all(session.connection()).await?;
    let entries = registry::entries(session).await?;
    let by_schema: HashMap<&str, u32> =
        place.tenants.iter().chain(&place.empty).map(|(oid, name)| (name.as_str(), *oid)).collect();
    let mut owners = HashMap::new();
    for row in rows {
        let (name, superuser): (String, bool) = (row.try_get("name")?, row.try_get("superuser")?);
        let uses: Vec<i64> = row.try_get("uses")?;
        let path: Option<String> = row.try_get("search_path")?;
        let first = path.as_deref().and_then(identifiers).and_then(|names| {
            let mut tenants = names.iter().filter_map(|name| by_schema.get(name.as_str()).copied());
            tenants.next()
        });
        let clue = |code: &str, tenant: u32, how: &str| {
            let tenant = place.name(tenant).unwrap_or_default().to_owned();
            Clue::new(code, format!("Its owner {name} {how} {tenant}."), &[("role", name.clone()), ("tenant", tenant)])
        };
        let registered = entries.values().find(|entry| entry.role.as_deref() == Some(name.as_str()));
        let registered = registered.and_then(|entry| by_schema.get(entry.schema.as_str()).copied());
        let several = place.tenants.len() + place.empty.len() > 1;
        let found = match (registered, uses.as_slice(), first) {
            _ if superuser => None,
            (Some(tenant), ..) => Some((tenant, clue("owner_registered", tenant, "is, by the registry, the role of"))),
            (None, [one], _) if several => Some((*one as u32, clue("owner", *one as u32, "uses no other tenant than"))),
            (None, [] | [_], Some(tenant)) if uses.first().is_none_or(|one| *one as u32 == tenant) => {
                Some((tenant, clue("owner_path", tenant, "has a search_path that leads to")))
            }
            _ => None,
        };
        if let Some(found) = found {
            owners.insert(row.try_get::<i64, _>("oid")? as u32, found);
        }
    }
    Ok(owners)
}

/// Compares what a tenant lacks with the reference; its schema.
async fn compare(
    session: &mut Session,
    place: &Places,
    scene: &Scene,
    known: &mut [(&Unit, Known)],
) -> Result<Option<String>> {
    if !known.iter().any(|(_, k)| !k.holders.is_empty() && k.holders.len() < place.tenants.len() + place.empty.len()) {
        return Ok(None);
    }
    let suspects: BTreeSet<u32> = known.iter().filter_map(|(_, k)| Some(k.lacks()?.0)).collect();
    // Whoever lacks nothing.
    let mut have: HashMap<u32, usize> = HashMap::new();
    known.iter().flat_map(|(_, k)| &k.holders).for_each(|oid| *have.entry(*oid).or_default() += 1);
    let most = have.values().copied().max().unwrap_or_default();
    let whole: Vec<u32> = place.tenants.keys().copied().filter(|oid| have.get(oid) == Some(&most)).collect();
    let Some(reference) = reference(session, place, &whole).await? else { return Ok(None) };
    let here = shape::read(session, &Namespace { oid: scene.namespace, name: place.schema.clone() }).await?;
    let there = shape::read(session, &reference).await?;
    let who: Vec<Found> = place
        .found
        .iter()
        .filter(|f| suspects.contains(&f.summary.oid) || f.summary.oid == reference.oid)
        .cloned()
        .collect();
    let histories = migration::read_histories(session, &who).await?;
    let version = |schema: &str| histories.get(schema).and_then(migration::History::newest);
    for (unit, known) in known.iter_mut().filter(|(_, known)| known.holders.contains(&reference.oid)) {
        let target = known.lacks().and_then(|(oid, _)| place.name(oid)).unwrap_or_default();
        let schemas: Vec<&str> = [place.schema.as_str(), target].into_iter().filter(|name| !name.is_empty()).collect();
        known.equal = Some(parts(&here, unit, &schemas) == parts(&there, unit, &schemas));
        let lacking = known.lacks().and_then(|(oid, _)| version(place.name(oid)?));
        known.behind = lacking.zip(version(&reference.name)).is_some_and(|(own, newest)| own < newest);
    }
    Ok(Some(reference.name))
}

/// The most common structure among these tenants; of a large fleet, among some that stand evenly apart.
pub(super) async fn reference(session: &mut Session, place: &Places, tenants: &[u32]) -> Result<Option<Namespace>> {
    let step = tenants.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<Namespace> = tenants
        .iter()
        .step_by(step)
        .filter_map(|oid| Some(Namespace { oid: *oid, name: place.tenants.get(oid)?.clone() }))
        .collect();
    let marks = shape::marks(session, &sample).await?;
    let count = |mark: &Option<String>| if mark.is_none() { 1 } else { marks.iter().filter(|m| *m == mark).count() };
    // The first of the largest group.
    let best = (0..sample.len()).max_by_key(|at| (count(&marks[*at]), std::cmp::Reverse(*at)));
    Ok(best.map(|at| sample[at].clone()))
}

/// What belongs to an object in a shape, as texts that are the same whether it is in one of `schemas` or in a tenant: a table of a
/// tenant that refers to something in `public` has that name, and the same table there has a placeholder.
pub(super) fn parts<'s>(shape: &'s Shape, unit: &Unit, schemas: &[&str]) -> BTreeSet<(&'s ObjectId, Property, String)> {
    let options = Options::default();
    let is_it = |id: &ObjectId| match &id.parent {
        Some(parent) => *parent == unit.name && is_domain_part(id.kind) == (unit.root.0 == TYPE),
        None => id.name == unit.name && is_type(id.kind) == (unit.root.0 == TYPE) && !is_routine(id.kind),
    };
    let level = leveller(schemas);
    shape
        .objects
        .values()
        .filter(|object| is_it(&object.id) && object.get(Property::Inherited).is_none())
        .flat_map(|object| object.properties.keys().map(move |property| (object, *property)))
        .filter(|(object, property)| options.compares(*property) && object.id.kind != ObjectKind::ViewColumn)
        .map(|(object, property)| (&object.id, property, level(object.text(property).unwrap_or_default())))
        .collect()
}

/// Makes texts equal that differ in nothing but in which of these schemas, or of the shape's own, something is.
pub(super) fn leveller(schemas: &[&str]) -> impl Fn(&str) -> String + use<> {
    let names = schemas.iter().flat_map(|name| [format!("\"{}\".", name.replace('"', "\"\"")), format!("{name}.")]);
    let names: Vec<String> = names.chain(["\0s.".to_owned(), "\0i.".to_owned()]).collect();
    move |text| names.iter().fold(text.to_owned(), |text, name| text.replace(name, HERE))
}

/// Stands for either schema.
const HERE: &str = "\0.";

fn is_type(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Enum | ObjectKind::Domain | ObjectKind::CompositeType | ObjectKind::RangeType)
}

fn is_domain_part(kind: ObjectKind) -> bool {
    kind == ObjectKind::DomainConstraint
}

fn is_routine(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate | ObjectKind::Other | ObjectKind::Schema
    )
}
