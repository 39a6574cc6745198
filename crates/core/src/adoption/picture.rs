//! What is found in a database, for a person who decides: tenants and why, what registries say, what does not fit together.

use super::registry::RegistryKind;
use super::survey::{Alike, Convention, RulesSuggestion, Survey};
use super::{Answers, Named, RecognisedRegistry, Rules, SchemaVerdict, saved, survey, verdict};
use crate::Result;
use crate::connection::{Database, Purpose};
use crate::local::Home;
use crate::tenant::{self, Found, TenantState};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::time::Instant;

/// The picture of a database under some rules.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Picture {
    /// The rules that it was made with.
    pub rules: Rules,
    /// Rules are kept for this database.
    pub saved: bool,
    /// By schema.
    pub tenants: Vec<SchemaLine>,
    /// Schemas that are no tenants, but for the system's.
    pub left_out: Vec<SchemaLine>,
    /// How many tenants Cadastre's own registry has entries of; `None` where there is none that this role may read.
    pub own_entries: Option<u32>,
    /// The other registry that is used.
    pub registry: Option<RecognisedRegistry>,
    /// What else was recognised, the surest first.
    pub others: Vec<RecognisedRegistry>,
    /// Tenants that a registry or the query names and that have no schema.
    pub registry_only: Vec<Orphan>,
    /// Tenants that no registry names; empty without a registry.
    pub schema_only: Vec<Orphan>,
    /// Schemas with the same tables, the most first.
    pub alike: Vec<Alike>,
    /// In which schemas which framework notes its migrations.
    pub conventions: Vec<Convention>,
    /// How the tenants could be narrowed down.
    pub suggestions: Vec<RulesSuggestion>,
    /// Milliseconds that reading took.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
}

/// One schema.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SchemaLine {
    /// `pg_namespace.nspname`
    pub schema: String,
    /// Display name.
    pub name: String,
    /// Why it is a tenant, or none.
    pub reason: SchemaVerdict,
    /// Whether anybody can use it.
    pub state: TenantState,
    /// The primary one first.
    pub domains: Vec<String>,
    /// How many tables.
    pub tables: u32,
    /// Which of the groups of [`Picture::alike`] it belongs to.
    pub alike: Option<u32>,
    /// Whose registry names it.
    pub registry: Option<RegistryKind>,
}

/// A tenant that is only in one of the two places.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Orphan {
    /// As that place spells it.
    pub schema: String,
    /// Display name.
    pub name: String,
    /// The primary one first.
    pub domains: Vec<String>,
    /// How many tables; 0 where there is no schema.
    pub tables: u32,
    /// The other place has the same name in another case.
    pub differs_in_case: Option<String>,
}

/// Looks at a database as it would be under these rules, or under those that it follows. Changes nothing.
///
/// # Errors
/// [`crate::ErrorKind::RulesInvalid`], [`crate::ErrorKind::RulesQueryFailed`].
pub async fn look(home: &Home, database: &Database, rules: Option<Rules>) -> Result<Picture> {
    let started = Instant::now();
    if let Some(rules) = &rules {
        rules.validate()?;
    }
    let mut session = database.session(Purpose::Catalog).await?;
    if let Some(rules) = rules {
        session.follow(rules.into());
    }
    let rules = session.rules();
    let grounds = tenant::grounds(&mut session).await?;
    let mut answers = super::answer(&mut session, &grounds, true).await?;
    let survey = survey::read(&mut session, &grounds).await?;
    session.close().await;

    let named = Named::by(&answers);
    let reasons: Vec<SchemaVerdict> = grounds.iter().map(|ground| verdict(ground, &rules, &answers, &named)).collect();
    let existing: HashSet<String> = grounds.iter().map(|g| g.found.summary.schema.clone()).collect();
    let found: Vec<Found> = tenant::with_entries(grounds, &answers);
    let (mut tenants, mut left_out) = (Vec::new(), Vec::new());
    for (found, reason) in found.iter().zip(reasons) {
        let line = line(found, reason, &survey);
        if line.reason.is_tenant() { tenants.push(line) } else { left_out.push(line) }
    }
    let (registry_only, schema_only) = orphans(&answers, &tenants, &existing);
    let misspelt = schema_only.iter().filter(|orphan| orphan.differs_in_case.is_some());
    let misspelt: Vec<&str> = misspelt.map(|orphan| orphan.schema.as_str()).collect();
    let suggestions = survey.suggestions(&tenants, &misspelt, &rules);
    let used = answers.used.map(|index| answers.registries.remove(index));
    Ok(Picture {
        saved: saved::is_saved(home, database).await?,
        rules: (*rules).clone(),
        tenants,
        left_out,
        own_entries: answers.own.as_ref().map(|own| own.len() as u32),
        registry: used,
        others: answers.registries,
        registry_only,
        schema_only,
        alike: survey.alike,
        conventions: survey.conventions,
        suggestions,
        duration_ms: started.elapsed().as_millis() as u64,
    })
}

fn line(found: &Found, reason: SchemaVerdict, survey: &Survey) -> SchemaLine {
    let summary = &found.summary;
    SchemaLine {
        alike: survey.group_of(summary.oid),
        reason,
        schema: summary.schema.clone(),
        name: summary.name.clone(),
        state: summary.state,
        domains: summary.domains.clone(),
        tables: summary.tables,
        registry: found.source.as_ref().map(|entry| entry.registry),
    }
}

fn orphans(answers: &Answers, tenants: &[SchemaLine], existing: &HashSet<String>) -> (Vec<Orphan>, Vec<Orphan>) {
    let entries = answers.entries();
    let folded = |names: &mut dyn Iterator<Item = &str>| -> HashMap<String, String> {
        names.map(|name| (name.to_lowercase(), name.to_owned())).collect()
    };
    let (schemas, rows) = (folded(&mut existing.iter().map(String::as_str)), folded(&mut entries.keys().copied()));
    let mut registry_only: Vec<Orphan> = entries
        .values()
        .filter(|entry| !existing.contains(&entry.schema))
        .map(|entry| Orphan {
            schema: entry.schema.clone(),
            name: entry.name.clone().unwrap_or_else(|| entry.schema.clone()),
            domains: entry.domains.iter().map(|d| d.domain.clone()).collect(),
            tables: 0,
            differs_in_case: schemas.get(&entry.schema.to_lowercase()).cloned(),
        })
        .collect();
    registry_only.sort_by(|a, b| a.schema.cmp(&b.schema));
    let said = answers.own.is_some() || answers.registry().is_some_and(|registry| !registry.is_unreadable());
    let unnamed = tenants.iter().filter(|line| said && line.registry.is_none());
    let schema_only = unnamed
        .map(|line| Orphan {
            schema: line.schema.clone(),
            name: line.name.clone(),
            domains: Vec::new(),
            tables: line.tables,
            differs_in_case: rows.get(&line.schema.to_lowercase()).cloned(),
        })
        .collect();
    (registry_only, schema_only)
}
