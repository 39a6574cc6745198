//! The table locks that statements take, as PostgreSQL's manual gives them: "Explicit Locking", and the page of each command.

use super::file;
use squawk_syntax::ast::AstNode;
use squawk_syntax::{SourceFile, SyntaxKind, SyntaxNode};

/// A lock that a statement takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lock {
    /// Name of the table, without its schema.
    pub relation: String,
    /// The name is that of an index; its table is locked.
    pub of_index: bool,
    /// For example `ACCESS EXCLUSIVE`.
    pub mode: &'static str,
    /// Line of the statement, from 1.
    pub line: u32,
}

const ACCESS_EXCLUSIVE: &str = "ACCESS EXCLUSIVE";
const EXCLUSIVE: &str = "EXCLUSIVE";
const SHARE_ROW_EXCLUSIVE: &str = "SHARE ROW EXCLUSIVE";
const SHARE: &str = "SHARE";
const SHARE_UPDATE_EXCLUSIVE: &str = "SHARE UPDATE EXCLUSIVE";
const ROW_EXCLUSIVE: &str = "ROW EXCLUSIVE";

/// The locks of a file's statements, in their order. What a function or a `do` block locks is not seen.
pub(crate) fn locks(text: &str) -> Vec<Lock> {
    let tree = SourceFile::parse(text);
    let mut locks = Vec::new();
    for statement in tree.tree().stmts() {
        let node = statement.syntax();
        let start = file::start(node);
        let line = text.as_bytes()[..start].iter().filter(|b| **b == b'\n').count() as u32 + 1;
        let mut add = |relation: Option<String>, of_index, mode| {
            locks.extend(relation.map(|relation| Lock { relation, of_index, mode, line }));
        };
        of_statement(node, &mut add);
    }
    locks
}

fn of_statement(node: &SyntaxNode, add: &mut impl FnMut(Option<String>, bool, &'static str)) {
    let words: Vec<String> = file::tokens(node).map(|t| t.text().to_lowercase()).collect();
    let has = |word: &str| words.iter().any(|w| w == word);
    let first: Vec<&str> = words.iter().take(4).map(String::as_str).collect();
    let names = || file::names(node).filter_map(|(_, mut parts)| parts.pop());
    match first.as_slice() {
        ["create", "index", ..] | ["create", "unique", "index", ..] => {
            add(file::table(node), false, if has("concurrently") { SHARE_UPDATE_EXCLUSIVE } else { SHARE });
        }
        ["drop", "index", ..] => {
            let mode = if has("concurrently") { SHARE_UPDATE_EXCLUSIVE } else { ACCESS_EXCLUSIVE };
            names().for_each(|name| add(Some(name), true, mode));
        }
        ["alter", "table", ..] => {
            add(file::table(node), false, alter_table(&words));
            referenced(node).for_each(|name| add(Some(name), false, SHARE_ROW_EXCLUSIVE));
        }
        ["create", "table", ..] | ["create", _, "table", ..] => {
            referenced(node).for_each(|name| add(Some(name), false, SHARE_ROW_EXCLUSIVE));
        }
        ["create", "trigger", ..]
        | ["create", "constraint", "trigger", ..]
        | ["create", "or", "replace", "trigger"] => {
            add(file::table(node), false, SHARE_ROW_EXCLUSIVE);
        }
        ["create" | "alter" | "drop", "policy", ..] | ["alter" | "drop", "trigger" | "rule", ..] => {
            add(after(node, &["on"]), false, ACCESS_EXCLUSIVE);
        }
        ["drop", "table" | "view" | "materialized" | "sequence", ..] | ["truncate", ..] => {
            names().for_each(|name| add(Some(name), false, ACCESS_EXCLUSIVE));
        }
        ["alter", "view" | "materialized" | "foreign", ..] | ["cluster", ..] => {
            add(names().next(), false, ACCESS_EXCLUSIVE);
        }
        ["refresh", ..] => add(names().next(), false, if has("concurrently") { EXCLUSIVE } else { ACCESS_EXCLUSIVE }),
        ["vacuum", ..] => {
            let mode = if has("full") { ACCESS_EXCLUSIVE } else { SHARE_UPDATE_EXCLUSIVE };
            add(names().next(), false, mode);
        }
        ["analyze", ..] | ["comment", "on", "table" | "column" | "view", ..] => {
            add(names().next(), false, SHARE_UPDATE_EXCLUSIVE);
        }
        ["create", "statistics", ..] => add(after(node, &["from"]), false, SHARE_UPDATE_EXCLUSIVE),
        ["insert" | "update" | "delete" | "merge" | "with" | "copy", ..] => {
            for change in written(node) {
                add(file::table(&change), false, ROW_EXCLUSIVE);
            }
        }
        _ => {}
    }
}

/// The strongest lock among the actions.
fn alter_table(words: &[String]) -> &'static str {
    let text = words.join(" ");
    // What follows the name of the table; actions are set apart by commas, as are columns inside brackets.
    let mut depth = 0;
    let actions = text.split(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    });
    let level = |action: &str| {
        let any = |parts: &[&str]| parts.iter().any(|part| action.contains(part));
        if any(&[" validate constraint ", " set statistics ", " cluster on ", " without cluster", " attach partition "])
            || any(&[" detach partition "]) && any(&[" concurrently"])
            || any(&["set ( fillfactor", "set ( autovacuum", "set ( toast", "set ( parallel_workers"])
        {
            return 0;
        }
        let foreign_key = any(&[" foreign key "]) && any(&[" add "]) && !any(&[" add column "]);
        let trigger = any(&["enable ", "disable "]) && any(&[" trigger "]);
        if foreign_key || trigger { 1 } else { 2 }
    };
    match actions.map(|action| level(&format!(" {action} "))).max() {
        Some(0) => SHARE_UPDATE_EXCLUSIVE,
        Some(1) => SHARE_ROW_EXCLUSIVE,
        _ => ACCESS_EXCLUSIVE,
    }
}

/// Tables after `references`.
fn referenced(node: &SyntaxNode) -> impl Iterator<Item = String> {
    let tokens: Vec<_> = file::tokens(node).collect();
    let places: Vec<_> = tokens
        .windows(2)
        .filter(|pair| pair[0].kind() == SyntaxKind::REFERENCES_KW)
        .map(|pair| pair[1].text_range().start())
        .collect();
    let names: Vec<(SyntaxNode, Vec<String>)> = file::names(node).collect();
    places.into_iter().filter_map(move |place| {
        let (_, parts) = names.iter().find(|(path, _)| file::start(path) == usize::from(place))?;
        parts.last().cloned()
    })
}

/// The name after one of these words.
fn after(node: &SyntaxNode, words: &[&str]) -> Option<String> {
    let tokens: Vec<_> = file::tokens(node).collect();
    let at = tokens.iter().position(|token| words.contains(&token.text().to_lowercase().as_str()))?;
    let place = usize::from(tokens.get(at + 1)?.text_range().start());
    let (_, mut parts) = file::names(node).find(|(path, _)| file::start(path) == place)?;
    parts.pop()
}

/// The statements that write rows, also those inside a `with`.
fn written(node: &SyntaxNode) -> impl Iterator<Item = SyntaxNode> {
    use SyntaxKind::{COPY, DELETE, INSERT, MERGE, UPDATE};
    node.descendants().filter(|n| matches!(n.kind(), INSERT | UPDATE | DELETE | MERGE | COPY))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> Vec<(String, &'static str)> {
        locks(text).into_iter().map(|lock| (lock.relation, lock.mode)).collect()
    }

    #[test]
    fn statements_lock_as_the_manual_says() {
        let one = |text: &str, relation: &str, mode| assert_eq!(taken(text), [(relation.to_owned(), mode)], "{text}");
        one("alter table people add column age int;", "people", ACCESS_EXCLUSIVE);
        one("alter table people validate constraint old_enough;", "people", SHARE_UPDATE_EXCLUSIVE);
        one("alter table a validate constraint c, drop column d;", "a", ACCESS_EXCLUSIVE);
        one("alter table people disable trigger user;", "people", SHARE_ROW_EXCLUSIVE);
        one("create unique index i on people (age, name);", "people", SHARE);
        one("create index concurrently i on people (age);", "people", SHARE_UPDATE_EXCLUSIVE);
        one("drop index i;", "i", ACCESS_EXCLUSIVE);
        one("create trigger t before insert on people execute function f();", "people", SHARE_ROW_EXCLUSIVE);
        one("create policy p on people using (true);", "people", ACCESS_EXCLUSIVE);
        one("drop trigger t on people;", "people", ACCESS_EXCLUSIVE);
        one("comment on column people.age is 'x';", "people", SHARE_UPDATE_EXCLUSIVE);
        one("update people set age = 1;", "people", ROW_EXCLUSIVE);
        one("truncate people;", "people", ACCESS_EXCLUSIVE);
        one("create statistics s on a, b from people;", "people", SHARE_UPDATE_EXCLUSIVE);
        assert_eq!(taken("create table t (id int); select 1; grant select on people to x;"), []);
    }

    #[test]
    fn a_foreign_key_locks_both_tables() {
        let both = [("a".to_owned(), SHARE_ROW_EXCLUSIVE), ("b".to_owned(), SHARE_ROW_EXCLUSIVE)];
        assert_eq!(taken("alter table a add constraint f foreign key (x) references b (id);"), both);
        let column = taken("alter table a add column x int references b (id);");
        assert_eq!(column, [("a".to_owned(), ACCESS_EXCLUSIVE), ("b".to_owned(), SHARE_ROW_EXCLUSIVE)]);
        assert_eq!(taken("create table n (x int references b);"), [("b".to_owned(), SHARE_ROW_EXCLUSIVE)]);
    }

    #[test]
    fn the_line_is_that_of_the_statement() {
        let lines: Vec<u32> = locks("-- a\n\ntruncate a;\ntruncate\n  b;").iter().map(|lock| lock.line).collect();
        assert_eq!(lines, [3, 4]);
    }
}
