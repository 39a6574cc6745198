//! Headers, and whether the down file takes back what the up file did.

use super::super::{Direction, Migration, Source, header};
use super::file::{self, Parsed};
use super::{Finding, FindingLevel};
use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::AstNode;
use std::collections::BTreeSet;

/// Header lines that say what a reader on a Friday evening needs to know.
const WANTED: &[&str] = &["purpose", "impact", "rollback"];

pub(super) fn headers(source: &Source, migration: &Migration, strict: bool) -> Vec<Finding> {
    let parsed = Parsed::new(migration, Direction::Up, &migration.up);
    let level = if strict { FindingLevel::Error } else { FindingLevel::Warning };
    let mut findings = Vec::new();
    for name in WANTED {
        if migration.header(name).is_none_or(|value| value.is_empty()) {
            let message = format!("the header line `-- {name}:` is missing");
            findings.push(Finding { level, ..parsed.finding(0, "header", message) });
        }
    }
    let wrong = |message: String| Finding { level: FindingLevel::Error, ..parsed.finding(0, "header", message) };
    for version in header::versions(migration.header("depends").as_deref().unwrap_or_default()) {
        match version {
            Ok(version) if version >= migration.version => {
                findings.push(wrong(format!("it depends on {version}, which comes after it")));
            }
            Ok(version) if source.get(version).is_none() => {
                findings.push(wrong(format!("it depends on {version}, which is not there")));
            }
            Ok(_) => {}
            Err(text) => findings.push(wrong(format!("`-- depends:` names {text}, which is no version"))),
        }
    }
    if let Some(text) = migration.header("timeout")
        && header::duration(&text).is_none()
    {
        findings.push(wrong(format!("`-- timeout: {text}` is no duration; write for example 30s or 5min")));
    }
    findings
}

/// Objects that the up file makes and the down file does not mention.
pub(super) fn mirror(up: &Parsed<'_>, down: &Parsed<'_>) -> Vec<Finding> {
    let whole = down.tree.syntax_node();
    let mentioned: BTreeSet<String> = file::tokens(&whole).flat_map(|t| file::parts(t.text())).collect();
    let mut findings = Vec::new();
    for statement in up.statements() {
        let node = statement.syntax();
        let words = file::words(node, 3);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let table = file::table(node);
        let made: Vec<String> = match words.as_slice() {
            // Goes with its table.
            ["create", "index", ..] | ["create", "unique", "index"] if gone(&table, &mentioned) => continue,
            ["create", "index", ..]
            | ["create", "unique", "index"]
            | ["create", "table" | "view" | "type" | "sequence" | "domain" | "function" | "materialized", ..] => {
                file::made(node).into_iter().collect()
            }
            ["alter", "table", ..] => node
                .descendants()
                .filter(|n| n.kind() == SyntaxKind::ADD_COLUMN)
                .filter_map(|n| n.descendants().find(|n| n.kind() == SyntaxKind::COLUMN_NAME))
                .filter_map(|n| file::parts(&n.text().to_string()).pop())
                .collect(),
            _ => continue,
        };
        for name in made {
            if !mentioned.contains(&name) {
                let message = format!("the down file does not mention {name}, which the up file makes");
                findings.push(up.finding(file::start(node), "mirror", message));
            }
        }
    }
    findings
}

/// The down file mentions the table itself. Whether it drops it, a rehearsal finds out.
fn gone(table: &Option<String>, mentioned: &BTreeSet<String>) -> bool {
    table.as_ref().is_some_and(|table| mentioned.contains(table))
}
