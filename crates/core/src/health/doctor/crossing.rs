//! Objects that hold on to something in another tenant's schema.

use super::finding::listed;
use super::fleet::Fleet;
use super::{DoctorCheck, Finding, Level};
use crate::Result;
use crate::connection::Session;
use crate::shape;
use crate::sql::{Ident, Statement, literal};
use sqlx::Row;
use sqlx::postgres::PgRow;
use sqlx::postgres::types::Oid;
use std::collections::HashSet;

/// From one tenant into another it is an error. From a schema that is none a foreign key, default or trigger is a warning; a view or
/// function is a note, since reports over all tenants are made so. What is `explained`, a relation of `public` and the tenant that it
/// belongs to, is told by another check.
pub(super) async fn check(
    session: &mut Session,
    fleet: &Fleet,
    focus: &[u32],
    explained: &HashSet<(String, String)>,
) -> Result<Vec<Finding>> {
    let all: Vec<Oid> = fleet.oids().into_iter().map(Oid).collect();
    let focus: Vec<Oid> = focus.iter().copied().map(Oid).collect();
    let query = sqlx::query(include_str!("crossing.sql")).persistent(false).bind(&all).bind(&focus);
    let mut findings = Vec::new();
    for row in query.fetch_all(session.connection()).await? {
        let (schema, relation): (String, Option<String>) = (row.try_get("schema")?, row.try_get("relation")?);
        let is_explained = |relation| schema == "public" && explained.contains(&(relation, other(&row)));
        if !relation.is_some_and(is_explained) {
            findings.push(finding(&row, fleet)?);
        }
    }
    Ok(findings)
}

fn other(row: &PgRow) -> String {
    row.try_get("other").unwrap_or_default()
}

fn finding(row: &PgRow, fleet: &Fleet) -> Result<Finding> {
    let (schema, other): (String, String) = (row.try_get("schema")?, row.try_get("other")?);
    let (kind, described): (String, String) = (row.try_get("kind")?, row.try_get("described")?);
    let targets: Vec<String> = row.try_get("targets")?;
    let targets = listed(targets.iter().map(String::as_str));
    let definition: Option<String> = row.try_get("definition")?;
    let of_tenant = fleet.tenants.contains_key(&row.try_get::<Oid, _>("namespace")?.0);
    let reads = matches!(kind.as_str(), "view" | "materialized_view" | "function" | "rule");
    let level = match (of_tenant, reads) {
        (true, _) => Level::Error,
        (false, false) => Level::Warning,
        (false, true) => Level::Note,
    };
    let message = format!("{} holds on to another tenant, {other}: {targets}.", capital(&described));
    let code = if of_tenant { "crossing_tenant" } else { "crossing_outside" };
    let object = format!("{described} → {other}");
    let mut finding = Finding::new(DoctorCheck::Crossing, level, Some(&schema), &object, message)
        .code(code)
        .param("kind", kind.as_str())
        .param("object", described.as_str())
        .param("other", other.as_str())
        .param("targets", targets.as_str())
        .fact("depends_on", targets.as_str());
    if let Some(definition) = &definition {
        finding = finding.fact("definition", definition.as_str());
    }
    if !of_tenant {
        return Ok(finding);
    }
    let place = (schema.as_str(), other.as_str());
    let moved = if row.try_get("has_own")? { moved(row, &kind, place, definition.as_deref())? } else { None };
    match moved {
        Some(statements) => Ok(finding.repaired_by(statements)),
        None => match (
            kind.as_str(),
            row.try_get::<Option<String>, _>("relation")?,
            row.try_get::<Option<String>, _>("name")?,
        ) {
            // There is nothing of this tenant's own to hold on to.
            ("foreign_key" | "constraint", Some(table), Some(name)) => {
                let table = Ident::new(schema)?.qualify(&Ident::new(table)?);
                let drop = Statement::of(format_args!("alter table {table} drop constraint {}", Ident::new(name)?));
                Ok(finding.advice(&drop))
            }
            _ => Ok(finding),
        },
    }
}

/// The same object, holding on to what has the same name in its own schema.
fn moved(row: &PgRow, kind: &str, place: (&str, &str), definition: Option<&str>) -> Result<Option<Vec<Statement>>> {
    let (relation, name): (Option<String>, Option<String>) = (row.try_get("relation")?, row.try_get("name")?);
    let schema = Ident::new(place.0)?;
    let Some(own) = definition.and_then(|text| shape::in_schema(text, place.1, &schema)) else { return Ok(None) };
    // The server has printed the definition; only the name of the schema in it is another one now.
    let own = Statement::script(own);
    let Some(relation) = relation else { return Ok(None) };
    let table = schema.qualify(&Ident::new(relation)?);
    Ok(match (kind, name) {
        ("foreign_key" | "constraint", Some(name)) => {
            let name = Ident::new(name)?;
            Some(vec![
                Statement::of(format_args!("alter table {table} drop constraint {name}")),
                Statement::of(format_args!("alter table {table} add constraint {name} {own}")),
            ])
        }
        ("default", Some(column)) => {
            let column = Ident::new(column)?;
            Some(vec![Statement::of(format_args!("alter table {table} alter column {column} set default {own}"))])
        }
        ("trigger", _) => own
            .text()
            .strip_prefix("CREATE TRIGGER ")
            .map(|rest| vec![Statement::script(format!("CREATE OR REPLACE TRIGGER {rest}"))]),
        ("view", _) => {
            let options: Vec<String> = row.try_get("options")?;
            let options = options.iter().filter_map(|option| option.split_once('='));
            let options: Vec<String> = options
                .map(|(name, value)| Ok(format!("{} = {}", Ident::new(name)?, literal(value))))
                .collect::<Result<_>>()?;
            let with = if options.is_empty() { String::new() } else { format!("with ({}) ", options.join(", ")) };
            let query = own.text().trim_end().trim_end_matches(';');
            Some(vec![Statement::script(format!("create or replace view {table} {with}as {query}"))])
        }
        _ => None,
    })
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
