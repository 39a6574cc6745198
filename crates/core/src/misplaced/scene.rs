//! What is in a schema, and what holds on to it.

use super::types::MovableKind;
use crate::connection::Session;
use crate::{ErrorKind, Result};
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::collections::BTreeMap;

/// Class in the sense of `pg_depend`, and OID.
pub(super) type Root = (i32, u32);

pub(super) const RELATION: i32 = 1259;
pub(super) const TYPE: i32 = 1247;

/// Something that can be moved by itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    pub root: Root,
    pub kind: MovableKind,
    pub name: String,
    /// Of a routine, as the server prints them.
    pub arguments: Option<String>,
    /// The same without the name of the schema that it is in, so that the name stays the same wherever it goes.
    pub signature: Option<String>,
    pub owner: u32,
    pub owner_name: String,
    /// The role may do with it what its owner may.
    pub own: bool,
    /// The partitioned table that it is a part of, also where that is in another schema.
    pub parent: Option<u32>,
    pub rows: i64,
    pub bytes: i64,
    pub row_security: bool,
    /// Name of the type that goes with a range.
    pub multirange: Option<String>,
    pub of_extension: bool,
}

impl Unit {
    /// As a person names it.
    pub fn shown(&self) -> String {
        match &self.signature {
            Some(signature) => format!("{}({signature})", self.name),
            None => self.name.clone(),
        }
    }
}

/// One side of something that holds on to something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    pub root: Root,
    /// None for what is in no schema.
    pub namespace: Option<u32>,
    pub schema: String,
    pub name: String,
}

/// `from` holds on to `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edge {
    pub from: End,
    /// `foreign_key`, `default`, `view` …, see `edges.sql`.
    pub how: String,
    pub to: End,
}

impl Edge {
    /// A view or a routine, which reads from anywhere without harm.
    pub fn reads(&self) -> bool {
        matches!(self.how.as_str(), "view" | "rule" | "routine")
    }
}

/// A schema.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    pub namespace: u32,
    pub units: BTreeMap<Root, Unit>,
    pub edges: Vec<Edge>,
}

impl Scene {
    pub async fn read(session: &mut Session, namespace: u32) -> Result<Self> {
        let oid = i64::from(namespace);
        let query = sqlx::query(include_str!("objects.sql")).persistent(false).bind(oid);
        let units = query.fetch_all(session.connection()).await?;
        let units = units.iter().map(unit).collect::<Result<_>>()?;
        let query = sqlx::query(include_str!("edges.sql")).persistent(false).bind(oid);
        let edges = query.fetch_all(session.connection()).await?;
        Ok(Self { namespace, units, edges: edges.iter().map(edge).collect::<Result<_>>()? })
    }

    /// The end is in this schema.
    pub fn holds(&self, end: &End) -> bool {
        end.namespace == Some(self.namespace)
    }
}

/// A list of arguments without the name of a schema in front of types.
fn signature(arguments: &str, schema: &str) -> String {
    let prefix = format!("{schema}.");
    let (mut text, mut rest) = (String::new(), arguments);
    while let Some(at) = rest.find(&prefix) {
        let part_of_a_name = rest[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || "_$\".".contains(c));
        let end = at + prefix.len();
        text.push_str(if part_of_a_name { &rest[..end] } else { &rest[..at] });
        rest = &rest[end..];
    }
    text + rest
}

fn unit(row: &PgRow) -> Result<(Root, Unit)> {
    let kind: String = row.try_get("kind")?;
    let kind = MovableKind::of(&kind)
        .ok_or_else(|| ErrorKind::Internal { what: format!("the catalog query names an unknown kind, {kind}") })?;
    let root = (row.try_get("class")?, oid(row, "oid")?);
    let unit = Unit {
        root,
        kind,
        name: row.try_get("name")?,
        signature: row
            .try_get::<Option<String>, _>("arguments")?
            .map(|text| row.try_get::<String, _>("schema").map(|schema| signature(&text, &schema)))
            .transpose()?,
        arguments: row.try_get("arguments")?,
        owner: oid(row, "owner")?,
        owner_name: row.try_get("owner_name")?,
        own: row.try_get("own")?,
        parent: row.try_get::<Option<i64>, _>("parent")?.map(|oid| oid as u32),
        rows: row.try_get("rows")?,
        bytes: row.try_get("bytes")?,
        row_security: row.try_get("row_security")?,
        multirange: row.try_get("multirange")?,
        of_extension: row.try_get("of_extension")?,
    };
    Ok((root, unit))
}

fn edge(row: &PgRow) -> Result<Edge> {
    let end = |prefix: &str| -> Result<End> {
        let column = |name: &str| format!("{prefix}{name}");
        Ok(End {
            root: (row.try_get(column("class").as_str())?, oid(row, &column("oid"))?),
            namespace: row.try_get::<Option<i64>, _>(column("namespace").as_str())?.map(|oid| oid as u32),
            schema: row.try_get::<Option<String>, _>(column("schema").as_str())?.unwrap_or_default(),
            name: row.try_get(column("name").as_str())?,
        })
    };
    Ok(Edge { from: end("")?, how: row.try_get("how")?, to: end("on_")? })
}

fn oid(row: &PgRow, column: &str) -> Result<u32> {
    Ok(row.try_get::<i64, _>(column)? as u32)
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn the_name_of_the_schema_is_taken_out_of_arguments() {
        assert_eq!(signature("m a.mood, n data.x, VARIADIC a.span[]", "a"), "m mood, n data.x, VARIADIC span[]");
        assert_eq!(signature("m \"A b\".mood", "\"A b\""), "m mood");
        assert_eq!(signature("", "a"), "");
    }
}
