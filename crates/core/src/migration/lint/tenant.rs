//! Rules for databases in which every tenant has its own schema.

use super::file::{self, Parsed};
use super::{Finding, FindingLevel};
use squawk_syntax::ast::AstNode;

/// Schemas that are the server's own.
const SYSTEM: &[&str] = &["pg_catalog", "information_schema", "pg_temp"];

pub(super) fn findings(parsed: &Parsed<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for statement in parsed.statements() {
        let node = statement.syntax();
        let words = file::words(node, 4);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let at = file::start(node);
        let mut say = |level, rule: &str, message: &str| {
            findings.push(Finding { level, ..parsed.finding(at, rule, message.to_owned()) });
        };
        match words.as_slice() {
            ["set", "search_path", ..]
            | ["set", "local" | "session", "search_path", ..]
            | ["reset", "search_path", ..] => {
                say(
                    FindingLevel::Error,
                    "search_path",
                    "search_path decides which tenant a migration reaches; Cadastre sets it, a file must not",
                );
            }
            ["begin" | "commit" | "rollback" | "savepoint" | "start" | "end" | "abort", ..]
                if parsed.in_transaction =>
            {
                say(
                    FindingLevel::Error,
                    "transaction",
                    "each migration runs in a transaction of its own, which the file must not begin or end",
                );
            }
            ["create", "extension", ..] => say(
                FindingLevel::Warning,
                "create_extension",
                "an extension belongs to the whole database, not to a tenant: install it once, outside the migrations",
            ),
            ["create" | "drop" | "alter", "schema", ..] => say(
                FindingLevel::Error,
                "schema",
                "a migration works inside the tenant's schema; it must not create, alter or drop schemas",
            ),
            ["create" | "drop" | "alter", "role" | "user" | "group" | "database" | "tablespace" | "system", ..] => {
                say(FindingLevel::Warning, "outside", "this is not the tenant's own: every tenant would do it again");
            }
            _ => {}
        }
        for (path, parts) in file::names(node) {
            let [schema, .., name] = parts.as_slice() else { continue };
            if SYSTEM.contains(&schema.as_str()) {
                continue;
            }
            let at = file::start(&path);
            findings.push(if schema == "public" {
                let message = format!("{schema}.{name} is not the tenant's own: every tenant would reach the same object");
                parsed.finding(at, "public", message)
            } else {
                let message = format!(
                    "{schema}.{name} names a schema: the migration would reach that schema in every tenant. Names without a \
                     schema reach the tenant's own"
                );
                Finding { level: FindingLevel::Error, ..parsed.finding(at, "qualified_name", message) }
            });
        }
    }
    findings
}
