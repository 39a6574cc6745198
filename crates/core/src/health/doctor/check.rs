//! The closed list of checks.

use serde::{Deserialize, Serialize};

/// A check of the doctor. Its name is part of the command line's contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum DoctorCheck {
    /// `search_path` of roles and of the database.
    SearchPath,
    /// `search_path` that functions set.
    FunctionPath,
    /// Functions that run with their owner's rights and look names up where the caller wants.
    Definer,
    /// Roles with rights on tables of a schema that they may not use.
    Usage,
    /// Tables that a role may not use, unlike the other tables beside them, and unlike the same tables elsewhere.
    TableGrants,
    /// Sequences that a role needs to insert and may not use.
    SequenceGrants,
    /// Roles that may use every table there is, and would not be granted the next one.
    DefaultPrivileges,
    /// A tenant's role with rights in another tenant.
    Isolation,
    /// Rights that everybody has in a tenant.
    PublicRights,
    /// Objects whose owner is not that of the others.
    Ownership,
    /// Objects that hold on to another tenant's.
    Crossing,
    /// Tables in `public` that belong to a tenant.
    Misplaced,
    /// Everybody may create objects in `public`.
    PublicCreate,
    /// Sequences whose next value is taken already.
    SequenceBehind,
    /// Indexes that no query uses and every write pays for.
    IndexInvalid,
    /// Constraints that older rows were never checked against.
    ConstraintUnchecked,
    /// A pooler that shares sessions by transaction.
    Pooler,
    /// The largest tenant against the server's table of locks.
    LockBudget,
    /// Dead rows in the system's catalogs.
    CatalogBloat,
    /// How far the database is from the end of its transaction numbers.
    Wraparound,
    /// The registry against the schemas.
    Registry,
    /// Domains that lead nowhere, or to two tenants.
    Domains,
}

impl DoctorCheck {
    /// All of them, in the order of a report.
    pub const ALL: [Self; 22] = [
        Self::SearchPath,
        Self::FunctionPath,
        Self::Definer,
        Self::Usage,
        Self::TableGrants,
        Self::SequenceGrants,
        Self::DefaultPrivileges,
        Self::Isolation,
        Self::PublicRights,
        Self::Ownership,
        Self::Crossing,
        Self::Misplaced,
        Self::PublicCreate,
        Self::SequenceBehind,
        Self::IndexInvalid,
        Self::ConstraintUnchecked,
        Self::Pooler,
        Self::LockBudget,
        Self::CatalogBloat,
        Self::Wraparound,
        Self::Registry,
        Self::Domains,
    ];

    /// The name in JSON and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::SearchPath => "search_path",
            Self::FunctionPath => "function_path",
            Self::Definer => "definer",
            Self::Usage => "usage",
            Self::TableGrants => "table_grants",
            Self::SequenceGrants => "sequence_grants",
            Self::DefaultPrivileges => "default_privileges",
            Self::Isolation => "isolation",
            Self::PublicRights => "public_rights",
            Self::Ownership => "ownership",
            Self::Crossing => "crossing",
            Self::Misplaced => "misplaced",
            Self::PublicCreate => "public_create",
            Self::SequenceBehind => "sequence_behind",
            Self::IndexInvalid => "index_invalid",
            Self::ConstraintUnchecked => "constraint_unchecked",
            Self::Pooler => "pooler",
            Self::LockBudget => "lock_budget",
            Self::CatalogBloat => "catalog_bloat",
            Self::Wraparound => "wraparound",
            Self::Registry => "registry",
            Self::Domains => "domains",
        }
    }

    /// The check of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.name() == name)
    }

    /// Why it matters, in English.
    pub fn why(self) -> &'static str {
        match self {
            Self::SearchPath => {
                "A schema that does not exist is passed over in silence: names are then found, and tables created, in the \
                 next schema of the list, which may be public or another tenant's."
            }
            Self::FunctionPath => {
                "A function looks its names up where its setting says, whoever calls it: in nothing, or in another \
                 tenant's tables."
            }
            Self::Definer => {
                "A SECURITY DEFINER function has its owner's rights. Without a search_path of its own it finds whatever \
                 object its caller has put in front, and runs it with those rights."
            }
            Self::Usage => "Without USAGE on the schema nothing in it can be reached, whatever rights its tables give.",
            Self::TableGrants => {
                "A table that was made later, or by hand, is missing for whoever works with the others."
            }
            Self::SequenceGrants => {
                "Each INSERT that leaves the number to its default fails with \"permission denied for sequence\"."
            }
            Self::DefaultPrivileges => {
                "The next migration that creates a table leaves it unreadable for this role, until somebody grants it by hand."
            }
            Self::Isolation => "A tenant's role can read, or change, another tenant's data.",
            Self::PublicRights => "PUBLIC is every role of the server, those of all other tenants included.",
            Self::Ownership => {
                "Only its owner can change or drop an object: a migration that another role runs fails there. An owner \
                 can also read and change everything in it, whatever rights were given."
            }
            Self::Crossing => {
                "Two tenants that hold on to each other cannot be dropped, moved or restored alone, and one may read or block \
                 the other's rows."
            }
            Self::Misplaced => {
                "The tenant does not find them, or finds them only because public is in its search_path: there other tenants may read \
                 them, backups and exports of the tenant leave them out, and migrations make them a second time."
            }
            Self::PublicCreate => {
                "Any role can put a table or a function into public, which is in nearly every search_path: other people's \
                 statements find it."
            }
            Self::SequenceBehind => {
                "The next INSERT takes a number that a row already has and fails with \"duplicate key\", or goes in a \
                 second time where nothing forbids that."
            }
            Self::IndexInvalid => {
                "What a failed CREATE INDEX CONCURRENTLY leaves behind is kept up by every write and used by no query; a \
                 unique one does not keep duplicates out."
            }
            Self::ConstraintUnchecked => {
                "Rows that were there before may contradict it; the planner does not rely on it."
            }
            Self::Pooler => {
                "In transaction mode the next statement may reach a session whose search_path is another tenant's: it reads \
                 and writes there without an error."
            }
            Self::LockBudget => {
                "A backup, a drop or a migration of this tenant locks all of its relations at once. When the server's table of locks \
                 is full, it fails with \"out of shared memory\", and so does what others do at that moment."
            }
            Self::CatalogBloat => {
                "Every statement looks into the catalogs. Creating and dropping tenants leaves dead rows there that make \
                 each of them slower, until VACUUM has removed them."
            }
            Self::Wraparound => {
                "A database that runs out of transaction numbers refuses every change until VACUUM has frozen its oldest rows."
            }
            Self::Registry => "A tenant that only one side knows is migrated, backed up or routed to by half.",
            Self::Domains => "A request for such a domain reaches nobody, or the wrong tenant.",
        }
    }

    /// It looks at the server or the database, not at single tenants.
    pub(super) fn is_database_wide(self) -> bool {
        matches!(self, Self::PublicCreate | Self::Pooler | Self::LockBudget | Self::CatalogBloat | Self::Wraparound)
    }
}
