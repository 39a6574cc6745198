//! The window's own texts, so that a test finds what a person reads in either language.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The texts of one language.
pub struct Texts {
    spaces: BTreeMap<String, Value>,
    /// `en` or `fr`.
    pub language: &'static str,
}

impl Texts {
    /// Reads them from the interface's sources.
    ///
    /// # Panics
    /// When they are not there.
    pub fn of(language: &'static str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/i18n").join(language);
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let spaces = entries.map(|entry| {
            let path = entry.expect("the folder is read").path();
            let text = std::fs::read_to_string(&path).expect("the texts are read");
            let value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), value)
        });
        Self { spaces: spaces.collect(), language }
    }

    /// A text without variables: `connect:field.host`.
    ///
    /// # Panics
    /// When there is none.
    pub fn of_key(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// A text with its variables filled in. `count` chooses the plural.
    ///
    /// # Panics
    /// When there is none, or a variable is left.
    pub fn with(&self, key: &str, variables: &[(&str, &str)]) -> String {
        let (space, path) = key.split_once(':').unwrap_or_else(|| panic!("{key} names no file"));
        let count = variables.iter().find(|(name, _)| *name == "count").map(|(_, value)| *value);
        // None and one are singular in French, one alone in English.
        let one = matches!((self.language, count), (_, Some("1")) | ("fr", Some("0")));
        let path = match count {
            Some(_) => format!("{path}_{}", if one { "one" } else { "other" }),
            None => path.to_owned(),
        };
        let file = self.spaces.get(space).unwrap_or_else(|| panic!("there is no {space}.json"));
        let value = path.split('.').try_fold(file, |value, part| value.get(part)).and_then(Value::as_str);
        let mut text = value.unwrap_or_else(|| panic!("{space}.json has no text {path}")).to_owned();
        for (name, value) in variables {
            for form in [format!("{{{{{name}}}}}"), format!("{{{{{name}, number}}}}")] {
                text = text.replace(&form, value);
            }
        }
        assert!(!text.contains("{{"), "{key} wants more: {text}");
        text
    }
}
