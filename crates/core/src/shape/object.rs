//! What a shape is made of: objects with named properties.

use super::neutral::{Form, Neutral};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// An enum whose variants have a stable name, the same in catalog queries, fingerprints and JSON.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "specta", derive(specta::Type))]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// The stable name, as on the wire.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            pub(super) fn of_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

named! {
    /// What an object is. The order is the one in which objects are listed, and created where nothing else decides.
    ObjectKind {
        /// The schema itself; only its grants are compared.
        Schema = "schema",
        /// A collation, operator, text search object …: compared by name alone.
        Other = "other",
        /// `create type … as enum`
        Enum = "enum",
        /// `create domain`
        Domain = "domain",
        /// A check of a domain.
        DomainConstraint = "domain_constraint",
        /// `create type … as (…)`
        CompositeType = "composite_type",
        /// `create type … as range`
        RangeType = "range_type",
        /// A sequence that is not an identity column's.
        Sequence = "sequence",
        /// A table, partitioned or not.
        Table = "table",
        /// A foreign table.
        ForeignTable = "foreign_table",
        /// A column of a table.
        Column = "column",
        /// The default of a column.
        Default = "default",
        /// `create function`
        Function = "function",
        /// `create procedure`
        Procedure = "procedure",
        /// `create aggregate`
        Aggregate = "aggregate",
        /// `create view`
        View = "view",
        /// `create materialized view`
        MaterializedView = "materialized_view",
        /// A column of a view that has a comment or grants of its own.
        ViewColumn = "view_column",
        /// An index that backs no constraint.
        Index = "index",
        /// Primary key, unique, check, exclusion or foreign key.
        Constraint = "constraint",
        /// `create statistics`
        Statistics = "statistics",
        /// A rewrite rule.
        Rule = "rule",
        /// A trigger.
        Trigger = "trigger",
        /// A row security policy.
        Policy = "policy",
    }
}

named! {
    /// What is compared of an object.
    Property {
        /// Type with its modifier.
        DataType = "data_type",
        /// Collation, where it is not the type's own.
        Collation = "collation",
        /// `not null`
        NotNull = "not_null",
        /// `always` or `by default`.
        Identity = "identity",
        /// Name of the sequence behind an identity column.
        IdentitySequence = "identity_sequence",
        /// Parameters of that sequence.
        IdentityParameters = "identity_parameters",
        /// Expression of a generated column, and whether it is stored.
        Generated = "generated",
        /// Compression method.
        Compression = "compression",
        /// Storage, where it is not the type's own.
        Storage = "storage",
        /// Statistics target.
        Statistics = "statistics",
        /// Storage parameters.
        Options = "options",
        /// Labels of an enumeration in order.
        Labels = "labels",
        /// Default of a domain.
        DefaultValue = "default_value",
        /// Name of the multirange type of a range type.
        Multirange = "multirange",
        /// Parameters of a sequence.
        Parameters = "parameters",
        /// The column that a sequence belongs to.
        OwnedBy = "owned_by",
        /// `unlogged`
        Persistence = "persistence",
        /// Which columns the replication log shows.
        ReplicaIdentity = "replica_identity",
        /// Row security on, and for the owner too.
        RowSecurity = "row_security",
        /// `partition by`
        PartitionKey = "partition_key",
        /// The partitioned table above.
        PartitionOf = "partition_of",
        /// `for values`
        PartitionBound = "partition_bound",
        /// Parents.
        Inherits = "inherits",
        /// The composite type that makes the columns.
        OfType = "of_type",
        /// Foreign server and options.
        Server = "server",
        /// The text that makes the object.
        Definition = "definition",
        /// Text of a function.
        Body = "body",
        /// `invalid` for an index that was never finished.
        Validity = "validity",
        /// `clustered`
        Clustered = "clustered",
        /// Whether a trigger or rule fires.
        Enabled = "enabled",
        /// `permissive` or `restrictive`.
        Mode = "mode",
        /// The command that a policy is for.
        Command = "command",
        /// Roles that a policy is for.
        Roles = "roles",
        /// Rows that a policy shows.
        UsingExpression = "using_expression",
        /// Rows that a policy lets in.
        CheckExpression = "check_expression",
        /// The comment.
        Comment = "comment",
        /// Grants to others than the owner.
        Grants = "grants",
        /// Place among the columns of the table.
        Position = "position",
        /// Owner; never compared.
        Owner = "owner",
        /// Arguments and result of a function; part of its definition.
        Result = "result",
        /// Language of a function; part of its definition.
        Language = "language",
        /// It came from the parent of its table, and stands with that.
        Inherited = "inherited",
    }
}

impl Property {
    /// What kind of text it is, which decides how the schema's own name is found in it.
    pub(super) fn form(self) -> Form {
        use Property::*;
        match self {
            DataType | Collation | Generated | DefaultValue | OwnedBy | PartitionKey | PartitionOf | PartitionBound
            | Inherits | OfType | Definition | UsingExpression | CheckExpression | Result => Form::Expression,
            Body => Form::Body,
            Roles | Grants => Form::Roles,
            _ => Form::Plain,
        }
    }
}

/// What makes two shapes equal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Options {
    /// Columns in another order are a difference. No SQL repairs that without rewriting the table, and no program that
    /// names its columns sees it, so it is not asked by default.
    pub column_order: bool,
    /// Grants to others than the owner are compared.
    pub grants: bool,
}

impl Options {
    /// Whether this property takes part.
    pub fn compares(self, property: Property) -> bool {
        match property {
            Property::Owner | Property::Result | Property::Language | Property::Inherited => false,
            Property::Position => self.column_order,
            Property::Grants => self.grants,
            _ => true,
        }
    }
}

/// Which object: unique in its schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// What it is.
    pub kind: ObjectKind,
    /// The relation or domain that it is a part of.
    pub parent: Option<String>,
    /// Bare name; empty for the schema itself.
    pub name: String,
    /// Arguments that identify a function; the sort of an [`ObjectKind::Other`].
    pub arguments: Option<Neutral>,
}

/// An object of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Which.
    pub id: ObjectId,
    /// What it is like. Absent is what PostgreSQL does by default.
    pub properties: BTreeMap<Property, Neutral>,
}

impl Object {
    /// The text of a property.
    pub fn get(&self, property: Property) -> Option<&Neutral> {
        self.properties.get(&property)
    }

    /// A property as text, with placeholders for the names of the schema and its owner.
    pub(crate) fn text(&self, property: Property) -> Option<&str> {
        self.raw(property)
    }

    /// What counts when a property is compared: the parents of a table are a set. `pg_dump` does not keep their order, and columns
    /// have places of their own.
    pub(super) fn compared(&self, property: Property) -> Option<Cow<'_, str>> {
        let text = self.raw(property)?;
        if property != Property::Inherits || !text.contains(", ") {
            return Some(Cow::Borrowed(text));
        }
        let mut parents: Vec<&str> = text.split(", ").collect();
        parents.sort_unstable();
        Some(Cow::Owned(parents.join(", ")))
    }

    pub(super) fn raw(&self, property: Property) -> Option<&str> {
        self.properties.get(&property).map(Neutral::raw)
    }
}

/// The normalised structure of one schema.
#[derive(Debug, Clone)]
pub struct Shape {
    /// The schema it was read from.
    pub schema: String,
    /// Owner of the schema.
    pub owner: String,
    /// The role that read it.
    pub reader: String,
    /// By id.
    pub objects: BTreeMap<ObjectId, Object>,
    /// What tables have from their parents; it counts only where a table loses them.
    pub(super) inherited: BTreeMap<ObjectId, Object>,
    /// `(x, y)`: x needs y.
    pub(super) needs: BTreeSet<(ObjectId, ObjectId)>,
}

/// The migration tool's own table.
pub(crate) const HISTORY: &str = "_sqlx_migrations";

impl Shape {
    /// A schema without anything in it.
    pub(crate) fn empty(schema: &str, owner: &str) -> Self {
        let (schema, owner) = (schema.to_owned(), owner.to_owned());
        let (objects, inherited, needs) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { schema, owner, reader: String::new(), objects, inherited, needs }
    }

    /// What tables have from their parents.
    pub(crate) fn inherited_objects(&self) -> impl Iterator<Item = &Object> {
        self.inherited.values()
    }

    /// `(x, y)`: x needs y.
    pub(crate) fn needs(&self) -> impl Iterator<Item = (&ObjectId, &ObjectId)> {
        self.needs.iter().map(|(one, other)| (one, other))
    }

    /// The shape without some of its objects.
    pub(crate) fn without(&self, taken: impl Fn(&ObjectId) -> bool) -> Self {
        let mut shape = self.clone();
        shape.objects.retain(|id, _| !taken(id));
        shape.inherited.retain(|id, _| !taken(id));
        shape.needs.retain(|(one, other)| !taken(one) && !taken(other));
        shape
    }

    /// The shape as it is compared with others: without the migration history.
    pub(crate) fn without_history(&self) -> Self {
        self.without(|id| id.parent.as_deref() == Some(HISTORY) || (id.kind == ObjectKind::Table && id.name == HISTORY))
    }
}
