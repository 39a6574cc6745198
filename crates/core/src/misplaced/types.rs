//! What is found, and what is asked for.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a schema that is no tenant holds of tenants.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Misplaced {
    /// The schema that was looked at.
    pub schema: String,
    /// The surest first, then by tenant and name.
    pub found: Vec<Candidate>,
    /// The tenant with whose structure was compared, where something was.
    pub reference: Option<String>,
    /// How many tenants there are.
    pub tenants: u32,
    /// Milliseconds.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
}

/// An object that may belong to a tenant.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type), serde(rename = "MisplacedCandidate"))]
pub struct Candidate {
    /// Bare name.
    pub name: String,
    /// What it is.
    pub kind: MovableKind,
    /// How sure it is that the object belongs to [`Candidate::tenant`].
    pub certainty: Certainty,
    /// The schema of the tenant; none where several may be meant, or nobody.
    pub tenant: Option<String>,
    /// Display name of that tenant.
    pub tenant_name: Option<String>,
    /// What speaks for it.
    pub evidence: Vec<Clue>,
    /// What speaks against it, or keeps it from being sure.
    pub doubts: Vec<Clue>,
    /// Its owner.
    pub owner: String,
    /// Rows by the server's statistics; 0 for what has none.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: i64,
    /// Bytes of the table itself as of the last VACUUM or ANALYZE.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub size_bytes: i64,
}

/// How sure it is whose an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type), serde(rename = "MisplacedCertainty"))]
pub enum Certainty {
    /// Nothing else explains it.
    Sure,
    /// It looks so.
    Likely,
    /// It cannot be told.
    Unknown,
}

impl Certainty {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sure => "sure",
            Self::Likely => "likely",
            Self::Unknown => "unknown",
        }
    }
}

/// One thing that speaks for or against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type), serde(rename = "MisplacedClue"))]
pub struct Clue {
    /// Stable name, for translation.
    pub code: String,
    /// Names and numbers in the message.
    pub params: BTreeMap<String, String>,
    /// In English.
    pub message: String,
}

impl Clue {
    pub(super) fn new(code: &str, message: String, params: &[(&str, String)]) -> Self {
        let params = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Self { code: code.to_owned(), params, message }
    }
}

/// What can be moved by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum MovableKind {
    /// A function, procedure or aggregate.
    Routine,
    /// `create statistics`
    Statistics,
    /// A view.
    View,
    /// A materialised view.
    MaterializedView,
    /// A table, or a partition.
    Table,
    /// A partitioned table.
    PartitionedTable,
    /// A foreign table.
    ForeignTable,
    /// A sequence that belongs to no column.
    Sequence,
    /// A domain.
    Domain,
    /// An enumeration, a composite or a range type.
    Type,
}

impl MovableKind {
    /// The kind that `objects.sql` names.
    pub(super) fn of(name: &str) -> Option<Self> {
        const ALL: [MovableKind; 10] = [
            MovableKind::Routine,
            MovableKind::Statistics,
            MovableKind::View,
            MovableKind::MaterializedView,
            MovableKind::Table,
            MovableKind::PartitionedTable,
            MovableKind::ForeignTable,
            MovableKind::Sequence,
            MovableKind::Domain,
            MovableKind::Type,
        ];
        ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Routine => "routine",
            Self::Statistics => "statistics",
            Self::View => "view",
            Self::MaterializedView => "materialized_view",
            Self::Table => "table",
            Self::PartitionedTable => "partitioned_table",
            Self::ForeignTable => "foreign_table",
            Self::Sequence => "sequence",
            Self::Domain => "domain",
            Self::Type => "type",
        }
    }

    /// The word that `alter` wants.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::PartitionedTable => "table",
            Self::ForeignTable => "foreign table",
            Self::MaterializedView => "materialized view",
            other => other.name(),
        }
    }

    pub(super) fn is_table(self) -> bool {
        matches!(self, Self::Table | Self::PartitionedTable | Self::ForeignTable)
    }

    pub(super) fn is_view(self) -> bool {
        matches!(self, Self::View | Self::MaterializedView)
    }

    pub(super) fn is_type(self) -> bool {
        matches!(self, Self::Domain | Self::Type)
    }
}

/// What is to be moved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MoveRequest {
    /// Schema or display name of the tenant. A schema that holds no table yet may be named by its schema.
    pub tenant: String,
    /// The other schema, which is no tenant; `public` where nothing is said.
    pub other: Option<String>,
    /// Names of tables, views, sequences, types, routines as `name(arguments)`. What belongs to them goes along. When empty: what
    /// [`super::find()`] is sure of.
    pub objects: Vec<String>,
    /// With no objects named: also what is only likely.
    pub likely: bool,
    /// Out of the tenant, to the other schema.
    pub back: bool,
}
