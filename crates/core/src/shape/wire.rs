//! Changes as the window and `--json` see them.

use super::diff::{Change, Difference};
use super::object::{ObjectId, ObjectKind, Property};
use serde::{Serialize, Serializer};
use std::fmt;

/// A [`Change`] that has left core: codes, not sentences, so that the window can say it in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct WireChange {
    /// What the object is.
    pub kind: ObjectKind,
    /// The table, view or domain that it is a part of.
    pub parent: Option<String>,
    /// Its name, with arguments for a function.
    pub name: String,
    /// `added`, `removed` or `changed`, seen from the reference.
    pub change: String,
    /// What is not the same.
    pub property: Option<Property>,
    /// In the reference.
    pub before: Option<String>,
    /// In the other.
    pub after: Option<String>,
}

impl From<&Change> for WireChange {
    fn from(change: &Change) -> Self {
        let (property, before, after) = match &change.difference {
            Difference::Changed { property, before, after } => (Some(*property), before.as_ref(), after.as_ref()),
            Difference::Added | Difference::Removed => (None, None, None),
        };
        Self {
            kind: change.object.kind,
            parent: change.object.parent.clone(),
            name: change.object.display_name(),
            change: change.difference.code().to_owned(),
            property,
            before: before.map(ToString::to_string),
            after: after.map(ToString::to_string),
        }
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WireChange::from(self).serialize(serializer)
    }
}

impl Difference {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed { .. } => "changed",
        }
    }
}

impl ObjectId {
    /// Name, with arguments for a function.
    pub fn display_name(&self) -> String {
        match &self.arguments {
            Some(arguments) if self.kind == ObjectKind::Other => format!("{arguments} {}", self.name),
            Some(arguments) => format!("{}({arguments})", self.name),
            None => self.name.clone(),
        }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.code().replace('_', " ");
        match &self.parent {
            Some(parent) => write!(f, "{kind} {parent}.{}", self.display_name()),
            // What sort it is stands with its name.
            None if self.kind == ObjectKind::Other => f.write_str(&self.display_name()),
            None => write!(f, "{kind} {}", self.display_name()),
        }
    }
}
