//! Bytes of a file that are not the same everywhere.

use super::super::{Direction, Migration, text};
use super::Finding;
use super::file::Parsed;

/// Line ends that git may change, and byte-order marks.
pub(super) fn findings(parsed: &Parsed<'_>, migration: &Migration, direction: Direction) -> Vec<Finding> {
    let mut findings = Vec::new();
    if migration.has_mark(direction) {
        let message = "the file begins with a byte-order mark, which sqlx's own tool sends and PostgreSQL refuses: save it without";
        findings.push(parsed.finding(0, "byte_order_mark", message.to_owned()));
    }
    let (windows, unix, first) = text::line_ends(parsed.text);
    let others = if unix > 0 { ", others with LF" } else { "" };
    if windows > 0 {
        let message = format!(
            "{windows} lines end with CRLF{others}: git may change that on another computer, and the checksum with it; write \
             `*.sql text eol=lf` into .gitattributes"
        );
        findings.push(Finding { line: first, ..parsed.finding(0, "line_endings", message) });
    }
    findings
}
