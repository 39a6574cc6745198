//! What tells a person who does not know a database which of its schemas belong together.

use super::{Ground, Rules, SchemaLine};
use crate::Result;
use crate::connection::Session;
use serde::Serialize;
use sqlx::Row;
use std::collections::{BTreeMap, HashMap};

/// Schemas with the same tables, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Alike {
    /// How many tables each has.
    pub tables: u32,
    /// How many schemas.
    pub schemas: u32,
    /// The first of them.
    pub example: String,
}

/// A framework that notes its migrations in the schemas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Convention {
    /// For example `Rails`, `Ecto`, `Django`.
    pub framework: String,
    /// Its table.
    pub table: String,
    /// In how many schemas.
    pub schemas: u32,
}

/// A way to narrow the tenants down. Nothing of it happens by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RulesSuggestion {
    /// Why, and which way.
    pub kind: RulesSuggestionKind,
    /// A pattern to include, or patterns to leave out.
    pub patterns: Vec<String>,
    /// How many schemas it is about: that fit, that refer to it, that are not alike.
    pub schemas: u32,
}

/// Why a suggestion is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum RulesSuggestionKind {
    /// Include: these schemas share the beginning of their name.
    Prefix,
    /// Leave out: foreign keys of several schemas lead there, as to lookups that tenants share.
    Shared,
    /// Leave out: most schemas have the same tables, and these have others.
    Odd,
}

/// Tables in which frameworks note their migrations.
const HISTORIES: [(&str, &str); 10] = [
    ("ar_internal_metadata", "Rails"),
    ("schema_migrations", "Rails"),
    ("django_migrations", "Django"),
    ("_sqlx_migrations", "sqlx"),
    ("alembic_version", "Alembic"),
    ("flyway_schema_history", "Flyway"),
    ("databasechangelog", "Liquibase"),
    ("_prisma_migrations", "Prisma"),
    ("knex_migrations", "Knex"),
    ("__EFMigrationsHistory", "Entity Framework"),
];

/// Suggestions of a kind that are made at most.
const MOST: usize = 6;

pub(super) struct Survey {
    pub alike: Vec<Alike>,
    pub conventions: Vec<Convention>,
    groups: HashMap<u32, u32>,
    /// Of how many schemas foreign keys lead there, by OID.
    referred: HashMap<u32, u32>,
    oids: HashMap<String, u32>,
}

/// Three catalog queries, whatever the number of schemas.
pub(super) async fn read(session: &mut Session, grounds: &[Ground]) -> Result<Survey> {
    let possible = || grounds.iter().filter(|ground| ground.never.is_none()).map(|ground| &ground.found.summary);
    let oids: Vec<i64> = possible().map(|summary| i64::from(summary.oid)).collect();
    let names: HashMap<u32, &str> = possible().map(|summary| (summary.oid, summary.schema.as_str())).collect();
    let rows = sqlx::query(include_str!("alike.sql")).bind(&oids).persistent(false);
    let mut same: HashMap<String, (u32, Vec<u32>)> = HashMap::new();
    for row in rows.fetch_all(session.connection()).await? {
        let group = same.entry(row.try_get("names")?).or_default();
        group.0 = row.try_get::<i32, _>("tables")? as u32;
        group.1.push(row.try_get::<i64, _>("namespace")? as u32);
    }
    let name = |oid: &u32| names.get(oid).copied().unwrap_or_default();
    let mut same: Vec<(u32, Vec<u32>)> = same.into_values().collect();
    same.iter_mut().for_each(|(_, members)| members.sort_by_key(|oid| name(oid)));
    same.sort_by_key(|(_, members)| (std::cmp::Reverse(members.len()), members.first().map(name)));
    let groups =
        same.iter().enumerate().flat_map(|(index, (_, members))| members.iter().map(move |oid| (*oid, index as u32)));
    let groups = groups.collect();
    let alike = same.iter().map(|(tables, members)| Alike {
        tables: *tables,
        schemas: members.len() as u32,
        example: members.first().map(name).unwrap_or_default().to_owned(),
    });
    let alike = alike.collect();

    let rows = sqlx::query(include_str!("references.sql")).bind(&oids).persistent(false);
    let rows = rows.fetch_all(session.connection()).await?;
    let referred = rows
        .iter()
        .map(|row| Ok((row.try_get::<i64, _>("namespace")? as u32, row.try_get::<i32, _>("schemas")? as u32)));
    let referred = referred.collect::<Result<_, sqlx::Error>>()?;

    let tables: Vec<&str> = HISTORIES.iter().map(|(table, _)| *table).collect();
    let rows = sqlx::query(include_str!("conventions.sql")).bind(&oids).bind(&tables).persistent(false);
    let mut conventions = Vec::new();
    for row in rows.fetch_all(session.connection()).await? {
        let (table, ecto): (String, bool) = (row.try_get("name")?, row.try_get("ecto")?);
        let framework = HISTORIES.iter().find(|(name, _)| *name == table).map_or("", |(_, framework)| framework);
        let framework = if ecto && table == "schema_migrations" { "Ecto" } else { framework };
        let schemas = row.try_get::<i32, _>("schemas")? as u32;
        conventions.push(Convention { framework: framework.to_owned(), table, schemas });
    }
    let oids = names.iter().map(|(oid, name)| ((*name).to_owned(), *oid)).collect();
    Ok(Survey { alike, conventions, groups, referred, oids })
}

impl Survey {
    pub fn group_of(&self, oid: u32) -> Option<u32> {
        self.groups.get(&oid).copied()
    }

    /// What could be said in one word about the tenants of now.
    pub fn suggestions(&self, tenants: &[SchemaLine], misspelt: &[&str], rules: &Rules) -> Vec<RulesSuggestion> {
        let mut made = Vec::new();
        let shared = tenants.iter().filter_map(|line| {
            let schemas = *self.referred.get(self.oids.get(&line.schema)?)?;
            (schemas >= 2).then_some((line, schemas))
        });
        let mut shared: Vec<(&SchemaLine, u32)> = shared.collect();
        shared.sort_by_key(|(line, schemas)| (std::cmp::Reverse(*schemas), line.schema.clone()));
        made.extend(shared.iter().take(MOST).map(|(line, schemas)| RulesSuggestion {
            kind: RulesSuggestionKind::Shared,
            patterns: vec![line.schema.clone()],
            schemas: *schemas,
        }));
        made.extend(self.odd(tenants, misspelt));
        if rules.include.is_empty() {
            made.extend(prefixes(tenants));
        }
        made
    }

    /// Where most tenants have the same tables: those whose tables nobody else has.
    fn odd(&self, tenants: &[SchemaLine], misspelt: &[&str]) -> Option<RulesSuggestion> {
        let mut sizes: HashMap<u32, usize> = HashMap::new();
        for group in tenants.iter().filter_map(|line| line.alike) {
            *sizes.entry(group).or_default() += 1;
        }
        let most = sizes.values().copied().max().unwrap_or_default();
        if most < 3 || most * 2 < tenants.len() {
            return None;
        }
        // A named one is a tenant, however it is built.
        let odd = tenants.iter().filter(|line| line.registry.is_none() && !misspelt.contains(&line.schema.as_str()));
        let odd = odd.filter(|line| line.alike.is_some_and(|group| sizes.get(&group) == Some(&1)));
        let patterns: Vec<String> = odd.map(|line| line.schema.clone()).collect();
        let schemas = patterns.len() as u32;
        (schemas > 0 && schemas <= 50).then_some(RulesSuggestion { kind: RulesSuggestionKind::Odd, patterns, schemas })
    }
}

/// Beginnings that three names or more share, but not all.
fn prefixes(tenants: &[SchemaLine]) -> Vec<RulesSuggestion> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for prefix in tenants.iter().filter_map(|line| prefix(&line.schema)) {
        *counts.entry(prefix).or_default() += 1;
    }
    let mut counts: Vec<(String, u32)> =
        counts.into_iter().filter(|(_, count)| *count >= 3 && (*count as usize) < tenants.len()).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(MOST);
    let suggestion = |(prefix, schemas)| {
        let patterns = vec![format!("{prefix}*")];
        RulesSuggestion { kind: RulesSuggestionKind::Prefix, patterns, schemas }
    };
    counts.into_iter().map(suggestion).collect()
}

/// `esn_` of `esn_bretagne`, `tenant` of `tenant12`.
fn prefix(name: &str) -> Option<String> {
    let cut = name.char_indices().find(|(_, c)| matches!(c, '_' | '-' | '.') || c.is_ascii_digit());
    let (index, found) = cut?;
    let end = if found.is_ascii_digit() { index } else { index + found.len_utf8() };
    // Patterns know no way to write these two as such.
    let prefix = &name[..end];
    (prefix.len() >= 2 && !prefix.contains(['*', '?'])).then(|| prefix.to_owned())
}

#[cfg(test)]
mod tests {
    use super::prefix;

    #[test]
    fn the_beginning_of_a_name_ends_at_a_separator_or_a_digit() {
        assert_eq!(prefix("esn_bretagne").as_deref(), Some("esn_"));
        assert_eq!(prefix("tenant12").as_deref(), Some("tenant"));
        assert_eq!(prefix("école-nord").as_deref(), Some("école-"));
        assert_eq!(prefix("shared"), None);
        assert_eq!(prefix("_x"), None);
    }
}
