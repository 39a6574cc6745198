//! Names of sheets and files that every program and file system accepts.

use super::text;
use sha2::{Digest, Sha256};
use std::collections::HashSet;

/// UTF-16 units of a sheet's name.
const LONGEST: usize = 31;

/// Cadastre's own sheets; a table of such a name gets another one.
pub(super) const RESERVED: [&str; 5] = ["_manifest", "_overflow", "_structure", "_checks", "history"];

/// A continuation of one of Cadastre's own sheets.
pub(super) fn own_continuation(own: &str, part: u32) -> String {
    format!("{own} ({part})")
}

/// Such a name, in whatever case.
fn is_own(name: &str) -> bool {
    let name = name.to_lowercase();
    let rest = RESERVED.iter().find_map(|own| name.strip_prefix(own)?.strip_prefix(" (")?.strip_suffix(')'));
    rest.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Hands out sheet names, unique whatever their case.
#[derive(Debug)]
pub(super) struct SheetNames {
    taken: HashSet<String>,
}

impl SheetNames {
    pub(super) fn new() -> Self {
        // Excel keeps "History" for itself.
        Self { taken: RESERVED.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// The name of a table's first sheet.
    pub(super) fn table(&mut self, table: &str) -> String {
        let clean = clean(table);
        (1..)
            .map(|n| if n == 1 { with_suffix(&clean, "") } else { with_suffix(&clean, &format!("~{n}")) })
            .find(|name| self.take(name))
            .unwrap_or_default()
    }

    /// The name of a table's second, third … sheet.
    pub(super) fn continuation(&mut self, table: &str, part: u32) -> String {
        let clean = clean(table);
        (1..)
            .map(|n| {
                if n == 1 {
                    with_suffix(&clean, &format!(" ({part})"))
                } else {
                    with_suffix(&clean, &format!("~{n} ({part})"))
                }
            })
            .find(|name| self.take(name))
            .unwrap_or_default()
    }

    fn take(&mut self, name: &str) -> bool {
        !is_own(name) && self.taken.insert(name.to_lowercase())
    }
}

/// Replaces what Excel refuses in a sheet name: `: \ / ? * [ ]`, control characters, an apostrophe at an end.
fn clean(table: &str) -> String {
    let mut name: Vec<char> = table
        .chars()
        .map(|c| match c {
            ':' | '\\' | '/' | '?' | '*' | '[' | ']' | '\u{fffe}' | '\u{ffff}' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .collect();
    let last = name.len().saturating_sub(1);
    for end in [0, last] {
        if name.get(end) == Some(&'\'') {
            name[end] = '_';
        }
    }
    let name: String = name.into_iter().collect();
    if name.trim().is_empty() { "_".into() } else { name }
}

fn with_suffix(name: &str, suffix: &str) -> String {
    let head = text::cut(name, LONGEST - text::units(suffix));
    // A cut may leave an apostrophe or a space at the end.
    let head = head.trim_end_matches(['\'', ' ']);
    format!("{}{suffix}", if head.is_empty() { "_" } else { head })
}

/// The file name of a schema's workbook, without a folder.
pub(super) fn file_name(schema: &str) -> String {
    format!("{}.xlsx", stem(schema, 4))
}

/// The name of the folder with a schema's files; `layout` tells it from those of other layouts.
pub(super) fn folder_name(schema: &str, tables: &[String], layout: &str) -> String {
    let workbook = if tables.is_empty() { file_name(schema) } else { partial_file_name(schema, tables) };
    format!("{}-{layout}", workbook.strip_suffix(".xlsx").unwrap_or(&workbook))
}

/// Names of the files of a schema's tables, in their order.
pub(super) fn table_file_names<'t>(tables: impl Iterator<Item = &'t str>, extension: &str) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut names = Vec::new();
    for table in tables {
        // Somebody may have looked for two names with the same mark.
        let unique =
            [4, 8, 16, 32].into_iter().map(|bytes| stem(table, bytes)).find(|name| taken.insert(name.to_lowercase()));
        names.push(format!("{}.{extension}", unique.unwrap_or_default()));
    }
    names
}

/// Letters whose upper case is that of no other letter, and that are written in one way only.
fn is_plain(c: char) -> bool {
    c.is_ascii() && !c.is_ascii_uppercase() && c != '~' || matches!(c, 'à'..='ö' | 'ø'..='ÿ' | 'œ')
}

/// A name without an ending that every file system takes, and takes for no other. A name that some of them would refuse, or
/// would take for another one, is made safe and marked with so many bytes of its digest.
fn stem(name: &str, mark: usize) -> String {
    let safe: String = name
        .chars()
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .collect();
    let safe = safe.trim_start_matches(['.', ' ', '-', '~']).trim_end_matches(['.', ' ']);
    let first = safe.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let device = matches!(first.as_str(), "con" | "prn" | "aux" | "nul" | "conin$" | "conout$")
        || ["com", "lpt"].iter().any(|d| first.strip_prefix(d).is_some_and(|n| n.chars().count() == 1));
    // Upper and lower case are the same file on Windows and macOS, and so are an accent and its letter apart or in one.
    // The workbook of an export of many tenants is called so.
    let fleet = safe.strip_prefix("fleet-").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if safe == name && !device && !fleet && !safe.is_empty() && name.chars().all(is_plain) {
        return safe.to_owned();
    }
    let mark: String = Sha256::digest(name.as_bytes()).iter().take(mark).map(|b| format!("{b:02x}")).collect();
    let lead = if device || safe.is_empty() { "_" } else { "" };
    format!("{lead}{safe}~{mark}")
}

/// The file name of a workbook with only some of a schema's tables: the tables are named, and a part of the choice's digest
/// tells it from every other choice and from the workbook of a whole schema.
pub(super) fn partial_file_name(schema: &str, tables: &[String]) -> String {
    /// Characters of the tables' names; a file name has 255 bytes, and a schema's may take 63.
    const SHOWN: usize = 32;
    let mut tables: Vec<&str> = tables.iter().map(String::as_str).collect();
    tables.sort_unstable();
    tables.dedup();
    let mut digest = Sha256::new();
    for name in std::iter::once(&schema).chain(&tables) {
        digest.update((name.len() as u64).to_be_bytes());
        digest.update(name.as_bytes());
    }
    let mark: String = digest.finalize().iter().take(4).map(|b| format!("{b:02x}")).collect();
    let whole = file_name(schema);
    let stem = whole.strip_suffix(".xlsx").unwrap_or(&whole);
    let listed = tables.join("+");
    let mut shown: String = listed.chars().take(SHOWN).collect();
    if shown.len() < listed.len() {
        shown.push('…');
    }
    let shown: String =
        shown.chars().map(|c| if c.is_alphanumeric() || "+-_…".contains(c) { c } else { '_' }).collect();
    format!("{stem} ({shown})~{mark}.xlsx")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_tables_keep_their_names() {
        let mut names = SheetNames::new();
        assert_eq!(names.table("consultants"), "consultants");
        assert_eq!(names.continuation("consultants", 2), "consultants (2)");
    }

    #[test]
    fn names_that_differ_only_in_case_are_told_apart() {
        let mut names = SheetNames::new();
        assert_eq!(names.table("Users"), "Users");
        assert_eq!(names.table("users"), "users~2");
        assert_eq!(names.table("_MANIFEST"), "_MANIFEST~2");
        assert_eq!(names.table("History"), "History~2");
    }

    #[test]
    fn long_and_forbidden_names_are_made_fit() {
        let mut names = SheetNames::new();
        let long = "a".repeat(63);
        assert_eq!(names.table(&long), "a".repeat(31));
        assert_eq!(names.table(&format!("{long}b")), format!("{}~2", "a".repeat(29)));
        assert_eq!(names.continuation(&long, 2), format!("{} (2)", "a".repeat(27)));
        assert_eq!(names.table("a/b:c"), "a_b_c");
        assert_eq!(names.table("'quoted'"), "_quoted_");
        assert_eq!(names.table("   "), "_");
    }

    #[test]
    fn a_continuation_never_takes_the_name_of_a_table() {
        let mut names = SheetNames::new();
        names.table("orders");
        assert_eq!(names.table("orders (2)"), "orders (2)");
        assert_eq!(names.continuation("orders", 2), "orders~2 (2)");
    }

    #[test]
    fn files_of_different_schemas_never_meet() {
        assert_eq!(file_name("acme"), "acme.xlsx");
        assert_eq!(file_name("école_42"), "école_42.xlsx");
        assert_ne!(file_name("a/b"), file_name("a:b"));
        assert_ne!(file_name("Acme").to_lowercase(), file_name("acme").to_lowercase());
        assert_ne!(file_name("ACME").to_lowercase(), file_name("Acme").to_lowercase());
        assert!(file_name("con").starts_with("_con~"));
        assert!(file_name("..").starts_with("_~"));
        assert!(file_name("../../etc").starts_with("_.._etc~"));
        // One file on a Mac, or on Windows: two ways to write é, two small letters with one capital.
        for (one, other) in [("é", "e\u{301}"), ("µ", "μ"), ("σ", "ς"), ("s", "ſ")] {
            assert_ne!(file_name(one), one.to_owned() + &file_name(other)[other.len()..], "{one} {other}");
            assert!(file_name(other).contains('~'), "{other}");
        }
        assert!(file_name("fleet-2024-02-29-01234567").contains('~'));
        assert_eq!(file_name("fleet-a"), "fleet-a.xlsx");
        // A name that looks like another one's mark.
        let marked = file_name("Acme");
        assert_ne!(file_name(marked.strip_suffix(".xlsx").unwrap()), marked);
    }

    #[test]
    fn tables_of_all_names_have_files_of_their_own_beside_the_manifest() {
        let tables = ["users", "Users", "manifest", "con", "aux.txt", "", "..", "a/b", "a:b", "élève", "user s "];
        let names = table_file_names(tables.into_iter(), "csv");
        assert_eq!(
            (names[0].as_str(), names[2].as_str(), names[9].as_str()),
            ("users.csv", "manifest.csv", "élève.csv")
        );
        let seen: HashSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(seen.len(), tables.len(), "{names:?}");
        assert_eq!(folder_name("acme", &[], "csv"), "acme-csv");
        assert!(folder_name("acme", &["users".into()], "json").starts_with("acme (users)~"));
    }

    #[test]
    fn a_choice_of_tables_has_a_file_of_its_own() {
        let of = |tables: &[&str]| {
            let tables: Vec<String> = tables.iter().map(|t| (*t).to_owned()).collect();
            partial_file_name("ty", &tables)
        };
        assert!(of(&["dupcols"]).starts_with("ty (dupcols)~"), "{}", of(&["dupcols"]));
        assert_eq!(of(&["a", "b"]), of(&["b", "a", "a"]), "the order of the tables is no other choice");
        let different = [of(&["a"]), of(&["A"]), of(&["a", "b"]), of(&["a+b"]), of(&["a/b"]), of(&["a:b"])];
        let seen: HashSet<String> = different.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(seen.len(), different.len(), "{different:?}");
        let long: Vec<String> = (0..400).map(|n| format!("table_{n}")).collect();
        assert!(partial_file_name(&"é".repeat(31), &long).len() < 255);
    }

    proptest! {
        #[test]
        fn any_identifier_is_a_file_name(name in "\\PC{1,20}|[A-Za-z.~ /:*?\"<>|\\\\]{1,16}|\\p{any}{1,15}") {
            let file = &table_file_names(std::iter::once(name.as_str()), "jsonl")[0];
            prop_assert!(file.len() <= 255 && !file.starts_with(['.', ' ', '-', '~']), "{}", file);
            prop_assert!(!file.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']) && !file.chars().any(char::is_control));
        }

        #[test]
        fn sheet_names_are_valid_and_unique(tables in prop::collection::vec("\\PC{1,40}|['/\\[\\] ]{1,4}|[aA]{30,33}", 1..20)) {
            let mut names = SheetNames::new();
            let mut seen = HashSet::new();
            for table in &tables {
                for name in [names.table(table), names.continuation(table, 2)] {
                    prop_assert!((1..=LONGEST).contains(&text::units(&name)), "{}", name);
                    prop_assert!(!name.contains([':', '\\', '/', '?', '*', '[', ']']));
                    prop_assert!(!name.starts_with('\'') && !name.ends_with('\''));
                    prop_assert!(seen.insert(name.to_lowercase()));
                }
            }
        }
    }
}
