//! What an author should know about migration files before the fleet does.
//!
//! Three sources: the headers and pairs of the files themselves, rules for databases with a schema per tenant, and the
//! lock and rewrite rules of squawk. The server has the last word: a rehearsal applies the files and rolls them back.

mod bytes;
mod file;
mod lock;
mod pair;
mod squawk;
mod tenant;
mod uniform;

use super::outside::Step;
use super::{Direction, Migration, Source};
use file::Parsed;
pub(super) use file::{parts, tokens, unquoted};
pub(crate) use lock::locks;
use serde::Serialize;
pub(super) use uniform::is_uniform;

/// Something about a migration file that its author should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Finding {
    /// Name of the file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Stable name of the rule.
    pub rule: String,
    /// How serious.
    pub level: FindingLevel,
    /// In English.
    pub message: String,
    /// What the statement does to the table that it names.
    pub effect: Option<Effect>,
    /// The table that it names, as the catalogs have it.
    pub table: Option<String>,
}

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum FindingLevel {
    /// Worth knowing.
    Warning,
    /// `migrate check` fails.
    Error,
}

/// What a statement does to a table, besides changing its definition. How long it takes depends on the table's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum Effect {
    /// Every row is written anew; nobody reads or writes meanwhile.
    Rewrite,
    /// Every row is read; nobody reads or writes meanwhile.
    Scan,
    /// An index is built; nobody writes meanwhile.
    BlocksWrites,
    /// Rows or columns are gone.
    Loss,
}

/// Why a text cannot be sent to a server as one message, and the line (from 1).
///
/// `copy … from stdin` waits for data that a file cannot give. A quote or comment that is never closed would swallow the
/// statements that follow the file.
pub(crate) fn unsendable(text: &str) -> Option<(u32, &'static str)> {
    use squawk_syntax::ast::AstNode;
    use squawk_syntax::{SourceFile, SyntaxKind};
    let tree = SourceFile::parse(text);
    let line = |at: usize| text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() as u32 + 1;
    let open = tree.errors().into_iter().find(|e| e.message().starts_with("Missing trailing"));
    if let Some(open) = open {
        return Some((line(open.range().start().into()), "a quote or a comment is never closed"));
    }
    let client = |kind| matches!(kind, SyntaxKind::STDIN_KW | SyntaxKind::STDOUT_KW);
    tree.tree().stmts().map(|s| s.syntax().clone()).filter(|s| s.kind() == SyntaxKind::COPY).find_map(|copy| {
        let token = file::tokens(&copy).find(|t| client(t.kind()))?;
        let at = line(token.text_range().start().into());
        Some((at, "copy from stdin and to stdout need a client that sends or takes the rows; write insert statements"))
    })
}

/// The line (from 1) at which a text ends the transaction that it is sent in, or begins another.
pub(super) fn ends_transaction(text: &str) -> Option<u32> {
    use squawk_syntax::SourceFile;
    use squawk_syntax::ast::AstNode;
    let tree = SourceFile::parse(text);
    let at = tree.tree().stmts().find_map(|statement| {
        let words = file::words(statement.syntax(), 3);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ends = match words.as_slice() {
            // Back to a savepoint is still inside.
            ["rollback", "to", ..] | ["rollback", "work" | "transaction", "to"] => false,
            ["begin" | "start" | "commit" | "end" | "rollback" | "abort", ..] | ["prepare", "transaction", ..] => true,
            _ => false,
        };
        ends.then(|| file::start(statement.syntax()))
    })?;
    Some(text.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() as u32 + 1)
}

/// The schemas that a text names in front of objects, with the object; not the server's own.
pub(super) fn schemas_named(text: &str) -> Vec<(String, String)> {
    use squawk_syntax::SourceFile;
    use squawk_syntax::ast::AstNode;
    let tree = SourceFile::parse(text);
    let statements: Vec<_> = tree.tree().stmts().collect();
    let names = statements.iter().flat_map(|statement| file::names(statement.syntax()).collect::<Vec<_>>());
    let qualified = names.filter_map(|(_, parts)| match parts.as_slice() {
        [schema, .., name] => Some((schema.clone(), name.clone())),
        _ => None,
    });
    qualified.collect()
}

/// Whether a text adds labels to enumerations, and those of them that it mentions elsewhere too. The server refuses to use a new label before the
/// transaction that added it has ended, unless the whole type is as new.
pub(super) fn new_labels(text: &str) -> (bool, Vec<String>) {
    use squawk_syntax::ast::AstNode;
    use squawk_syntax::{SourceFile, SyntaxKind};
    let tree = SourceFile::parse(text);
    let literals = |statement: &squawk_syntax::ast::Stmt| -> Vec<String> {
        let texts = file::tokens(statement.syntax()).filter(|token| token.kind() == SyntaxKind::STRING);
        texts.map(|token| token.text().to_owned()).collect()
    };
    let all: Vec<String> = tree.tree().stmts().flat_map(|statement| literals(&statement)).collect();
    let added = tree.tree().stmts().filter_map(|statement| {
        let words = file::words(statement.syntax(), 8);
        let adds = words.first().is_some_and(|w| w == "alter") && words.get(1).is_some_and(|w| w == "type");
        let adds = adds && words.windows(2).any(|pair| pair == ["add", "value"]);
        adds.then(|| literals(&statement).into_iter().next()).flatten()
    });
    let added: Vec<String> = added.collect();
    let again = |label: &&String| all.iter().filter(|other| other == label).count() > 1;
    (!added.is_empty(), added.iter().filter(again).cloned().collect())
}

/// The same text with spaces in the place of the word `concurrently`, which no transaction allows; none without it.
pub(super) fn without_concurrently(text: &str) -> Option<String> {
    use squawk_syntax::ast::AstNode;
    use squawk_syntax::{SourceFile, SyntaxKind};
    let tree = SourceFile::parse(text);
    let mut without = text.to_owned();
    for token in file::tokens(tree.tree().syntax()).filter(|token| token.kind() == SyntaxKind::CONCURRENTLY_KW) {
        let (start, end) = (usize::from(token.text_range().start()), usize::from(token.text_range().end()));
        without.replace_range(start..end, &" ".repeat(end - start));
    }
    (without != text).then_some(without)
}

/// Findings about all files, in version order.
///
/// With `strict`, missing header lines and a missing down file are errors.
pub fn check(source: &Source, strict: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for migration in source.migrations() {
        findings.extend(check_one(source, migration, strict));
    }
    findings
}

/// Findings about one migration's up and down file.
pub(super) fn check_one(source: &Source, migration: &Migration, strict: bool) -> Vec<Finding> {
    let up = Parsed::new(migration, Direction::Up, &migration.up);
    let down = migration.down.as_deref().map(|text| Parsed::new(migration, Direction::Down, text));
    let mut findings = pair::headers(source, migration, strict);
    findings.extend(bytes::findings(&up, migration, Direction::Up));
    findings.extend(steps(&up));
    findings.extend(tenant::findings(&up));
    findings.extend(squawk::findings(&up));
    match &down {
        Some(down) => {
            findings.extend(bytes::findings(down, migration, Direction::Down));
            findings.extend(steps(down));
            findings.extend(tenant::findings(down));
            findings.extend(pair::mirror(&up, down));
        }
        None => findings.push(Finding {
            level: if strict { FindingLevel::Error } else { FindingLevel::Warning },
            ..up.finding(0, "down_file", "there is no down file: Cadastre cannot take this migration back".into())
        }),
    }
    findings.sort_by(|a, b| (&a.file, a.line, &a.rule).cmp(&(&b.file, b.line, &b.rule)));
    findings
}

/// A file outside a transaction is taken statement by statement; what cannot be divided cannot be run.
fn steps(parsed: &Parsed<'_>) -> Option<Finding> {
    if parsed.in_transaction {
        return None;
    }
    match super::outside::steps(parsed.text) {
        Err((line, reason)) => {
            Some(Finding { level: FindingLevel::Error, line, ..parsed.finding(0, "transaction", reason.to_owned()) })
        }
        Ok(steps) if steps.len() > 1 && steps.iter().any(Step::is_never_in_a_transaction) => {
            let message = "sqlx's own tool sends these statements in one message, which the server takes for a transaction and \
                           refuses: where that tool is used too, write a file for each";
            Some(Finding { line: steps[1].line, ..parsed.finding(0, "several_statements", message.to_owned()) })
        }
        Ok(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(up: &str, down: &str) -> Vec<(String, u32, Option<Effect>, Option<String>)> {
        let folder = tempfile::tempdir().unwrap();
        let header = "-- purpose: x\n-- impact: x\n-- rollback: x\n";
        std::fs::write(folder.path().join("1_a.up.sql"), format!("{header}{up}")).unwrap();
        std::fs::write(folder.path().join("1_a.down.sql"), down).unwrap();
        let source = Source::folder(folder.path()).unwrap();
        check(&source, true).into_iter().map(|f| (f.rule, f.line, f.effect, f.table)).collect()
    }

    fn names(up: &str, down: &str) -> Vec<String> {
        rules(up, down).into_iter().map(|(rule, ..)| rule).collect()
    }

    #[test]
    fn what_reaches_outside_the_tenant_is_found() {
        assert_eq!(names("set search_path = x;", ""), ["search_path"]);
        assert_eq!(names("insert into public.log values (1);", ""), ["public"]);
        assert_eq!(names("insert into lycee.log values (1);", ""), ["qualified_name"]);
        assert_eq!(names("select pg_catalog.now(), t.a from t;", ""), Vec::<String>::new());
        assert_eq!(names("create extension citext;", ""), ["create_extension"]);
        assert_eq!(names("commit;", ""), ["transaction"]);
    }

    #[test]
    fn bytes_that_git_or_an_editor_changes_are_named() {
        let found = rules("create table a ();\r\ncreate table b ();\r\n", "\u{feff}drop table b;\ndrop table a;\n");
        let found: Vec<_> = found.into_iter().map(|(rule, line, ..)| (rule, line)).collect();
        assert_eq!(found, [("byte_order_mark".to_owned(), 1), ("line_endings".to_owned(), 4)]);
    }

    #[test]
    fn files_outside_a_transaction_are_divided() {
        // The very first bytes decide.
        let rules = |text: &str| {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("1_a.up.sql"), format!("-- no-transaction\n{text}")).unwrap();
            let found = check(&Source::folder(folder.path()).unwrap(), false).into_iter();
            let found = found.filter(|f| f.rule == "transaction" || f.rule == "several_statements");
            found.map(|f| (f.rule, f.line, f.level)).collect::<Vec<_>>()
        };
        assert_eq!(rules("create index concurrently a on b (c);"), []);
        assert_eq!(rules("select 1;\nselect 2;"), []);
        let several = ("several_statements".to_owned(), 3, FindingLevel::Warning);
        assert_eq!(rules("create index concurrently a on b (c);\nselect 2;"), [several]);
        assert_eq!(rules("select 1;\nbegin; select 2;"), [("transaction".to_owned(), 3, FindingLevel::Error)]);
    }

    #[test]
    fn effects_name_the_table() {
        let found = rules(
            "\nalter table people alter column age type bigint;",
            "alter table people alter column age type int;",
        );
        assert!(
            found.contains(&("changing-column-type".into(), 5, Some(Effect::Rewrite), Some("people".into()))),
            "{found:?}"
        );
        let found = rules("create index people_age on people (age);", "drop index people_age;");
        assert!(
            found.iter().any(|f| f.2 == Some(Effect::BlocksWrites) && f.3.as_deref() == Some("people")),
            "{found:?}"
        );
    }

    #[test]
    fn a_down_file_mirrors_its_up_file() {
        let up = "create table a (id int primary key); alter table b add column c int;";
        assert!(!names(up, "drop table a; alter table b drop column c;").contains(&"mirror".to_owned()));
        let missing: Vec<_> = names(up, "drop table a;").into_iter().filter(|r| r == "mirror").collect();
        assert_eq!(missing, ["mirror"]);
    }

    #[test]
    fn what_would_hang_or_swallow_is_unsendable() {
        assert_eq!(unsendable("create table a ();\ncopy a from stdin;").map(|(line, _)| line), Some(2));
        assert_eq!(unsendable("copy (select 1) to stdout;").map(|(line, _)| line), Some(1));
        assert_eq!(unsendable("copy a from '/tmp/x'; select 'stdin'"), None);
        assert_eq!(unsendable("select 1;\nselect 'x;\n").map(|(line, _)| line), Some(2));
        assert_eq!(unsendable("do $$ begin perform 'a'; end $$; -- 'open").map(|(line, _)| line), None);
    }

    #[test]
    fn the_end_of_a_transaction_is_found() {
        assert_eq!(ends_transaction("select 1;\nCommit;"), Some(2));
        assert_eq!(ends_transaction("prepare transaction 'x';"), Some(1));
        assert_eq!(ends_transaction("savepoint s; rollback to s; do $$ begin commit; end $$;"), None);
        assert_eq!(ends_transaction("create function f() returns int begin atomic select 1; end;"), None);
    }

    #[test]
    fn a_label_is_not_used_where_it_is_added() {
        let add = "alter type mood add value 'great' after 'ok';";
        let again = |text: &str| new_labels(text).1;
        assert_eq!(again(&format!("{add} update a set m = 'great'")), ["'great'"]);
        assert_eq!(new_labels(&format!("{add} update a set m = 'ok'")), (true, vec![]));
    }

    #[test]
    fn an_index_is_built_inside_a_transaction_without_the_word_that_forbids_it() {
        let text = "-- no-transaction\ncreate index concurrently \"concurrently\" on a (b); -- concurrently";
        let without = without_concurrently(text).unwrap();
        assert_eq!(without, text.replacen("concurrently \"", "             \"", 1));
        assert_eq!(without_concurrently("vacuum a;"), None);
    }

    #[test]
    fn the_shipped_templates_are_clean() {
        for source in Source::shipped().unwrap() {
            let serious: Vec<_> = check(&source, true).into_iter().filter(|f| f.level == FindingLevel::Error).collect();
            assert_eq!(serious, [], "{}", source.name());
        }
    }
}
