//! Which schemas are tenants, and why: the one place that decides it.

use super::registry::{Schemas, Wanted, recognise};
use super::{RecognisedRegistry, RegistryChoice, RegistryEntry, Rules, query};
use crate::connection::Session;
use crate::tenant::Found;
use crate::{ErrorKind, Result};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// A schema as the catalogs show it, before anybody has said whether it is a tenant.
#[derive(Debug)]
pub(crate) struct Ground {
    /// What a list would show.
    pub found: Found,
    /// What makes it no tenant, whatever the rules say.
    pub never: Option<SchemaVerdict>,
    /// A table is in it that belongs to no extension.
    pub holds_table: bool,
    /// `ar_internal_metadata` is in it.
    pub rails: bool,
}

/// What the rules of a session found out.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// Everything that was recognised, the surest first.
    pub registries: Vec<RecognisedRegistry>,
    /// The one that is used.
    pub used: Option<usize>,
    /// What the person's query named.
    pub queried: Option<Vec<RegistryEntry>>,
}

impl Answers {
    /// The registry whose word counts.
    pub fn registry(&self) -> Option<&RecognisedRegistry> {
        self.registries.get(self.used?)
    }

    /// What is said about each schema; a person's query comes before a registry.
    pub fn entries(&self) -> HashMap<&str, RegistryEntry> {
        let of_registry = self.registry().into_iter().flat_map(|registry| &registry.entries);
        let mut entries: HashMap<&str, RegistryEntry> =
            of_registry.map(|entry| (entry.schema.as_str(), entry.clone())).collect();
        for entry in self.queried.iter().flatten() {
            let known = entries.remove(entry.schema.as_str());
            entries.insert(&entry.schema, over(entry, known));
        }
        entries
    }
}

/// The schemas that somebody names.
pub(crate) struct Named<'a> {
    queried: Option<HashSet<&'a str>>,
    registered: HashSet<&'a str>,
}

impl<'a> Named<'a> {
    pub fn by(answers: &'a Answers) -> Self {
        let names = |entries: &'a [RegistryEntry]| entries.iter().map(|entry| entry.schema.as_str()).collect();
        Self {
            queried: answers.queried.as_deref().map(names),
            registered: answers.registry().map(|registry| names(&registry.entries)).unwrap_or_default(),
        }
    }
}

/// What a query leaves unsaid, the registry may know.
fn over(entry: &RegistryEntry, known: Option<RegistryEntry>) -> RegistryEntry {
    let Some(known) = known else { return entry.clone() };
    let said = entry.state != super::EntryState::Unsaid;
    RegistryEntry {
        name: entry.name.clone().or(known.name),
        domains: if entry.domains.is_empty() { known.domains } else { entry.domains.clone() },
        state: if said { entry.state } else { known.state },
        state_from: if said { entry.state_from.clone() } else { known.state_from },
        registry: if entry.name.is_none() && !said { known.registry } else { entry.registry },
        table: if entry.name.is_none() && !said { known.table } else { entry.table.clone() },
        schema: known.schema,
        kind: known.kind,
        fields: known.fields,
    }
}

/// Reads what the session's rules ask for.
///
/// # Errors
/// [`ErrorKind::RulesQueryFailed`]; [`ErrorKind::NoRegistryReadable`] when only registered schemas are wanted and no registry can be
/// read: that would make a database without a tenant of it.
pub(crate) async fn answer(session: &mut Session, grounds: &[Ground], everything: bool) -> Result<Answers> {
    let rules = session.rules();
    let mut answers = Answers::default();
    if everything || rules.registry != RegistryChoice::None {
        let schemas = Schemas {
            all: grounds.iter().map(|g| g.found.summary.schema.as_str()).collect(),
            possible: grounds.iter().filter(|g| g.never.is_none() && g.holds_table).count(),
            rails: grounds.iter().filter(|g| g.rails && g.never.is_none()).count() as u32,
        };
        let named = matches!(rules.registry, RegistryChoice::Named { .. });
        let wanted = if everything || named { Wanted::Everything } else { Wanted::Likeliest };
        answers.registries = recognise(session, &schemas, wanted).await?;
        answers.used = rules.choose(&answers.registries);
    }
    if let Some(text) = &rules.query {
        answers.queried = Some(query::run(session, text).await?);
    }
    if rules.registered_only && !everything && answers.registry().is_none_or(RecognisedRegistry::is_unreadable) {
        return Err(ErrorKind::NoRegistryReadable.into());
    }
    Ok(answers)
}

/// Why a schema is a tenant, or is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum SchemaVerdict {
    /// A tenant: it holds tables.
    HoldsTables,
    /// A tenant: the registry names it.
    Registered,
    /// A tenant: the query names it.
    Queried,
    /// `public`.
    Public,
    /// Cadastre's own.
    Cadastre,
    /// A dropped tenant.
    Quarantined,
    /// It belongs to an extension.
    Extension,
    /// It holds no table of its own.
    NoTable,
    /// It holds the registry.
    HoldsRegistry,
    /// A pattern leaves it out.
    Excluded {
        /// Which.
        pattern: String,
    },
    /// It fits no pattern.
    NotIncluded,
    /// The query does not name it.
    NotQueried,
    /// The registry does not name it, and only registered schemas are wanted.
    NotRegistered,
}

impl SchemaVerdict {
    /// The schema is a tenant.
    pub fn is_tenant(&self) -> bool {
        matches!(self, Self::HoldsTables | Self::Registered | Self::Queried)
    }
}

impl std::fmt::Display for SchemaVerdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::HoldsTables => "holds tables",
            Self::Registered => "the registry names it",
            Self::Queried => "the query names it",
            Self::Public => "public is what tenants share",
            Self::Cadastre => "Cadastre's own",
            Self::Quarantined => "in quarantine",
            Self::Extension => "belongs to an extension",
            Self::NoTable => "holds no table of its own",
            Self::HoldsRegistry => "holds the registry",
            Self::Excluded { pattern } => return write!(f, "left out by {pattern}"),
            Self::NotIncluded => "fits no pattern",
            Self::NotQueried => "the query does not name it",
            Self::NotRegistered => "the registry does not name it",
        })
    }
}

/// Whether a schema is a tenant: the one place that decides it.
pub(crate) fn verdict(ground: &Ground, rules: &Rules, answers: &Answers, named: &Named<'_>) -> SchemaVerdict {
    if let Some(never) = &ground.never {
        return never.clone();
    }
    let schema = ground.found.summary.schema.as_str();
    if let Some(pattern) = rules.excluded_by(schema) {
        return SchemaVerdict::Excluded { pattern: pattern.to_owned() };
    }
    let queried = named.queried.as_ref().map(|queried| queried.contains(schema));
    let registered = named.registered.contains(schema);
    match queried {
        Some(false) => return SchemaVerdict::NotQueried,
        None if rules.registered_only && !registered => return SchemaVerdict::NotRegistered,
        _ => {}
    }
    if !rules.includes(schema) {
        return SchemaVerdict::NotIncluded;
    }
    match queried {
        Some(true) => SchemaVerdict::Queried,
        _ if answers.registry().is_some_and(|registry| registry.schema == schema) => SchemaVerdict::HoldsRegistry,
        _ if registered => SchemaVerdict::Registered,
        _ if ground.holds_table => SchemaVerdict::HoldsTables,
        _ => SchemaVerdict::NoTable,
    }
}
