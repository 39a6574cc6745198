//! What a person has said about which schemas are tenants.

use super::{RecognisedRegistry, RegistryKind};
use crate::tenant::glob;
use crate::{ErrorKind, Result};
use serde::{Deserialize, Serialize};

/// Which schemas are tenants. The default leaves everything to what is found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Rules {
    /// Only schemas that fit one of these patterns (`*`, `?`); empty for all.
    pub include: Vec<String>,
    /// Never schemas that fit one of these.
    pub exclude: Vec<String>,
    /// A `select` that names the tenants: a column `schema`, and where wanted `name`, `domain`, `state`.
    pub query: Option<String>,
    /// Which registry names, domains and states come from.
    pub registry: RegistryChoice,
    /// Only schemas that the registry names.
    pub registered_only: bool,
}

/// Which registry is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "choice", rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum RegistryChoice {
    /// The one that is recognised surely enough, when there is one.
    #[default]
    Auto,
    /// None, whatever is found.
    None,
    /// This one, however sure the recognition is.
    Named {
        /// Whose.
        kind: RegistryKind,
        /// Its table as `schema.table`; `None` takes the likeliest of that kind.
        table: Option<String>,
    },
}

impl Rules {
    /// Nothing was said.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Refuses what cannot mean anything.
    ///
    /// # Errors
    /// [`ErrorKind::RulesInvalid`]
    pub fn validate(&self) -> Result<()> {
        let invalid = |reason: &str| Err(ErrorKind::RulesInvalid { reason: reason.into() }.into());
        if self.include.iter().chain(&self.exclude).any(|pattern| pattern.trim().is_empty()) {
            return invalid("a pattern is empty");
        }
        if self.query.as_ref().is_some_and(|query| query.trim().is_empty()) {
            return invalid("the query is empty");
        }
        if self.registered_only && self.registry == RegistryChoice::None {
            return invalid("only what a registry names is wanted, and no registry");
        }
        Ok(())
    }

    /// The pattern that leaves a schema out.
    pub(crate) fn excluded_by(&self, schema: &str) -> Option<&str> {
        self.exclude.iter().find(|pattern| glob(pattern, schema)).map(String::as_str)
    }

    /// No pattern asks for anything else.
    pub(crate) fn includes(&self, schema: &str) -> bool {
        self.include.is_empty() || self.include.iter().any(|pattern| glob(pattern, schema))
    }

    /// The registry that these rules read among those that were recognised, the likeliest first.
    pub(super) fn choose(&self, recognised: &[RecognisedRegistry]) -> Option<usize> {
        match &self.registry {
            RegistryChoice::None => None,
            RegistryChoice::Auto => recognised.iter().position(RecognisedRegistry::is_sure),
            RegistryChoice::Named { kind, table } => {
                recognised.iter().position(|r| r.kind == *kind && table.as_ref().is_none_or(|table| *table == r.table))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(include: &[&str], exclude: &[&str]) -> Rules {
        let texts = |patterns: &[&str]| patterns.iter().map(|p| (*p).to_owned()).collect();
        Rules { include: texts(include), exclude: texts(exclude), ..Rules::default() }
    }

    #[test]
    fn without_a_pattern_every_schema_is_included_and_with_one_only_what_fits() {
        assert!(rules(&[], &[]).includes("anything"));
        assert!(rules(&["esn_*"], &[]).includes("esn_bretagne"));
        assert!(!rules(&["esn_*"], &[]).includes("shared"));
        assert_eq!(rules(&[], &["x", "sh*"]).excluded_by("shared"), Some("sh*"));
    }

    #[test]
    fn rules_that_cannot_mean_anything_are_refused() {
        assert!(rules(&[" "], &[]).validate().is_err());
        assert!(Rules { query: Some("\n".into()), ..Rules::default() }.validate().is_err());
        let nothing = Rules { registry: RegistryChoice::None, registered_only: true, ..Rules::default() };
        assert!(nothing.validate().is_err());
        assert!(rules(&["a"], &["b"]).validate().is_ok());
    }

    #[test]
    fn rules_come_back_from_their_json_and_unknown_ones_are_not_taken_for_nothing() {
        let named = RegistryChoice::Named { kind: RegistryKind::DjangoTenants, table: Some("public.client".into()) };
        let rules = Rules { registry: named, query: Some("select 1".into()), ..rules(&["a*"], &["b"]) };
        let text = serde_json::to_string(&rules).unwrap();
        assert_eq!(serde_json::from_str::<Rules>(&text).unwrap(), rules);
        assert!(serde_json::from_str::<Rules>(r#"{"of_the_future": 1}"#).is_err());
    }
}
