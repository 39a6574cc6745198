//! libpq's `options`: command-line switches for the server process, of which `-c name=value` is what people use.

use super::invalid;
use crate::Result;
use crate::connection::profile::is_setting_name;

/// Reads `-c name=value`, `-cname=value` and `--name=value`; a backslash keeps a space.
///
/// # Errors
/// Other switches, naming `setting` and never the text, which may be anybody's.
pub(super) fn parse(setting: &str, text: &str) -> Result<Vec<(String, String)>> {
    const FORM: &str = "only -c name=value is understood";
    let mut options: Vec<(String, String)> = Vec::new();
    let mut words = words(text).into_iter();
    while let Some(word) = words.next() {
        let (assignment, dashes) = if word == "-c" {
            (words.next().ok_or_else(|| invalid(setting, FORM))?, false)
        } else if let Some(rest) = word.strip_prefix("--") {
            (rest.to_owned(), true)
        } else if let Some(rest) = word.strip_prefix("-c") {
            (rest.to_owned(), false)
        } else {
            return Err(invalid(setting, FORM));
        };
        let (name, value) = assignment.split_once('=').ok_or_else(|| invalid(setting, FORM))?;
        // The server reads `--lock-timeout` as `lock_timeout`.
        let name = if dashes { name.replace('-', "_") } else { name.to_owned() };
        if !is_setting_name(&name) {
            return Err(invalid(setting, FORM));
        }
        options.retain(|(known, _)| !known.eq_ignore_ascii_case(&name));
        options.push((name, value.to_owned()));
    }
    Ok(options)
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => word.get_or_insert_default().extend(characters.next()),
            c if c.is_ascii_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_three_spellings_of_a_setting_mean_the_same() {
        let expected = vec![("lock_timeout".to_owned(), "5s".to_owned())];
        for text in ["-c lock_timeout=5s", " -clock_timeout=5s ", "--lock-timeout=5s", "-c  lock_timeout=5s"] {
            assert_eq!(parse("options", text).unwrap(), expected, "{text}");
        }
        assert_eq!(parse("options", "").unwrap(), vec![]);
    }

    #[test]
    fn a_list_keeps_its_spaces_and_the_last_value_wins() {
        let options = parse("options", r"-c search_path=x -c search_path=tenant_a,\ public").unwrap();
        assert_eq!(options, vec![("search_path".to_owned(), "tenant_a, public".to_owned())]);
    }

    #[test]
    fn other_switches_are_refused_without_repeating_them() {
        for text in ["-d 5", "-c", "-c secret", "c4nary", "-c 1a=b"] {
            let error = parse("PGOPTIONS", text).unwrap_err().to_string();
            assert!(error.contains("PGOPTIONS"));
            assert!(!error.contains("c4nary") && !error.contains("secret"));
        }
    }

    proptest! {
        #[test]
        fn any_value_survives_escaping(value in "[^\0]{0,20}") {
            let escaped: String = value
                .chars()
                .flat_map(|c| (c == '\\' || c.is_ascii_whitespace()).then_some('\\').into_iter().chain([c]))
                .collect();
            let options = parse("options", &format!("-c a.b={escaped} -c x=1")).unwrap();
            prop_assert_eq!(&options[0].1, &value);
            prop_assert_eq!(options.len(), 2);
        }
    }
}
