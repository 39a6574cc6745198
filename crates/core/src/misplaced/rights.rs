//! Rights on what moves: a role that works with a tenant's other tables shall be able to work with these.

use super::judge::listed;
use super::scene::RELATION;
use super::statements::Work;
use crate::Result;
use crate::connection::Session;
use crate::fleet::{Check, CheckLevel};
use crate::migration::is_book;
use crate::sql::{Ident, Statement};
use sqlx::Row;
use std::collections::{BTreeMap, BTreeSet};

/// PUBLIC among grantees.
const PUBLIC: &str = "";

type Granted = BTreeMap<String, BTreeSet<String>>;

/// A relation with its rights.
#[derive(Debug)]
struct Relation {
    oid: u32,
    name: String,
    sequence: bool,
    owner: String,
    granted: Granted,
}

/// The grants that are missing on what moves into a tenant, and what there is to say about rights. What leaves a tenant keeps its rights.
pub(super) async fn given(session: &mut Session, work: &Work) -> Result<(Vec<Statement>, Vec<Check>)> {
    let relations = read(session, work.way.from.1).await?;
    let oids: BTreeSet<u32> =
        work.pieces.iter().filter(|(class, ..)| *class == RELATION).map(|(_, oid, ..)| *oid).collect();
    let moved: Vec<&Relation> = relations.iter().filter(|relation| oids.contains(&relation.oid)).collect();
    let there = read(session, work.way.to.1).await?;
    let mut checks = Vec::new();
    if work.way.back {
        let message = "Rights and owners stay as they are.".to_owned();
        checks.push(Check::new(CheckLevel::Ok, "move_rights_stay", message, &[]));
        return Ok((Vec::new(), checks));
    }
    let usual = [false, true].map(|sequences| usual(&there, sequences));
    let future = future(session, work.way.to.1).await?;
    let to = Ident::new(work.way.to.0.as_str())?;
    let mut statements = Vec::new();
    let (mut gets, mut others) = (BTreeSet::new(), BTreeSet::new());
    for relation in &moved {
        let expected = merged(&usual[usize::from(relation.sequence)], &future[usize::from(relation.sequence)]);
        let nothing = BTreeSet::new();
        for (grantee, privileges) in
            expected.iter().filter(|(grantee, _)| *grantee != PUBLIC && **grantee != relation.owner)
        {
            let has = relation.granted.get(grantee).unwrap_or(&nothing);
            let missing: Vec<String> = privileges.difference(has).map(|p| p.to_lowercase()).collect();
            // Who writes the books of a migration tool is decided by whoever migrates.
            if missing.is_empty() || is_book(&relation.name) {
                continue;
            }
            let kind = if relation.sequence { "sequence" } else { "table" };
            let (name, role) = (to.qualify(&Ident::new(relation.name.as_str())?), Ident::new(grantee.as_str())?);
            statements.push(Statement::of(format_args!("grant {} on {kind} {name} to {role}", missing.join(", "))));
            gets.insert(grantee.clone());
        }
        for grantee in relation.granted.keys().filter(|grantee| !expected.contains_key(*grantee)) {
            others.insert((if grantee == PUBLIC { "PUBLIC" } else { grantee }.to_owned(), relation.name.clone()));
        }
    }
    if !gets.is_empty() {
        let roles = listed(&gets.into_iter().collect::<Vec<_>>());
        let message = format!("{roles} may do with them what they may do with the tenant's other tables.");
        checks.push(Check::new(CheckLevel::Ok, "move_grants", message, &[("roles", roles)]));
    }
    if !others.is_empty() {
        let grantees: BTreeSet<String> = others.iter().map(|(grantee, _)| grantee.clone()).collect();
        let objects: BTreeSet<String> = others.into_iter().map(|(_, object)| object).collect();
        let (roles, objects) =
            (listed(&grantees.into_iter().collect::<Vec<_>>()), listed(&objects.into_iter().collect::<Vec<_>>()));
        let message = format!("{roles} keeps rights on {objects}, unlike on the tenant's other tables.");
        checks.push(Check::new(CheckLevel::Warning, "move_others", message, &[("roles", roles), ("objects", objects)]));
    }
    checks.extend(owners(work, &there));
    Ok((statements, checks))
}

/// Owners that are not the one of everything else in the tenant.
fn owners(work: &Work, there: &[Relation]) -> Option<Check> {
    let owners: BTreeSet<&str> = there.iter().map(|relation| relation.owner.as_str()).collect();
    let mut one = owners.iter();
    let (Some(expected), None) = (one.next(), one.next()) else { return None };
    let other = work.moved.iter().filter(|unit| unit.owner_name != *expected);
    let names: Vec<String> = other.map(|unit| format!("{} ({})", unit.shown(), unit.owner_name)).collect();
    if names.is_empty() {
        return None;
    }
    let objects = listed(&names);
    let message = format!(
        "Owners stay: {objects}; the rest of the tenant belongs to {expected}. The doctor's check ownership changes that."
    );
    Some(Check::new(
        CheckLevel::Warning,
        "move_owners",
        message,
        &[("objects", objects), ("expected", (*expected).to_owned())],
    ))
}

/// What each role may do with most relations of a kind.
fn usual(relations: &[Relation], sequences: bool) -> Granted {
    let those: Vec<&Relation> = relations.iter().filter(|r| r.sequence == sequences && !is_book(&r.name)).collect();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for relation in &those {
        for (grantee, privileges) in &relation.granted {
            for privilege in privileges {
                *counts.entry((grantee, privilege)).or_default() += 1;
            }
        }
    }
    let mut usual = Granted::new();
    for ((grantee, privilege), _) in counts.into_iter().filter(|(_, count)| count * 2 > those.len()) {
        usual.entry(grantee.to_owned()).or_default().insert(privilege.to_owned());
    }
    usual
}

fn merged(one: &Granted, other: &Granted) -> Granted {
    let mut all = one.clone();
    for (grantee, privileges) in other {
        all.entry(grantee.clone()).or_default().extend(privileges.iter().cloned());
    }
    all
}

async fn read(session: &mut Session, namespace: u32) -> Result<Vec<Relation>> {
    let query = sqlx::query(include_str!("rights.sql")).persistent(false).bind(i64::from(namespace));
    let rows = query.fetch_all(session.connection()).await?;
    let relation = |row: &sqlx::postgres::PgRow| {
        let (grantees, privileges): (Vec<String>, Vec<String>) = (row.try_get("grantees")?, row.try_get("privileges")?);
        let mut granted = Granted::new();
        for (grantee, privilege) in grantees.into_iter().zip(privileges) {
            granted.entry(grantee).or_default().insert(privilege);
        }
        Ok(Relation {
            oid: row.try_get::<i64, _>("oid")? as u32,
            name: row.try_get("name")?,
            sequence: row.try_get::<String, _>("kind")? == "S",
            owner: row.try_get("owner")?,
            granted,
        })
    };
    rows.iter().map(relation).collect()
}

/// What new tables, and new sequences, of the schema would be granted.
async fn future(session: &mut Session, namespace: u32) -> Result<[Granted; 2]> {
    let query = sqlx::query(include_str!("future.sql")).persistent(false).bind(i64::from(namespace));
    let mut future = [Granted::new(), Granted::new()];
    for row in query.fetch_all(session.connection()).await? {
        let sequences = row.try_get::<String, _>("kind")? == "S";
        let of = future[usize::from(sequences)].entry(row.try_get("grantee")?).or_default();
        of.insert(row.try_get("privilege")?);
    }
    Ok(future)
}
