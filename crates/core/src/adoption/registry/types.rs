//! What a registry says about tenants.

use serde::{Deserialize, Serialize};

/// Whose registry it is. A closed list: each is recognised by its columns and keys, not by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum RegistryKind {
    /// Cadastre's own.
    Cadastre,
    /// A person's query.
    Query,
    /// django-tenants: a table with `schema_name`, and a table of domains that leads to it.
    DjangoTenants,
    /// django-tenant-schemas, its predecessor: `schema_name` and `domain_url` in one table.
    DjangoTenantSchemas,
    /// PeproScolaire: schools with `schema_name` and `subdomain`.
    PeproScolaire,
    /// stancl/tenancy for Laravel: `tenants` with `data` as JSON, and `domains`.
    Stancl,
    /// apartment for Rails: a model whose column holds the names of the schemas.
    Apartment,
    /// Any other table with a column that holds the names of the schemas.
    Listed,
}

impl RegistryKind {
    /// Those that can be chosen by name.
    pub const RECOGNISED: [Self; 6] = [
        Self::DjangoTenants,
        Self::DjangoTenantSchemas,
        Self::PeproScolaire,
        Self::Stancl,
        Self::Apartment,
        Self::Listed,
    ];

    /// The stable name, as on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Cadastre => "cadastre",
            Self::Query => "query",
            Self::DjangoTenants => "django_tenants",
            Self::DjangoTenantSchemas => "django_tenant_schemas",
            Self::PeproScolaire => "pepro_scolaire",
            Self::Stancl => "stancl",
            Self::Apartment => "apartment",
            Self::Listed => "listed",
        }
    }
}

/// How sure the recognition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum Confidence {
    /// Worth a look; used only where a person says so.
    Possible,
    /// Its structure fits, and some of its rows name schemas that exist.
    Likely,
    /// Its structure is the framework's own, and most of its rows name schemas that exist.
    Certain,
}

/// A registry that was recognised, and what it says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RecognisedRegistry {
    /// Whose.
    pub kind: RegistryKind,
    /// `schema.table` that holds the tenants.
    pub table: String,
    /// `schema.table` that holds their domains.
    pub domains_table: Option<String>,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why.
    pub evidence: Vec<RegistryEvidence>,
    /// Its schema, which is then no tenant.
    #[serde(skip)]
    pub(crate) schema: String,
    /// By schema; every one of them once.
    #[serde(skip)]
    pub entries: Vec<SourceEntry>,
}

impl RecognisedRegistry {
    /// Sure enough to be used without being asked for.
    pub fn is_sure(&self) -> bool {
        self.confidence > Confidence::Possible && !self.is_unreadable()
    }

    /// The role may not read it, or the server did not answer in time.
    pub fn is_unreadable(&self) -> bool {
        self.evidence
            .iter()
            .any(|e| matches!(e, RegistryEvidence::NotReadable { .. } | RegistryEvidence::ReadFailed { .. }))
    }
}

/// Why a table is taken for a registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum RegistryEvidence {
    /// The table has these columns.
    Columns {
        /// `schema.table`
        table: String,
        /// Comma-separated.
        columns: String,
    },
    /// A table of domains leads to it by a foreign key.
    Domains {
        /// `schema.table`
        table: String,
        /// The column with the key.
        column: String,
    },
    /// So many of its rows name a schema that exists.
    Rows {
        /// Rows, but for the one that stands for what tenants share.
        rows: u32,
        /// Those whose schema exists.
        matched: u32,
    },
    /// One row stands for what tenants share.
    SharedRow {
        /// Its schema.
        schema: String,
    },
    /// Schemas are named by the row's key, with something before and after it.
    Naming {
        /// Before the key.
        prefix: String,
        /// After it.
        suffix: String,
    },
    /// Schemas are named like the values, but for case or hyphens.
    Folded {
        /// The column.
        column: String,
    },
    /// Tenants hold the table in which this framework notes its migrations.
    Histories {
        /// Its name.
        table: String,
        /// In how many schemas.
        schemas: u32,
    },
    /// The role may not read the table.
    NotReadable {
        /// `schema.table`
        table: String,
    },
    /// Reading it failed.
    ReadFailed {
        /// What the server said.
        reason: String,
    },
    /// It has more rows than are read.
    TooLong {
        /// So many are read at most.
        limit: u32,
    },
}

impl std::fmt::Display for RegistryEvidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Columns { table, columns } => write!(f, "{table} has the columns {columns}."),
            Self::Domains { table, column } => write!(f, "{table} holds domains and leads to it by {column}."),
            Self::Rows { rows: 0, .. } => write!(f, "It has no row."),
            Self::Rows { rows, matched } => write!(f, "{matched} of {rows} rows name a schema that exists."),
            Self::SharedRow { schema } => write!(f, "The row {schema} stands for what tenants share."),
            Self::Naming { prefix, suffix } => write!(f, "Schemas are named {prefix}<id>{suffix}."),
            Self::Folded { column } => {
                write!(f, "Schemas are named like the values of {column}, but for case or hyphens.")
            }
            Self::Histories { table, schemas } => write!(f, "{schemas} schemas hold a table {table}."),
            Self::NotReadable { table } => write!(f, "This role may not read {table}."),
            Self::ReadFailed { reason } => write!(f, "It could not be read: {reason}"),
            Self::TooLong { limit } => write!(f, "It has more than {limit} rows; the rest was not read."),
        }
    }
}

/// What a registry says about one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SourceEntry {
    /// As the registry spells it.
    pub schema: String,
    /// Display name.
    pub name: Option<String>,
    /// The primary one first.
    pub domains: Vec<SourceDomain>,
    /// Whether the registry has it in use.
    pub state: EntryState,
    /// Where the state comes from, for example `is_active = false`.
    pub state_from: Option<String>,
    /// What kind of tenant (lycée, trial …), as the registry says it.
    pub kind: Option<String>,
    /// More of what the registry says, in the order of its columns.
    pub fields: Vec<SourceField>,
    /// Whose registry says so.
    pub registry: RegistryKind,
    /// `schema.table` that says so; empty for a query.
    pub table: String,
}

/// A name under which a tenant is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SourceDomain {
    /// For example `lycee-hugo.example.org`.
    pub domain: String,
    /// The one that is meant where only one can be shown.
    pub primary: bool,
}

/// Whether a registry has a tenant in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum EntryState {
    /// In use.
    Active,
    /// Put out of use.
    Inactive,
    /// The registry does not say.
    Unsaid,
}

/// A column of a registry and its value for one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SourceField {
    /// The column.
    pub name: String,
    /// As text.
    pub value: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_wire() {
        for kind in RegistryKind::RECOGNISED.into_iter().chain([RegistryKind::Cadastre, RegistryKind::Query]) {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
    }
}
