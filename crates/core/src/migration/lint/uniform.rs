//! Files that do the same to all schemas that are built alike.

use super::file;
use squawk_syntax::ast::{AstNode, Stmt};
use squawk_syntax::{SourceFile, SyntaxKind};

/// Functions that change nothing and look at nothing in a schema.
const HARMLESS: &[&str] = &[
    "now",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "gen_random_uuid",
    "nextval",
    "lower",
    "upper",
    "coalesce",
    "length",
    "char_length",
    "trim",
    "btrim",
    "nullif",
    "abs",
    "round",
    "date_trunc",
    "to_tsvector",
];

/// Whether all statements of a file change the structure of the schema that `search_path` leads to, and nothing about them
/// depends on rows, on other schemas or on functions. PostgreSQL then does the same to any two schemas of the same structure.
/// Says no where it does not know.
pub(in super::super) fn is_uniform(text: &str) -> bool {
    let parsed = SourceFile::parse(text);
    parsed.errors().is_empty() && parsed.tree().stmts().all(|statement| is_uniform_statement(&statement))
}

fn is_uniform_statement(statement: &Stmt) -> bool {
    let structure = matches!(
        statement,
        Stmt::AlterDomain(_)
            | Stmt::AlterIndex(_)
            | Stmt::AlterSequence(_)
            | Stmt::AlterTable(_)
            | Stmt::AlterType(_)
            | Stmt::CommentOn(_)
            | Stmt::CreateDomain(_)
            | Stmt::CreateIndex(_)
            | Stmt::CreateSequence(_)
            | Stmt::CreateTable(_)
            | Stmt::CreateType(_)
            | Stmt::DropDomain(_)
            | Stmt::DropIndex(_)
            | Stmt::DropSequence(_)
            | Stmt::DropTable(_)
            | Stmt::DropType(_)
            | Stmt::EmptyStmt(_)
    );
    let node = statement.syntax();
    let calls = node.descendants().filter(|node| node.kind() == SyntaxKind::CALL_EXPR);
    let mut called = calls.filter_map(|call| file::parts(&call.first_child()?.text().to_string()).pop());
    structure
        && called.all(|name| HARMLESS.contains(&name.as_str()))
        && file::names(node).all(|(_, parts)| parts.len() < 2)
}

#[cfg(test)]
mod tests {
    use super::is_uniform;

    #[test]
    fn structure_is_uniform() {
        for text in [
            "",
            "-- nothing\n;",
            "alter table a add column b varchar(50);\nalter table a add column c timestamptz not null default now();",
            "create table a (id int primary key, b text check (lower(b) = b), foreign key (id) references c (id));",
            "create unique index on a (b) where b is not null; comment on column a.b is 'x'; drop table c;",
            "create type mood as enum ('sad'); alter type mood add value 'ok';",
        ] {
            assert!(is_uniform(text), "{text}");
        }
    }

    #[test]
    fn what_depends_on_something_else_is_not() {
        for text in [
            "do $$ begin alter table a add column b int; end $$",
            "select f()",
            "insert into a values (1)",
            "create table a as select 1",
            "create table a (b int default f())",
            "create table a (b int default s.lower('x'))",
            "create table a (like public.b)",
            "alter table other.a add column b int",
            "create extension citext",
            "set role boss",
            "create function f() returns int language sql as $$ select 1 $$",
            "alter table a add column",
        ] {
            assert!(!is_uniform(text), "{text}");
        }
    }
}
