//! A migration file as PostgreSQL's grammar sees it.

use super::super::{Direction, Migration};
use super::{Finding, FindingLevel};
use squawk_syntax::ast::Stmt;
use squawk_syntax::{Parse, SourceFile, SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

/// The text of a file and its statements.
pub(super) struct Parsed<'a> {
    pub name: String,
    pub text: &'a str,
    pub in_transaction: bool,
    pub tree: Parse<SourceFile>,
}

impl<'a> Parsed<'a> {
    pub fn new(migration: &Migration, direction: Direction, text: &'a str) -> Self {
        Self {
            name: migration.file_name(direction),
            text,
            in_transaction: !migration.no_transaction(direction),
            tree: SourceFile::parse(text),
        }
    }

    pub fn statements(&self) -> Vec<Stmt> {
        self.tree.tree().stmts().collect()
    }

    /// A warning about the place at this byte.
    pub fn finding(&self, at: usize, rule: &str, message: String) -> Finding {
        let line = self.text.as_bytes()[..at.min(self.text.len())].iter().filter(|b| **b == b'\n').count() + 1;
        Finding {
            file: self.name.clone(),
            line: line as u32,
            rule: rule.to_owned(),
            level: FindingLevel::Warning,
            message,
            effect: None,
            table: None,
        }
    }
}

/// What a node consists of, without white space and comments.
pub(in crate::migration) fn tokens(node: &SyntaxNode) -> impl Iterator<Item = SyntaxToken> {
    let tokens = node.descendants_with_tokens().filter_map(SyntaxElement::into_token);
    tokens.filter(|token| !token.kind().is_trivia())
}

/// Where a node's first word is.
pub(super) fn start(node: &SyntaxNode) -> usize {
    tokens(node).next().map_or_else(|| node.text_range().start(), |t| t.text_range().start()).into()
}

/// The names of objects in a node, each as its parts: `schema.table` has two.
pub(super) fn names(node: &SyntaxNode) -> impl Iterator<Item = (SyntaxNode, Vec<String>)> {
    node.descendants().filter(is_name).map(|path| {
        let mut parts = parts(&path.text().to_string());
        if is_of_column(&path) {
            parts.pop();
        }
        (path, parts)
    })
}

/// `comment on column table.column`, `owned by table.column`: the last part is not the object.
fn is_of_column(path: &SyntaxNode) -> bool {
    let mut before = path.first_token().and_then(|token| token.prev_token());
    while let Some(token) = before.as_ref().filter(|token| token.kind().is_trivia()) {
        before = token.prev_token();
    }
    before.is_some_and(|token| matches!(token.kind(), SyntaxKind::COLUMN_KW | SyntaxKind::BY_KW))
}

fn is_name(node: &SyntaxNode) -> bool {
    let parent = node.parent().map(|parent| parent.kind());
    match node.kind() {
        kind @ (SyntaxKind::PATH | SyntaxKind::PATH_REF) => parent != Some(kind),
        // A function that is called; elsewhere `a.b` is a column of a table.
        SyntaxKind::FIELD_EXPR => parent == Some(SyntaxKind::CALL_EXPR),
        _ => false,
    }
}

/// The table that a statement is about.
pub(super) fn table(statement: &SyntaxNode) -> Option<String> {
    let is_table = |node: &SyntaxNode| {
        use SyntaxKind::{RELATION_NAME_REF, TABLE_NAME, TABLE_NAME_REF};
        matches!(node.kind(), TABLE_NAME | TABLE_NAME_REF | RELATION_NAME_REF)
    };
    statement.descendants().find(is_table).and_then(|node| parts(&node.text().to_string()).pop())
}

/// The name of the object that a statement makes.
pub(super) fn made(statement: &SyntaxNode) -> Option<String> {
    names(statement).next().and_then(|(_, mut parts)| parts.pop())
}

/// `a."B c"` as the catalogs have the names.
pub(in crate::migration) fn parts(path: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut quoted = false;
    let mut chars = path.trim().chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                part.push('"');
            }
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(std::mem::take(&mut part)),
            c if quoted => part.push(c),
            c if c.is_whitespace() => {}
            c => part.extend(c.to_lowercase()),
        }
    }
    parts.push(part);
    parts
}

/// What stands between the quotes of `'…'`.
pub(in crate::migration) fn unquoted(literal: &str) -> Option<String> {
    Some(literal.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'"))
}

/// The first words of a statement, in lower case.
pub(super) fn words(statement: &SyntaxNode, count: usize) -> Vec<String> {
    tokens(statement).map(|t| t.text().to_lowercase()).take(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use squawk_syntax::ast::AstNode;

    #[test]
    fn names_are_those_of_the_catalogs() {
        assert_eq!(parts("Public.\"My \"\"Table\""), ["public", "My \"Table"]);
        let file =
            SourceFile::parse("alter table only A.\"b\" add column c d.e; create index i on f (g); select h.i(j.k);");
        let statements: Vec<Stmt> = file.tree().stmts().collect();
        let found: Vec<Vec<String>> = names(statements[0].syntax()).map(|(_, parts)| parts).collect();
        assert_eq!(found, [vec!["a", "b"], vec!["d", "e"]]);
        assert_eq!(table(statements[1].syntax()).as_deref(), Some("f"));
        assert_eq!(made(statements[1].syntax()).as_deref(), Some("i"));
        let called: Vec<Vec<String>> = names(statements[2].syntax()).map(|(_, parts)| parts).collect();
        assert_eq!(called, [vec!["h", "i"]]);
    }
}
