//! The way back for a tenant that its up file has not brought to the end: what was never made cannot be dropped.

use super::super::lint::{parts, tokens};
use super::split;
use squawk_syntax::{SourceFile, SyntaxKind, SyntaxToken};

/// What `drop … if exists` knows.
const KINDS: &[&[&str]] = &[
    &["materialized", "view"],
    &["foreign", "table"],
    &["index", "concurrently"],
    &["index"],
    &["table"],
    &["view"],
    &["sequence"],
    &["type"],
    &["domain"],
    &["function"],
    &["procedure"],
    &["routine"],
    &["aggregate"],
    &["trigger"],
    &["policy"],
    &["rule"],
    &["statistics"],
    &["collation"],
];

/// The down file with `if exists` where it drops something.
pub(super) fn where_it_exists(text: &str) -> String {
    let tree = SourceFile::parse(text).syntax_node();
    let mut places: Vec<usize> = Vec::new();
    for statement in split::statements(tokens(&tree)) {
        let words: Vec<String> = statement.iter().map(|token| token.text().to_lowercase()).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let before = match words.as_slice() {
            ["drop", rest @ ..] => {
                KINDS.iter().find(|kind| rest.starts_with(kind)).map(|kind| vec![1 + kind.len()]).unwrap_or_default()
            }
            ["alter", "table", ..] => [vec![2], dropped_parts(&statement, &words)].concat(),
            _ => Vec::new(),
        };
        let missing = before.into_iter().filter(|at| words.get(*at) != Some(&"if"));
        places.extend(missing.filter_map(|at| Some(usize::from(statement.get(at)?.text_range().start()))));
    }
    let mut changed = text.to_owned();
    for place in places.into_iter().rev() {
        changed.insert_str(place, "if exists ");
    }
    changed
}

/// Behind each `drop column`, `drop constraint` and bare `drop` of a column.
fn dropped_parts(statement: &[SyntaxToken], words: &[&str]) -> Vec<usize> {
    let (mut depth, mut found) = (0_i32, Vec::new());
    for (at, word) in words.iter().enumerate() {
        match *word {
            "(" => depth += 1,
            ")" => depth -= 1,
            "drop" if depth == 0 && !matches!(words[at - 1], "column" | ".") => {
                let altered = words[..at].iter().rposition(|word| *word == ",").map_or(2, |comma| comma + 1);
                // `alter column x drop not null` drops no part of the table.
                if words.get(altered) == Some(&"alter") {
                    continue;
                }
                match words.get(at + 1) {
                    Some(&("column" | "constraint")) => found.push(at + 2),
                    Some(_) if is_name(&statement[at + 1]) => found.push(at + 1),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    found
}

fn is_name(token: &SyntaxToken) -> bool {
    token.kind() == SyntaxKind::IDENT || !parts(token.text()).is_empty() && token.text().starts_with('"')
}

#[cfg(test)]
mod tests {
    use super::where_it_exists;

    #[test]
    fn what_may_not_be_there_is_dropped_where_it_is_there() {
        for (text, expected) in [
            (
                "drop index a;\nDROP  INDEX  CONCURRENTLY \"B\";",
                "drop index if exists a;\nDROP  INDEX  CONCURRENTLY if exists \"B\";",
            ),
            (
                "drop table if exists a; drop materialized view v",
                "drop table if exists a; drop materialized view if exists v",
            ),
            (
                "alter table t drop column a, drop constraint b, drop c, alter column d drop not null, alter e drop default;",
                "alter table if exists t drop column if exists a, drop constraint if exists b, drop if exists c, alter column d drop not null, alter e drop default;",
            ),
            (
                "-- drop index a\nselect 'drop index a'; delete from t;",
                "-- drop index a\nselect 'drop index a'; delete from t;",
            ),
            (
                "drop trigger x on t; drop schema s; drop function f(int)",
                "drop trigger if exists x on t; drop schema s; drop function if exists f(int)",
            ),
        ] {
            assert_eq!(where_it_exists(text), expected);
        }
    }
}
