//! Whether a row of a registry says that its tenant is in use.

use super::EntryState;
use super::table::{Column, Table};

/// What a column says by its value.
enum Meaning {
    /// True: in use.
    ActiveFlag,
    /// True: out of use.
    InactiveFlag,
    /// A word.
    Word,
    /// A moment: out of use since then.
    Since,
}

const ACTIVE: [&str; 4] = ["is_active", "active", "enabled", "is_enabled"];
const INACTIVE: [&str; 8] = [
    "is_disabled",
    "disabled",
    "is_suspended",
    "suspended",
    "is_archived",
    "archived",
    "is_deleted",
    "is_rgpd_deleted",
];
const WORDS: [&str; 4] = ["status", "state", "statut", "etat"];
const SINCE: [&str; 7] =
    ["deleted_at", "deactivated_at", "suspended_at", "archived_at", "disabled_at", "discarded_at", "closed_at"];

const WORDS_OF_USE: [&str; 8] = ["active", "enabled", "live", "trial", "actif", "active_trial", "provisioned", "ready"];
const WORDS_OUT_OF_USE: [&str; 14] = [
    "inactive",
    "disabled",
    "suspended",
    "archived",
    "deleted",
    "cancelled",
    "canceled",
    "closed",
    "deactivated",
    "inactif",
    "suspendu",
    "archive",
    "desactive",
    "ferme",
];

/// The columns of a table that say it.
pub(super) fn columns(table: &Table) -> Vec<&Column> {
    table.columns.iter().filter(|column| meaning(column).is_some()).collect()
}

fn meaning(column: &Column) -> Option<Meaning> {
    let name = column.name.as_str();
    let timestamp = matches!(column.data_type.as_str(), "timestamp" | "timestamptz" | "date");
    match () {
        () if column.is_boolean() && ACTIVE.contains(&name) => Some(Meaning::ActiveFlag),
        () if column.is_boolean() && INACTIVE.contains(&name) => Some(Meaning::InactiveFlag),
        () if timestamp && SINCE.contains(&name) => Some(Meaning::Since),
        // A word may also be a value of an enumeration, whose type has any name.
        () if !column.is_boolean() && !timestamp && WORDS.contains(&name) => Some(Meaning::Word),
        () => None,
    }
}

/// What these columns say together: one that puts the tenant out of use is enough.
pub(super) fn read<'a>(values: impl Iterator<Item = (&'a Column, Option<&'a str>)>) -> (EntryState, Option<String>) {
    let mut answer = (EntryState::Unsaid, None);
    for (column, value) in values {
        let Some(meaning) = meaning(column) else { continue };
        let (state, said) = match (meaning, value) {
            (Meaning::ActiveFlag, Some("t")) => (EntryState::Active, "true".to_owned()),
            (Meaning::ActiveFlag, Some("f")) => (EntryState::Inactive, "false".to_owned()),
            (Meaning::InactiveFlag, Some("t")) => (EntryState::Inactive, "true".to_owned()),
            (Meaning::InactiveFlag, Some("f")) => (EntryState::Active, "false".to_owned()),
            (Meaning::Since, Some(moment)) => (EntryState::Inactive, moment.to_owned()),
            (Meaning::Word, Some(word)) => (of_word(word), word.chars().take(60).collect()),
            _ => continue,
        };
        if state == EntryState::Inactive || (answer.0 == EntryState::Unsaid && state == EntryState::Active) {
            answer = (state, Some(format!("{} = {said}", column.name)));
        }
        if state == EntryState::Inactive {
            break;
        }
    }
    answer
}

/// What a word for a state means.
pub(crate) fn of_word(word: &str) -> EntryState {
    let word: String = word.trim().to_lowercase().replace(['é', 'è'], "e");
    match () {
        () if WORDS_OF_USE.contains(&word.as_str()) || matches!(word.as_str(), "t" | "true" | "yes") => {
            EntryState::Active
        }
        () if WORDS_OUT_OF_USE.contains(&word.as_str()) || matches!(word.as_str(), "f" | "false" | "no") => {
            EntryState::Inactive
        }
        () => EntryState::Unsaid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_languages_are_understood_and_others_say_nothing() {
        assert_eq!(of_word(" Active "), EntryState::Active);
        assert_eq!(of_word("Désactivé"), EntryState::Inactive);
        assert_eq!(of_word("suspendu"), EntryState::Inactive);
        assert_eq!(of_word("on hold"), EntryState::Unsaid);
    }
}
