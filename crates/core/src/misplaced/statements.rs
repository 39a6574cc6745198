//! What has to be sent to move objects, and what there is to say about it.

use super::closure::closure;
use super::find::Places;
use super::judge::listed;
use super::rights;
use super::scene::{Edge, RELATION, Root, Scene, Unit};
use super::types::MovableKind;
use crate::connection::Session;
use crate::fleet::{Check, CheckLevel};
use crate::migration::is_book;
use crate::shape::HISTORY;
use crate::sql::{Ident, Statement, names_schema};
use crate::{ErrorKind, Result};
use sqlx::Row;
use std::collections::{BTreeMap, BTreeSet};

/// From where to where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    pub from: (String, u32),
    pub to: (String, u32),
    /// Out of the tenant.
    pub back: bool,
}

impl Way {
    pub fn new(other: (&str, u32), tenant: (&str, u32), back: bool) -> Self {
        let (other, tenant) = ((other.0.to_owned(), other.1), (tenant.0.to_owned(), tenant.1));
        let (from, to) = if back { (tenant, other) } else { (other, tenant) };
        Self { from, to, back }
    }

    /// The schema of the tenant.
    pub fn tenant(&self) -> &str {
        if self.back { &self.from.0 } else { &self.to.0 }
    }

    /// The other one.
    pub fn other(&self) -> &str {
        if self.back { &self.to.0 } else { &self.from.0 }
    }
}

/// Something with a name in a schema: class, OID, name, and OID of the schema.
pub(super) type Piece = (i32, u32, String, u32);

/// All that a move is.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub way: Way,
    /// In the order in which they move: a routine is named with its arguments, so it goes before their types.
    pub moved: Vec<Unit>,
    /// Everything that goes with them.
    pub pieces: Vec<Piece>,
    /// Keeps others out of the tables meanwhile.
    pub lock: Option<Statement>,
    /// What moves them, and gives rights.
    pub sql: Vec<Statement>,
    pub checks: Vec<Check>,
}

impl Work {
    /// # Errors
    /// [`ErrorKind::TableMissing`] for an object that is not there.
    pub async fn of(
        session: &mut Session,
        scene: &Scene,
        place: &Places,
        way: Way,
        objects: &[String],
    ) -> Result<Self> {
        let mut chosen: BTreeSet<Root> = BTreeSet::new();
        for name in objects {
            let named = scene
                .units
                .values()
                .filter(|unit| unit.shown() == *name || (unit.arguments.is_none() && unit.name == *name));
            let before = chosen.len();
            chosen.extend(named.map(|unit| unit.root));
            if chosen.len() == before && !scene.units.values().any(|unit| unit.shown() == *name) {
                return Err(ErrorKind::TableMissing { schema: way.from.0.clone(), table: name.clone() }.into());
            }
        }
        let roots = closure(scene, &chosen, way.to.1);
        let mut moved: Vec<Unit> = roots.iter().filter_map(|root| scene.units.get(root)).cloned().collect();
        moved.sort_by(|a, b| (a.kind, &a.name, &a.arguments).cmp(&(b.kind, &b.name, &b.arguments)));
        let pieces = pieces(session, &moved).await?;
        let mut work =
            Self { lock: lock(&way, &moved)?, sql: alters(&way, &moved)?, way, moved, pieces, checks: Vec::new() };
        work.check_objects(&chosen);
        work.check_edges(scene, place, &roots);
        work.check_server(session).await?;
        work.check_texts(session).await?;
        let (grants, checks) = rights::given(session, &work).await?;
        work.sql.extend(grants);
        work.checks.extend(checks);
        work.checks.sort_by_key(|check| std::cmp::Reverse(check.level));
        Ok(work)
    }

    pub fn is_stopped(&self) -> bool {
        self.checks.iter().any(|check| check.level == CheckLevel::Stop)
    }

    /// Class and OID of each, one after the other.
    pub fn roots(&self) -> Vec<i64> {
        self.moved.iter().flat_map(|unit| [i64::from(unit.root.0), i64::from(unit.root.1)]).collect()
    }

    /// Tables whose rows are proven: not single partitions.
    pub fn tables(&self) -> Vec<String> {
        let tables = self.moved.iter().filter(|u| matches!(u.kind, MovableKind::Table | MovableKind::PartitionedTable));
        let moved = |parent: u32| self.moved.iter().any(|unit| unit.root == (RELATION, parent));
        tables.filter(|u| !u.parent.is_some_and(moved)).map(|u| u.name.clone()).collect()
    }

    pub fn text(&self) -> String {
        let all = self.lock.iter().chain(&self.sql);
        all.map(|statement| format!("{statement};\n")).collect()
    }

    fn say(&mut self, level: CheckLevel, code: &str, message: String, params: &[(&str, String)]) {
        self.checks.push(Check::new(level, code, message, params));
    }

    fn shown<'a>(&'a self, of: impl Fn(&&'a Unit) -> bool) -> String {
        listed(&self.moved.iter().filter(of).map(Unit::shown).collect::<Vec<_>>())
    }

    fn check_objects(&mut self, chosen: &BTreeSet<Root>) {
        let with = self.shown(|unit| !chosen.contains(&unit.root));
        if !with.is_empty() {
            let message = format!("What belongs to nothing else goes along: {with}.");
            self.say(CheckLevel::Ok, "move_along", message, &[("objects", with)]);
        }
        let of_extension = self.shown(|unit| unit.of_extension);
        if !of_extension.is_empty() {
            let message = format!("{of_extension} belong to an extension.");
            self.say(CheckLevel::Stop, "move_extension", message, &[("objects", of_extension)]);
        }
        let foreign = self.shown(|unit| !unit.own);
        if !foreign.is_empty() {
            let message = format!("Only their owner, or a superuser, can move {foreign}.");
            self.say(CheckLevel::Stop, "move_not_owner", message, &[("objects", foreign)]);
        }
        let secured = self.shown(|unit| unit.row_security);
        if !secured.is_empty() {
            let message = format!("Row security and its policies go along: {secured}.");
            self.say(CheckLevel::Ok, "move_row_security", message, &[("objects", secured)]);
        }
    }

    /// Who will hold on to whom across schemas.
    fn check_edges(&mut self, scene: &Scene, place: &Places, roots: &BTreeSet<Root>) {
        let mut said: BTreeSet<(CheckLevel, &str, String, String)> = BTreeSet::new();
        for edge in &scene.edges {
            let (from, to) = (roots.contains(&edge.from.root), roots.contains(&edge.to.root));
            if from == to {
                continue;
            }
            let ends = if from {
                (self.way.to.1, edge.to.namespace)
            } else {
                (edge.from.namespace.unwrap_or(0), Some(self.way.to.1))
            };
            let Some(found) = self.judge_edge(edge, ends, place) else { continue };
            let whole =
                |schema: &str, name: &str| if schema.is_empty() { name.to_owned() } else { format!("{schema}.{name}") };
            let (holder, held) = (whole(&edge.from.schema, &edge.from.name), whole(&edge.to.schema, &edge.to.name));
            said.insert((found.0, found.1, holder, held));
        }
        for (level, code, object, on) in said {
            let users: Vec<String> = match code {
                "move_needs" => users(scene, roots, &on),
                _ => Vec::new(),
            };
            let message = match code {
                "move_crosses" => format!("{object} holds on to {on}: two tenants would depend on each other."),
                "move_held" => {
                    format!("{object} stays, and holds on to {on}: move it as well, or take that away before.")
                }
                "move_read" => format!("{object} stays, and goes on reading {on}."),
                "move_leaves" => {
                    format!("{object} will hold on to {on} across schemas; no tenant should need another schema's.")
                }
                "move_refers" => format!("{object} goes on referring to {on}, which stays."),
                _ if users.is_empty() => format!("{object} needs {on}, which stays."),
                _ => format!("{object} needs {on}, which stays: {} uses it, too.", listed(&users)),
            };
            let params = [("object", object), ("on", on), ("users", listed(&users))];
            self.say(level, code, message, &params);
        }
    }

    /// What to say of an edge one of whose ends moves; `ends` is where they will be.
    fn judge_edge(&self, edge: &Edge, ends: (u32, Option<u32>), place: &Places) -> Option<(CheckLevel, &'static str)> {
        let on = ends.1?;
        if ends.0 == on {
            return None;
        }
        let is_tenant = |oid: u32| place.name(oid).is_some();
        Some(match (is_tenant(ends.0), is_tenant(on)) {
            (true, true) => (CheckLevel::Stop, "move_crosses"),
            (false, true) if edge.reads() => (CheckLevel::Warning, "move_read"),
            // What is taken back was like this before.
            (false, true) if self.way.back => (CheckLevel::Warning, "move_leaves"),
            (false, true) => (CheckLevel::Stop, "move_held"),
            (true, false) if edge.how == "foreign_key" => (CheckLevel::Ok, "move_refers"),
            (true, false) => (CheckLevel::Warning, "move_needs"),
            (false, false) => return None,
        })
    }

    async fn check_server(&mut self, session: &mut Session) -> Result<()> {
        let query = "select pg_catalog.has_schema_privilege($1::int8::oid, 'CREATE'), current_user::text";
        let query = sqlx::query_as::<_, (bool, String)>(query).persistent(false).bind(i64::from(self.way.to.1));
        let (create, role) = query.fetch_one(session.connection()).await?;
        let to = self.way.to.0.clone();
        if !create {
            let message = format!("{role} may not create objects in {to}.");
            self.say(CheckLevel::Stop, "move_no_create", message, &[("role", role), ("schema", to.clone())]);
        }
        let taken: BTreeMap<(i32, String), u32> = census(session, &[self.way.to.1])
            .await?
            .into_iter()
            .map(|(class, oid, name, _)| ((class, name), oid))
            .collect();
        let clashes = self.pieces.iter().filter(|(class, _, name, _)| taken.contains_key(&(*class, name.clone())));
        // A table and its row type have the same name.
        let clashes: BTreeSet<String> = clashes.map(|(_, _, name, _)| bare(name)).collect();
        if !clashes.is_empty() {
            let names = listed(&clashes.into_iter().collect::<Vec<_>>());
            let message = format!("{to} has objects of these names already: {names}.");
            self.say(CheckLevel::Stop, "move_collision", message, &[("objects", names), ("schema", to)]);
        }
        self.check_publications(session).await
    }

    async fn check_publications(&mut self, session: &mut Session) -> Result<()> {
        let tables: Vec<i64> =
            self.moved.iter().filter(|unit| unit.kind.is_table()).map(|unit| i64::from(unit.root.1)).collect();
        let schemas = vec![i64::from(self.way.from.1), i64::from(self.way.to.1)];
        if tables.is_empty() {
            return Ok(());
        }
        let query = match session.server_version() >= 150_000 {
            true => concat!(include_str!("publications.sql"), include_str!("publications_of_schemas.sql")),
            false => include_str!("publications.sql"),
        };
        let query = sqlx::query(query).persistent(false).bind(tables).bind(schemas);
        for row in query.fetch_all(session.connection()).await? {
            let (publication, what, name): (String, String, String) =
                (row.try_get("publication")?, row.try_get("what")?, row.try_get("name")?);
            let (code, message) = match what.as_str() {
                "schema" => {
                    ("move_publication_schema", format!("The publication {publication} is about all tables of {name}."))
                }
                _ => (
                    "move_publication",
                    format!(
                        "{name} stays in the publication {publication}; its subscribers look for it under the new name."
                    ),
                ),
            };
            self.say(CheckLevel::Warning, code, message, &[("publication", publication), ("name", name)]);
        }
        Ok(())
    }

    /// Texts of routines, and the books that stay behind.
    async fn check_texts(&mut self, session: &mut Session) -> Result<()> {
        let names: Vec<String> = self.moved.iter().map(|unit| unit.name.clone()).collect();
        let query = sqlx::query(include_str!("texts.sql")).persistent(false).bind(&self.way.from.0).bind(&names);
        for row in query.fetch_all(session.connection()).await? {
            let body: String = row.try_get("body")?;
            if !names_schema(&body, &self.way.from.0) || !names.iter().any(|name| names_schema(&body, name)) {
                continue;
            }
            let routine = format!("{}.{}", row.try_get::<String, _>("schema")?, row.try_get::<String, _>("name")?);
            let from = self.way.from.0.clone();
            let message = format!("The text of {routine} names {from} and something that moves; it stays as it is.");
            self.say(CheckLevel::Warning, "move_text", message, &[("routine", routine), ("schema", from)]);
        }
        Ok(())
    }

    /// The books of a migration tool that stay where the tables were.
    pub fn check_books(&mut self, scene: &Scene) {
        let books = scene.units.values().filter(|unit| unit.kind.is_table() && is_book(&unit.name));
        let stays = |unit: &&Unit| !self.moved.iter().any(|moved| moved.root == unit.root);
        let books: Vec<String> = books.filter(stays).map(|unit| unit.name.clone()).collect();
        if self.way.back || books.is_empty() || self.tables().iter().all(|table| table == HISTORY) {
            return;
        }
        let (books, from) = (listed(&books), self.way.from.0.clone());
        let message = format!(
            "{books} stays in {from}. Where it tells what was applied to these tables, name it as well: otherwise the next migration makes them again."
        );
        self.say(CheckLevel::Warning, "move_books", message, &[("objects", books), ("schema", from)]);
    }
}

/// Who else holds on to an object that stays.
fn users(scene: &Scene, roots: &BTreeSet<Root>, on: &str) -> Vec<String> {
    let is_it = |edge: &&Edge| format!("{}.{}", edge.to.schema, edge.to.name) == on && !roots.contains(&edge.from.root);
    let users: BTreeSet<String> =
        scene.edges.iter().filter(is_it).map(|edge| format!("{}.{}", edge.from.schema, edge.from.name)).collect();
    users.into_iter().collect()
}

/// A routine's name without its types' numbers.
fn bare(name: &str) -> String {
    name.split_once(' ').map_or(name, |(name, _)| name).to_owned()
}

fn lock(way: &Way, moved: &[Unit]) -> Result<Option<Statement>> {
    let from = Ident::new(way.from.0.as_str())?;
    let mut statement = Statement::new();
    for unit in moved.iter().filter(|u| matches!(u.kind, MovableKind::Table | MovableKind::PartitionedTable)) {
        let before = if statement.text().is_empty() { "lock table only " } else { ", only " };
        statement.push(format_args!("{before}{}", from.qualify(&Ident::new(unit.name.as_str())?)));
    }
    if statement.text().is_empty() {
        return Ok(None);
    }
    statement.push(format_args!(" in access exclusive mode"));
    Ok(Some(statement))
}

fn alters(way: &Way, moved: &[Unit]) -> Result<Vec<Statement>> {
    let (from, to) = (Ident::new(way.from.0.as_str())?, Ident::new(way.to.0.as_str())?);
    let mut statements = Vec::new();
    for unit in moved {
        let name = from.qualify(&Ident::new(unit.name.as_str())?);
        let word = unit.kind.word();
        statements.push(match &unit.arguments {
            // As the server has printed them.
            Some(arguments) => Statement::of(format_args!("alter {word} {name}({arguments}) set schema {to}")),
            None => Statement::of(format_args!("alter {word} {name} set schema {to}")),
        });
        if let Some(multirange) = &unit.multirange {
            let name = from.qualify(&Ident::new(multirange.as_str())?);
            statements.push(Statement::of(format_args!("alter type {name} set schema {to}")));
        }
    }
    Ok(statements)
}

/// Everything that moves with these objects, and where it is now.
pub(super) async fn pieces(session: &mut Session, moved: &[Unit]) -> Result<Vec<Piece>> {
    let roots: Vec<i64> = moved.iter().flat_map(|unit| [i64::from(unit.root.0), i64::from(unit.root.1)]).collect();
    let query = sqlx::query(include_str!("pieces.sql")).persistent(false).bind(roots);
    query.fetch_all(session.connection()).await?.iter().map(piece).collect()
}

/// Everything in these schemas that has a name there.
pub(super) async fn census(session: &mut Session, namespaces: &[u32]) -> Result<Vec<Piece>> {
    let oids: Vec<i64> = namespaces.iter().map(|oid| i64::from(*oid)).collect();
    let query = sqlx::query(include_str!("census.sql")).persistent(false).bind(oids);
    query.fetch_all(session.connection()).await?.iter().map(piece).collect()
}

fn piece(row: &sqlx::postgres::PgRow) -> Result<Piece> {
    let oid = |column: &str| row.try_get::<i64, _>(column).map(|oid| oid as u32);
    Ok((row.try_get("class")?, oid("oid")?, row.try_get("name")?, oid("namespace")?))
}
