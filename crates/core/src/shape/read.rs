//! Reading the objects of many schemas with a fixed number of queries.

use super::neutral::{Form, Neutralised, Own, neutralise};
use super::object::{Object, ObjectId, ObjectKind, Property, Shape};
use super::token::{Kind, tokens};
use crate::connection::Session;
use crate::sql::Statement;
use crate::{Error, ErrorKind, Result};
use futures::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::{Column, Row};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// Schemas that one round of queries answers. Printing a view takes a lock on what it reads, which one transaction holds
/// until its end; with so few the lock table of a server with default settings mostly suffices.
pub(super) const SCHEMAS_AT_ONCE: usize = 250;

/// SQLSTATE when the lock table is full.
const OUT_OF_SHARED_MEMORY: &str = "53200";

/// One for every sort of object.
const QUERIES: &[&str] = &[
    include_str!("catalog/schemas.sql"),
    concat!(include_str!("catalog/other.sql"), include_str!("catalog/others.sql")),
    include_str!("catalog/types.sql"),
    include_str!("catalog/sequences.sql"),
    include_str!("catalog/relations.sql"),
    include_str!("catalog/columns.sql"),
    include_str!("catalog/defaults.sql"),
    include_str!("catalog/routines.sql"),
    include_str!("catalog/constraints.sql"),
    include_str!("catalog/indexes.sql"),
    include_str!("catalog/statistics.sql"),
    include_str!("catalog/rules.sql"),
    include_str!("catalog/triggers.sql"),
    include_str!("catalog/policies.sql"),
];

/// How much of a schema is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// What fingerprints compare.
    Compared,
    /// Also the places of columns, and what tables have from their parents.
    Whole,
    /// The same, and the table of the migration history with what belongs to it.
    WithHistory,
}

/// How the queries leave the history out.
const NO_HISTORY: &str = "c.relname <> '_sqlx_migrations'";

/// A schema by OID and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    /// `pg_namespace.oid`
    pub oid: u32,
    /// `pg_namespace.nspname`
    pub name: String,
}

/// The schemas of these names, in their order.
///
/// # Errors
/// [`ErrorKind::TenantMissing`] for the first that does not exist.
pub async fn namespaces(session: &mut Session, names: &[String]) -> Result<Vec<Namespace>> {
    let rows = sqlx::query(
        "select n.oid::int8 as oid, n.nspname::text as name from pg_catalog.pg_namespace n where n.nspname = any ($1::text[])",
    )
    .bind(names)
    .fetch_all(session.connection())
    .await?;
    let mut oids = HashMap::new();
    for row in &rows {
        oids.insert(row.try_get::<String, _>("name")?, row.try_get::<i64, _>("oid")? as u32);
    }
    let found = names.iter().map(|name| {
        let oid = oids.get(name).copied().ok_or_else(|| ErrorKind::TenantMissing { name: name.clone() })?;
        Ok(Namespace { oid, name: name.clone() })
    });
    found.collect()
}

/// Everything about one schema, with what needs what.
///
/// # Errors
/// [`ErrorKind::TenantMissing`] when it is gone.
pub async fn read(session: &mut Session, schema: &Namespace) -> Result<Shape> {
    extent(session, schema, Extent::Whole).await
}

async fn extent(session: &mut Session, schema: &Namespace, extent: Extent) -> Result<Shape> {
    let (mut objects, mut inherited) = (BTreeMap::new(), BTreeMap::new());
    let places = places(session, std::slice::from_ref(schema)).await?;
    let place = places.into_iter().next().ok_or_else(|| ErrorKind::TenantMissing { name: schema.name.clone() })?;
    each_object(session, std::slice::from_ref(schema), extent, &mut |_, object| {
        let map = if object.get(Property::Inherited).is_some() { &mut inherited } else { &mut objects };
        map.insert(object.id.clone(), object);
    })
    .await?;
    let needs = needs(session, schema, &place.owner).await?;
    Ok(Shape { schema: schema.name.clone(), owner: place.owner, reader: place.reader, objects, inherited, needs })
}

/// The same inside the transaction that a session is in, whose `search_path` is what it was afterwards.
pub(crate) async fn read_in(session: &mut Session, schema: &str) -> Result<Shape> {
    in_transaction(session, schema, Extent::Whole).await
}

/// Like [`read_in`], with the migration history: all that is needed to make the schema again.
pub(crate) async fn read_with_history_in(session: &mut Session, schema: &str) -> Result<Shape> {
    in_transaction(session, schema, Extent::WithHistory).await
}

async fn in_transaction(session: &mut Session, schema: &str, much: Extent) -> Result<Shape> {
    let path = set_local_path(session, None).await?;
    let schema = namespaces(session, &[schema.to_owned()]).await?.remove(0);
    let shape = extent(session, &schema, much).await?;
    set_local_path(session, Some(&path)).await?;
    Ok(shape)
}

/// Hands every object of the schemas to `take`, with the schema's place in the slice.
pub(super) async fn each_object(
    session: &mut Session,
    schemas: &[Namespace],
    extent: Extent,
    take: &mut (impl FnMut(usize, Object) + Send),
) -> Result<()> {
    for (number, chunk) in schemas.chunks(SCHEMAS_AT_ONCE).enumerate() {
        let offset = number * SCHEMAS_AT_ONCE;
        let places = places(session, chunk).await?;
        let mut unclear = Vec::new();
        for query in QUERIES {
            // Halves of what did not fit into the server's lock table.
            let mut open: Vec<Range<usize>> = std::iter::once(0..places.len()).collect();
            while let Some(range) = open.pop() {
                match one_query(session, query, &places, range.clone(), extent).await {
                    Ok(rows) => {
                        for (raw, ambiguous, object) in rows {
                            if ambiguous {
                                unclear.push(raw);
                            } else {
                                take(offset + raw.place, object);
                            }
                        }
                    }
                    Err(error) if range.len() > 1 && error.sqlstate() == Some(OUT_OF_SHARED_MEMORY) => {
                        let middle = range.start + range.len() / 2;
                        open.extend([range.start..middle, middle..range.end]);
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        clarify(session, &places, unclear, &mut |place, object| take(offset + place, object)).await?;
    }
    Ok(())
}

/// A schema with the names that are replaced in its texts.
struct Place {
    oid: i64,
    name: String,
    owner: String,
    reader: String,
}

impl Place {
    fn own(&self) -> Own<'_> {
        Own { schema: &self.name, owner: &self.owner }
    }
}

/// Owners are read now, not when the schemas were listed: both may have changed.
async fn places(session: &mut Session, schemas: &[Namespace]) -> Result<Vec<Place>> {
    let oids: Vec<i64> = schemas.iter().map(|s| i64::from(s.oid)).collect();
    let rows = sqlx::query(
        "select n.oid::int8 as oid, n.nspname::text as name, pg_catalog.pg_get_userbyid(n.nspowner)::text as owner, \
         current_user::text as reader from pg_catalog.pg_namespace n where n.oid = any ($1::int8[]::oid[])",
    )
    .bind(&oids)
    .fetch_all(session.connection())
    .await?;
    let mut found = HashMap::new();
    for row in &rows {
        let place = Place {
            oid: row.try_get("oid")?,
            name: row.try_get("name")?,
            owner: row.try_get("owner")?,
            reader: row.try_get("reader")?,
        };
        found.insert(place.oid, place);
    }
    let gone = |s: &Namespace| Error::from(ErrorKind::TenantMissing { name: s.name.clone() });
    schemas.iter().map(|s| found.remove(&i64::from(s.oid)).ok_or_else(|| gone(s))).collect()
}

/// A row as the server gave it.
struct Raw {
    place: usize,
    oid: i64,
    kind: ObjectKind,
    parent: Option<String>,
    name: String,
    arguments: Option<String>,
    texts: Vec<(Property, String)>,
}

/// What one query knows about the places in `range`; whether each object is ambiguous.
async fn one_query(
    session: &mut Session,
    query: &'static str,
    places: &[Place],
    range: Range<usize>,
    extent: Extent,
) -> Result<Vec<(Raw, bool, Object)>> {
    let oids: Vec<i64> = places[range.clone()].iter().map(|p| p.oid).collect();
    let of_oid: HashMap<i64, usize> = oids.iter().zip(range).map(|(oid, at)| (*oid, at)).collect();
    let statement = match extent {
        Extent::WithHistory => Statement::of(format_args!("{}", query.replace(NO_HISTORY, "true"))),
        Extent::Compared | Extent::Whole => Statement::of(format_args!("{query}")),
    };
    let mut statement = sqlx::query(statement).persistent(false).bind(oids);
    if query.contains("$2") {
        statement = statement.bind(extent != Extent::Compared);
    }
    let mut rows = statement.fetch(session.connection());
    let mut columns: Option<Vec<(usize, Property)>> = None;
    let mut objects = Vec::new();
    while let Some(row) = rows.try_next().await? {
        let columns = columns.get_or_insert_with(|| properties_of(&row));
        let place = of_oid.get(&row.try_get("schema")?).copied().unwrap_or_default();
        let raw = raw(&row, place, columns)?;
        let (object, ambiguous) = build(&raw, &places[place].own(), &[]);
        objects.push((raw, ambiguous, object));
    }
    Ok(objects)
}

/// The columns of an answer that are properties.
fn properties_of(row: &PgRow) -> Vec<(usize, Property)> {
    let columns = row.columns().iter();
    columns.filter_map(|column| Some((column.ordinal(), Property::of_code(column.name())?))).collect()
}

fn raw(row: &PgRow, place: usize, columns: &[(usize, Property)]) -> Result<Raw> {
    let kind: &str = row.try_get("kind")?;
    let kind = ObjectKind::of_code(kind).ok_or_else(|| ErrorKind::Internal {
        what: format!("the catalog query names an unknown sort of object, {kind}"),
    })?;
    let mut texts = Vec::new();
    for (column, property) in columns {
        if let Some(text) = row.try_get::<Option<String>, _>(*column)? {
            texts.push((*property, text));
        }
    }
    Ok(Raw {
        place,
        oid: row.try_get("oid")?,
        kind,
        parent: row.try_get("parent")?,
        name: row.try_get("name")?,
        arguments: row.try_get("arguments")?,
        texts,
    })
}

/// The object without its schema's name, and whether that name may have meant something else somewhere.
fn build(raw: &Raw, own: &Own<'_>, second: &[(Property, String)]) -> (Object, bool) {
    use ObjectKind::{Function, MaterializedView, Policy, Procedure, Rule, Trigger, View};
    // Nothing else can give a table another name.
    let aliases = matches!(raw.kind, View | MaterializedView | Rule | Trigger | Policy | Function | Procedure);
    let text = |property| raw.texts.iter().find(|(p, _)| *p == property).map(|(_, text)| text.as_str());
    let written = text(Property::Body).is_some();
    let readable = matches!(text(Property::Language), Some("sql" | "plpgsql"));
    let mut ambiguous = false;
    let mut properties = BTreeMap::new();
    for (property, text) in &raw.texts {
        let form = match property.form() {
            Form::Body if !readable => Form::Plain,
            form => form,
        };
        // Without its text, a function's definition can name tables only in defaults of arguments.
        let text = if *property == Property::Definition && written { header(text) } else { text.clone() };
        let other = second.iter().find(|(p, _)| p == property).map(|(_, text)| text.as_str());
        let Neutralised { text, ambiguous: unclear } = neutralise(&text, form, own, other);
        let stands_for_row = raw.kind == Policy && raw.parent.as_deref() == Some(own.schema);
        ambiguous |= aliases
            && !written
            && form == Form::Expression
            && (unclear || (stands_for_row && text.raw().contains('\0')));
        properties.insert(*property, text);
    }
    let arguments = raw.arguments.as_deref().map(|text| neutralise(text, Form::Expression, own, None).text);
    let name = named(raw.kind, &raw.name, raw.arguments.as_deref(), own);
    let id = ObjectId { kind: raw.kind, parent: raw.parent.clone(), name, arguments };
    (Object { id, properties }, ambiguous)
}

/// Operators and casts are named with their types, which may be the schema's own.
fn named(kind: ObjectKind, name: &str, arguments: Option<&str>, own: &Own<'_>) -> String {
    match (kind, arguments) {
        (ObjectKind::Other, Some("operator" | "cast")) => {
            neutralise(name, Form::Expression, own, None).text.to_string()
        }
        _ => name.to_owned(),
    }
}

/// `create function …` up to its text.
fn header(definition: &str) -> String {
    tokens(definition).iter().take_while(|token| token.kind != Kind::Dollar).map(|token| token.text).collect()
}

/// Has the server print the definitions again in which the schema's name may be an alias, with the schema in its search
/// path: what still has the name in front of it then is not qualified by it.
async fn clarify(
    session: &mut Session,
    places: &[Place],
    unclear: Vec<Raw>,
    take: &mut (impl FnMut(usize, Object) + Send),
) -> Result<()> {
    let mut by_place: BTreeMap<usize, Vec<Raw>> = BTreeMap::new();
    for raw in unclear {
        by_place.entry(raw.place).or_default().push(raw);
    }
    for (place, group) in by_place {
        set_path(session, Some(&places[place].name)).await?;
        let printed = print_again(session, &group).await;
        set_path(session, None).await?;
        let printed = printed?;
        for raw in group {
            let second = printed.get(&(raw.kind, raw.oid)).map_or(&[][..], Vec::as_slice);
            take(place, build(&raw, &places[place].own(), second).0);
        }
    }
    Ok(())
}

async fn set_path(session: &mut Session, schema: Option<&str>) -> Result<()> {
    sqlx::query(
        "select pg_catalog.set_config('search_path', coalesce(pg_catalog.quote_ident($1::text), 'pg_catalog, pg_temp'), false)",
    )
    .bind(schema)
    .execute(session.connection())
    .await?;
    Ok(())
}

/// Sets the `search_path` for the rest of the transaction; what it was.
pub(super) async fn set_local_path(session: &mut Session, path: Option<&str>) -> Result<String> {
    let before = sqlx::query_scalar("select pg_catalog.current_setting('search_path')");
    let before: String = before.fetch_one(session.connection()).await?;
    sqlx::query("select pg_catalog.set_config('search_path', $1, true)")
        .bind(path.unwrap_or("pg_catalog, pg_temp"))
        .execute(session.connection())
        .await?;
    Ok(before)
}

type Printed = HashMap<(ObjectKind, i64), Vec<(Property, String)>>;

/// Nothing but functions of `pg_catalog` is called: with a tenant in the search path an operator might be the tenant's.
async fn print_again(session: &mut Session, group: &[Raw]) -> Result<Printed> {
    let mut printed = Printed::new();
    for (kinds, query) in [
        (
            &[ObjectKind::View, ObjectKind::MaterializedView][..],
            "select o, pg_catalog.pg_get_viewdef(o::oid), null::text from pg_catalog.unnest($1::int8[]) o",
        ),
        (
            &[ObjectKind::Rule],
            "select o, pg_catalog.pg_get_ruledef(o::oid), null::text from pg_catalog.unnest($1::int8[]) o",
        ),
        (
            &[ObjectKind::Trigger],
            "select o, pg_catalog.pg_get_triggerdef(o::oid), null::text from pg_catalog.unnest($1::int8[]) o",
        ),
        (
            &[ObjectKind::Function, ObjectKind::Procedure],
            "select o, pg_catalog.pg_get_functiondef(o::oid), null::text from pg_catalog.unnest($1::int8[]) o",
        ),
        (
            &[ObjectKind::Policy],
            "select p.oid::int8, pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) \
             from pg_catalog.pg_policy p where p.oid operator(pg_catalog.=) any ($1::int8[]::oid[])",
        ),
    ] {
        let those: Vec<&Raw> = group.iter().filter(|raw| kinds.contains(&raw.kind)).collect();
        if those.is_empty() {
            continue;
        }
        let oids: Vec<i64> = those.iter().map(|raw| raw.oid).collect();
        let kind_of: HashMap<i64, ObjectKind> = those.iter().map(|raw| (raw.oid, raw.kind)).collect();
        let (first, second) = match kinds {
            [ObjectKind::Policy] => (Property::UsingExpression, Property::CheckExpression),
            _ => (Property::Definition, Property::Definition),
        };
        for row in sqlx::query(query).persistent(false).bind(&oids).fetch_all(session.connection()).await? {
            let oid: i64 = row.try_get(0)?;
            let Some(kind) = kind_of.get(&oid) else { continue };
            let texts = [(first, row.try_get::<Option<String>, _>(1)?), (second, row.try_get(2)?)];
            let texts = texts.into_iter().filter_map(|(property, text)| Some((property, text?)));
            printed.insert((*kind, oid), texts.collect());
        }
    }
    Ok(printed)
}

/// What needs what inside the schema.
async fn needs(session: &mut Session, schema: &Namespace, owner: &str) -> Result<BTreeSet<(ObjectId, ObjectId)>> {
    let rows = sqlx::query(concat!(include_str!("catalog/other.sql"), include_str!("catalog/dependencies.sql")))
        .persistent(false)
        .bind(i64::from(schema.oid))
        .fetch_all(session.connection())
        .await?;
    let own = Own { schema: &schema.name, owner };
    let id = |row: &PgRow, first: usize| -> Result<Option<ObjectId>> {
        let Some(kind) = ObjectKind::of_code(row.try_get(first)?) else { return Ok(None) };
        let arguments: Option<String> = row.try_get(first + 3)?;
        let name = named(kind, row.try_get(first + 2)?, arguments.as_deref(), &own);
        let arguments = arguments.map(|text| neutralise(&text, Form::Expression, &own, None).text);
        Ok(Some(ObjectId { kind, parent: row.try_get(first + 1)?, name, arguments }))
    };
    let mut needs = BTreeSet::new();
    for row in &rows {
        if let (Some(one), Some(other)) = (id(row, 0)?, id(row, 4)?) {
            needs.insert((one, other));
        }
    }
    Ok(needs)
}
