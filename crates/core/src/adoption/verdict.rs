//! Which schemas are tenants, and why: the one place that decides it.

use super::registry::{Schemas, Wanted, recognise};
use super::{RecognisedRegistry, RegistryChoice, Rules, SourceEntry, own, query};
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
    /// What Cadastre's own registry says, where there is one that the role may read.
    pub own: Option<Vec<SourceEntry>>,
    /// Everything else that was recognised, the surest first.
    pub registries: Vec<RecognisedRegistry>,
    /// The one that is used.
    pub used: Option<usize>,
    /// What the person's query named.
    pub queried: Option<Vec<SourceEntry>>,
}

impl Answers {
    /// The registry whose word counts.
    pub fn registry(&self) -> Option<&RecognisedRegistry> {
        self.registries.get(self.used?)
    }

    /// What is said about each schema: first by Cadastre's own registry, then by a person's query, then by another registry.
    pub fn entries(&self) -> HashMap<&str, SourceEntry> {
        let of_registry = self.registry().into_iter().flat_map(|registry| &registry.entries);
        let mut entries: HashMap<&str, SourceEntry> =
            of_registry.map(|entry| (entry.schema.as_str(), entry.clone())).collect();
        for entry in self.queried.iter().flatten().chain(self.own.iter().flatten()) {
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
        let names = |entries: &'a [SourceEntry]| -> HashSet<&'a str> {
            entries.iter().map(|entry| entry.schema.as_str()).collect()
        };
        Self {
            queried: answers.queried.as_deref().map(names),
            registered: names(answers.registry().map(|registry| registry.entries.as_slice()).unwrap_or_default())
                .into_iter()
                .chain(names(answers.own.as_deref().unwrap_or_default()))
                .collect(),
        }
    }
}

/// What the first leaves unsaid, the other may know.
fn over(entry: &SourceEntry, known: Option<SourceEntry>) -> SourceEntry {
    let Some(known) = known else { return entry.clone() };
    let said = entry.state != super::EntryState::Unsaid;
    SourceEntry {
        name: entry.name.clone().or(known.name),
        domains: if entry.domains.is_empty() { known.domains } else { entry.domains.clone() },
        state: if said { entry.state } else { known.state },
        state_from: if said { entry.state_from.clone() } else { known.state_from },
        registry: if entry.name.is_none() && !said { known.registry } else { entry.registry },
        table: if entry.name.is_none() && !said { known.table } else { entry.table.clone() },
        schema: known.schema,
        kind: entry.kind.clone().or(known.kind),
        fields: known.fields,
    }
}

/// Reads what the session's rules ask for.
///
/// # Errors
/// [`ErrorKind::RulesQueryFailed`]; [`ErrorKind::RulesNeedRegistry`] when only registered schemas are wanted and no registry can be
/// read: that would make a database without a tenant of it.
pub(crate) async fn answer(session: &mut Session, grounds: &[Ground], everything: bool) -> Result<Answers> {
    let rules = session.rules();
    let mut answers = Answers::default();
    if grounds.iter().any(|ground| ground.never == Some(SchemaVerdict::Cadastre)) {
        answers.own = own::read(session).await?;
    }
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
    let unreadable = answers.registry().is_none_or(RecognisedRegistry::is_unreadable);
    if rules.registered_only && !everything && answers.own.is_none() && unreadable {
        return Err(ErrorKind::RulesNeedRegistry.into());
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
