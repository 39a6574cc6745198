//! The statements of a file, as PostgreSQL's own tokens divide it, and what each of them does that can be recognised
//! afterwards.

use super::super::lint::{parts, tokens, unquoted};
use squawk_syntax::{SourceFile, SyntaxKind, SyntaxToken};

/// One statement of a file that runs outside a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::migration) struct Step {
    /// Without the semicolon.
    pub text: String,
    /// Where it begins, from 1.
    pub line: u32,
    pub kind: Kind,
}

impl Step {
    /// Nobody who reads or writes waits behind it, while it waits for others.
    pub(super) fn is_concurrent(&self) -> bool {
        matches!(self.kind, Kind::CreateIndex { .. } | Kind::DropIndex { .. })
            || self.kind == Kind::Repeatable && self.text.to_lowercase().contains("concurrently")
    }

    /// The server refuses it where other statements are in the message.
    pub(in crate::migration) fn is_never_in_a_transaction(&self) -> bool {
        let detaches = matches!(self.kind, Kind::Detach { .. });
        self.is_concurrent() || detaches || self.text.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("vacuum"))
    }
}

/// What is known about a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::migration) enum Kind {
    /// `create index concurrently`; PostgreSQL chooses the name where there is none.
    CreateIndex { name: Option<String>, table: String },
    /// `drop index concurrently`
    DropIndex { name: String },
    /// `alter table … detach partition … concurrently`
    Detach { table: String, partition: String },
    /// `alter type … add value`
    AddValue { name: String, label: String },
    /// `set` and its like: it changes the session, so a later session needs it again.
    Session,
    /// Doing it twice is the same as doing it once: `vacuum`, `reindex`, `cluster` …
    Repeatable,
    /// From `begin` to `commit`: one step.
    Block,
    /// Anything else. Nearly all of it may run in a transaction, together with the record that it did.
    Other,
}

/// Words that stay in a session, at the head of a statement.
const SESSION: &[&str] = &["set", "reset", "discard", "load", "listen", "unlisten", "deallocate", "prepare"];
/// Statements that may be done again.
const REPEATABLE: &[&str] = &["vacuum", "analyze", "analyse", "reindex", "cluster", "checkpoint", "refresh"];

/// The statements of a text.
///
/// # Errors
/// The line (from 1) at which a transaction begins that does not end, or ends that did not begin, and the reason.
pub(in crate::migration) fn steps(text: &str) -> Result<Vec<Step>, (u32, &'static str)> {
    let tree = SourceFile::parse(text).syntax_node();
    let mut steps = Vec::new();
    // Where the transaction began that is not at its end yet.
    let mut open: Option<usize> = None;
    for tokens in statements(tokens(&tree)) {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { continue };
        let (from, to): (usize, usize) = (first.text_range().start().into(), last.text_range().end().into());
        let line = |at: usize| text.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() as u32 + 1;
        let words: Vec<String> = tokens.iter().take(4).map(|t| t.text().to_lowercase()).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match (words.as_slice(), open) {
            (["begin", ..] | ["start", "transaction", ..], None) => open = Some(from),
            (["begin", ..] | ["start", "transaction", ..], Some(_)) => {
                return Err((line(from), "a transaction begins inside another one"));
            }
            (["commit" | "end", rest @ ..], Some(begin)) if rest.first() != Some(&"prepared") => {
                steps.push(Step { text: text[begin..to].to_owned(), line: line(begin), kind: Kind::Block });
                open = None;
            }
            (["commit" | "rollback", "prepared", ..], None) => {
                steps.push(Step { text: text[from..to].to_owned(), line: line(from), kind: Kind::Other });
            }
            (["rollback" | "abort", rest @ ..], _) if !rest.contains(&"to") => {
                return Err((line(from), "a transaction that is rolled back does nothing"));
            }
            (["commit" | "end" | "savepoint" | "release" | "rollback", ..], None) => {
                return Err((line(from), "there is no transaction here"));
            }
            (_, Some(_)) => {}
            (_, None) => {
                steps.push(Step { text: text[from..to].to_owned(), line: line(from), kind: kind(&tokens) });
            }
        }
    }
    match open {
        Some(begin) => {
            let line = text.as_bytes()[..begin].iter().filter(|b| **b == b'\n').count() as u32 + 1;
            Err((line, "the transaction that begins here does not end"))
        }
        None => Ok(steps),
    }
}

/// Where the last statement of a text begins, in bytes.
pub(super) fn last_statement(text: &str) -> usize {
    let tree = SourceFile::parse(text).syntax_node();
    let last = statements(tokens(&tree)).pop().and_then(|tokens| Some(tokens.first()?.text_range().start().into()));
    last.unwrap_or(text.len())
}

/// The tokens of each statement, without the semicolons between them. A semicolon in
/// parentheses (`create rule`) or in the body of a routine (`begin atomic`) ends nothing; these are psql's rules.
pub(super) fn statements(tokens: impl Iterator<Item = SyntaxToken>) -> Vec<Vec<SyntaxToken>> {
    let mut statements = Vec::new();
    let mut statement: Vec<SyntaxToken> = Vec::new();
    let (mut parentheses, mut bodies) = (0_u32, 0_u32);
    for token in tokens {
        match token.kind() {
            SyntaxKind::SEMICOLON if parentheses == 0 && bodies == 0 => {
                statements.push(std::mem::take(&mut statement));
                continue;
            }
            SyntaxKind::L_PAREN => parentheses += 1,
            SyntaxKind::R_PAREN => parentheses = parentheses.saturating_sub(1),
            _ if parentheses == 0 && is_routine(&statement) => match token.text().to_lowercase().as_str() {
                "begin" => bodies += 1,
                "case" if bodies > 0 => bodies += 1,
                "end" => bodies = bodies.saturating_sub(1),
                _ => {}
            },
            _ => {}
        }
        statement.push(token);
    }
    statements.push(statement);
    statements.retain(|statement| !statement.is_empty());
    statements
}

/// `create [or replace] function`, or `procedure`.
fn is_routine(statement: &[SyntaxToken]) -> bool {
    let word = |index: usize| statement.get(index).map(|token| token.text().to_lowercase()).unwrap_or_default();
    let what = if word(1) == "or" { word(3) } else { word(1) };
    word(0) == "create" && (what == "function" || what == "procedure")
}

fn kind(tokens: &[SyntaxToken]) -> Kind {
    let words: Vec<String> = tokens.iter().map(|token| token.text().to_lowercase()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let recognised = match words.as_slice() {
        ["create", "index", "concurrently", ..] => created(tokens, 3),
        ["create", "unique", "index", "concurrently", ..] => created(tokens, 4),
        ["drop", "index", "concurrently", "if", "exists", ..] => dropped(tokens, 5),
        ["drop", "index", "concurrently", ..] => dropped(tokens, 3),
        ["alter", "table", .., "concurrently"] => detached(tokens, &words),
        ["alter", "type", ..] => added(tokens, &words),
        ["alter", "system", ..] => Some(Kind::Repeatable),
        [first, ..] if SESSION.contains(first) => Some(Kind::Session),
        [first, ..] if REPEATABLE.contains(first) => Some(Kind::Repeatable),
        _ => None,
    };
    recognised.unwrap_or(Kind::Other)
}

/// `[if not exists] [name] on [only] table …`
fn created(tokens: &[SyntaxToken], mut at: usize) -> Option<Kind> {
    let word = |at: usize| tokens.get(at).map(|token| token.text().to_lowercase()).unwrap_or_default();
    if [word(at), word(at + 1), word(at + 2)] == ["if", "not", "exists"] {
        at += 3;
    }
    let name = if word(at) == "on" { None } else { Some(path(tokens, &mut at)?.pop()?) };
    if word(at) != "on" {
        return None;
    }
    at += if word(at + 1) == "only" { 2 } else { 1 };
    Some(Kind::CreateIndex { name, table: path(tokens, &mut at)?.pop()? })
}

fn dropped(tokens: &[SyntaxToken], mut at: usize) -> Option<Kind> {
    Some(Kind::DropIndex { name: path(tokens, &mut at)?.pop()? })
}

/// `alter table [if exists] [only] name detach partition name concurrently`
fn detached(tokens: &[SyntaxToken], words: &[&str]) -> Option<Kind> {
    let mut at = if words.get(2..4) == Some(&["if", "exists"][..]) { 4 } else { 2 };
    at += usize::from(words.get(at) == Some(&"only"));
    let table = path(tokens, &mut at)?.pop()?;
    if words.get(at..at + 2)? != ["detach", "partition"] {
        return None;
    }
    at += 2;
    Some(Kind::Detach { table, partition: path(tokens, &mut at)?.pop()? })
}

/// `alter type name add value [if not exists] 'label' …`
fn added(tokens: &[SyntaxToken], words: &[&str]) -> Option<Kind> {
    let mut at = 2;
    let name = path(tokens, &mut at)?.pop()?;
    if words.get(at..at + 2)? != ["add", "value"] {
        return None;
    }
    at += if words.get(at + 2..at + 5) == Some(&["if", "not", "exists"][..]) { 5 } else { 2 };
    let label = tokens.get(at).filter(|token| token.kind() == SyntaxKind::STRING)?;
    Some(Kind::AddValue { name, label: unquoted(label.text())? })
}

/// A name with its schema or without, as the catalogs have it; `at` moves behind it.
fn path(tokens: &[SyntaxToken], at: &mut usize) -> Option<Vec<String>> {
    let mut text = tokens.get(*at)?.text().to_owned();
    *at += 1;
    while tokens.get(*at).is_some_and(|token| token.text() == ".") {
        text.push('.');
        text.push_str(tokens.get(*at + 1)?.text());
        *at += 2;
    }
    Some(parts(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        steps(text).unwrap().into_iter().map(|step| step.text).collect()
    }

    fn kinds(text: &str) -> Vec<Kind> {
        steps(text).unwrap().into_iter().map(|step| step.kind).collect()
    }

    #[test]
    fn semicolons_divide_only_where_the_server_says_so() {
        let text = "-- no-transaction; really\nselect 'a;''b', E'\\';', \"c;\"\"d\"; /* ; /* ; */ ; */ ;;\n\
                    do $x$ begin perform ';'; end $x$;select $$;$$\n, U&'d;' -- ;\n; create rule r as on insert to t do (select 1; select 2);\n\
                    create or replace function f(a int default (1)) returns int begin atomic select case a when 1 then 2 end; select 3; end;\n\
                    select 4";
        let found = texts(text);
        assert_eq!(found.len(), 6, "{found:#?}");
        assert_eq!(found[0], "select 'a;''b', E'\\';', \"c;\"\"d\"");
        assert_eq!(found[1], "do $x$ begin perform ';'; end $x$");
        assert_eq!(found[2], "select $$;$$\n, U&'d;'");
        assert!(found[4].ends_with("select 3; end"), "{found:#?}");
        assert_eq!(steps(text).unwrap().iter().map(|s| s.line).collect::<Vec<_>>(), [2, 3, 3, 5, 6, 7]);
        assert_eq!(texts("-- nothing\n ; /* at all */"), Vec::<String>::new());
    }

    proptest::proptest! {
        #[test]
        fn statements_come_back_as_they_were_written(
            chosen in proptest::collection::vec((0..WRITTEN.len(), 0..BETWEEN.len()), 0..12)
        ) {
            let text: String = chosen.iter().map(|(s, b)| format!("{}{};", BETWEEN[*b], WRITTEN[*s])).collect();
            let written: Vec<&str> = chosen.iter().map(|(s, _)| WRITTEN[*s]).collect();
            proptest::prop_assert_eq!(texts(&text), written);
        }
    }

    const BETWEEN: &[&str] = &["", "\n", " -- ; '\n", "/* ' ; /* \" */ $$ */", ";;\t", "\r\n-- é; begin;\r\n"];
    const WRITTEN: &[&str] = &[
        "select 1",
        "select ';', '--', '/*', 'it''s;', $$;'$$, $a$;$$;$a$, E'\\';', \"a;\"\"b\", 1 -- ;\n+ 1",
        "create index concurrently \"i;\" on t (a) where b <> ';'",
        "do $do$ begin execute 'x;'; if true then commit; end if; end $do$",
        "create rule r as on insert to t do also (insert into u values (';'); delete from v)",
        "create function f() returns int language sql begin atomic; select case when true then 1 end; select 2; end",
        "create or replace procedure p() begin atomic insert into t values (1); end",
        "begin; insert into t values (';'); commit",
        "select U&'d\\0061;', B'1', N';', a.\"end\", (case when true then ';' end)",
        "comment on table t is 'création;'",
    ];

    #[test]
    fn what_can_be_recognised_is_named_as_the_catalogs_name_it() {
        let index = |name: Option<&str>, table: &str| Kind::CreateIndex {
            name: name.map(str::to_owned),
            table: table.to_owned(),
        };
        let found = kinds(
            "create index concurrently A on B (c);\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"A; \"\"x\" ON ONLY s.\"B\" (c);\n\
             create index concurrently on b (c);\ncreate index a on b (c);\n/* x */ drop index -- y\n concurrently if exists S.\"A\";\n\
             drop index a;\nalter type s.T add value if not exists 'l''été' before 'x';\nalter type t add value E'\\x41';\n\
             alter table if exists s.T detach partition \"P\" concurrently; alter table t detach partition p;\n\
             set lock_timeout = 0; vacuum (analyze) b; alter system set x = 1; insert into b values (';')",
        );
        let (dropped, added) =
            (Kind::DropIndex { name: "A".into() }, Kind::AddValue { name: "t".into(), label: "l'été".into() });
        let expected = [
            index(Some("a"), "b"),
            index(Some("A; \"x"), "B"),
            index(None, "b"),
            Kind::Other,
            dropped,
            Kind::Other,
            added,
            Kind::Other,
            Kind::Detach { table: "t".into(), partition: "P".into() },
            Kind::Other,
            Kind::Session,
            Kind::Repeatable,
            Kind::Repeatable,
            Kind::Other,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_transaction_of_the_file_is_one_step() {
        let text = "create table a ();\nbegin;\ncreate table b ();\ninsert into c values (1);\ncommit;\nselect 1;";
        let found = steps(text).unwrap();
        assert_eq!(
            found.iter().map(|s| (s.line, s.kind == Kind::Block)).collect::<Vec<_>>(),
            [(1, false), (2, true), (6, false)]
        );
        assert!(found[1].text.starts_with("begin;\n") && found[1].text.ends_with("commit"), "{found:?}");
        for (text, line) in [
            ("select 1;\nbegin; select 2;", 2),
            ("commit;", 1),
            ("begin; select 1;\nrollback;", 2),
            ("begin;\n\nbegin;", 3),
            ("savepoint a;", 1),
        ] {
            assert_eq!(steps(text).unwrap_err().0, line, "{text}");
        }
    }

    #[test]
    fn the_parser_sees_the_same_statements_in_the_shipped_templates() {
        use squawk_syntax::ast::AstNode;
        for source in crate::migration::Source::shipped().unwrap() {
            for migration in source.migrations() {
                for text in [Some(&migration.up), migration.down.as_ref()].into_iter().flatten() {
                    let tree = SourceFile::parse(text);
                    let nodes = tree.tree().stmts().map(|s| s.syntax().text().to_string().trim().to_owned());
                    let nodes: Vec<String> = nodes.map(|s| s.trim_end_matches(';').trim_end().to_owned()).collect();
                    assert_eq!(texts(text), nodes, "{}", migration.file);
                }
            }
        }
    }
}
