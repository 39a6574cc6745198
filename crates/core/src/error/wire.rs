//! The error as the window and `--json` see it.

use super::Error;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An error that has left core. Holds no secret and no row data: messages name objects, not contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct WireError {
    /// Stable name of what happened, for example `schema_name_taken`.
    pub code: String,
    /// The names that the message mentions.
    pub params: BTreeMap<String, String>,
    /// The message in English.
    pub message: String,
    /// The server's own second sentence.
    pub detail: Option<String>,
    /// What to do about it, in English.
    pub hint: Option<String>,
    /// The server's SQLSTATE.
    pub sqlstate: Option<String>,
    /// The causes, outermost first.
    pub causes: Vec<String>,
}

impl From<&Error> for WireError {
    fn from(error: &Error) -> Self {
        let kind = serde_json::to_value(error.kind()).unwrap_or_default();
        let params = kind.get("params").and_then(|p| p.as_object()).map(|params| {
            params
                .iter()
                .map(|(name, value)| {
                    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    (name.clone(), text)
                })
                .collect()
        });
        Self {
            code: error.kind().code(),
            params: params.unwrap_or_default(),
            message: error.to_string(),
            detail: error.detail_text().map(str::to_owned),
            hint: error.hint_text(),
            sqlstate: error.sqlstate().map(str::to_owned),
            causes: error.causes(),
        }
    }
}

impl From<Error> for WireError {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn the_wire_form_names_code_and_params() {
        let error = Error::new(ErrorKind::SchemaNameTooLong { name: "x".into(), bytes: 64 });
        let wire = WireError::from(&error);
        assert_eq!(wire.code, "schema_name_too_long");
        assert_eq!(wire.params["bytes"], "64");
        assert!(wire.message.contains("64 bytes"));
    }
}
