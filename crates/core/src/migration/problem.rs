//! What is wrong, or odd, with what a tenant has applied.

use super::{History, Migration, Source, outside, text};
use crate::fleet::{Check, CheckLevel};
use crate::tenant::Found;
use crate::{Error, ErrorKind};

/// What is wrong with a tenant, seen from this source, each with the version at fault.
pub(super) fn problems<'a>(
    tenant: &'a Found,
    history: Option<&'a History>,
    source: &'a Source,
) -> impl Iterator<Item = (Option<i64>, Error)> + 'a {
    let schema = &tenant.summary.schema;
    let unreadable = (tenant.has_history && history.is_none()).then(|| {
        let reason = if tenant.history_readable { "it is not a history" } else { "this role may not" };
        (None, ErrorKind::HistoryUnreadable { schema: schema.clone(), reason: reason.into() }.into())
    });
    let rows = history.into_iter().flat_map(History::iter).filter_map(move |(version, applied)| {
        let (schema, text) = (schema.clone(), version.to_string());
        let kind = match source.get(version) {
            migration if !applied.success => {
                return Some((Some(version), outside::half_way(&schema, version, applied, migration)));
            }
            None => ErrorKind::MigrationUnknown { schema, version: text },
            Some(m) if !m.is_text_of(&applied.checksum) => ErrorKind::ChecksumChanged { schema, version: text },
            Some(_) => return None,
        };
        Some((Some(version), kind.into()))
    });
    unreadable.into_iter().chain(rows)
}

/// What a plan says about a file that tenants have applied with other line endings.
pub(super) fn about_line_endings(migration: &Migration, tenants: &str) -> Check {
    let file = &migration.file;
    let differ = format!("{file} is what {tenants} has applied, only its line endings differ");
    let (code, message) = match text::has_quoted_line_end(&migration.up) {
        true => (
            "line_endings_in_quotes",
            format!("{differ}. Some are inside quotes: texts and functions that it made may differ by them."),
        ),
        false => ("line_endings", format!("{differ}.")),
    };
    Check::new(CheckLevel::Warning, code, message, &[("file", file.clone()), ("tenants", tenants.to_owned())])
}
