//! `template.toml`: what a folder of migrations says about itself.

use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};

/// Contents of `template.toml`; every part may be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Header {
    /// Title by language.
    pub title: Text,
    /// One sentence by language.
    pub description: Text,
    /// Schemas that follow the tenant's in `search_path`, for extensions installed elsewhere.
    pub search_path: Vec<String>,
    /// Schemas that the migrations may change besides the tenant's, for tables that all tenants share.
    pub touches: Vec<String>,
    /// A file of data that every new tenant starts with.
    pub seed: Option<String>,
}

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
}

impl Header {
    pub(super) fn parse(file: &str, text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|e| {
            Error::new(ErrorKind::MigrationFileInvalid { file: file.to_owned(), reason: e.message().to_owned() })
        })
    }
}
