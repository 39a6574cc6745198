//! Cadastre's own registry as one more source of names and domains: the first.

use super::{EntryState, RegistryKind, SourceDomain, SourceEntry};
use crate::Result;
use crate::connection::Session;
use crate::registry;

/// Its entries; `None` where there is no registry that this role may read. Whether a tenant is in use is said by the rights on
/// its schema, which the entry follows, so that nothing is said about it here.
pub(super) async fn read(session: &mut Session) -> Result<Option<Vec<SourceEntry>>> {
    if !registry::state_in(session).await?.readable {
        return Ok(None);
    }
    let entries = registry::entries(session).await?;
    let source = |entry: registry::Entry| SourceEntry {
        schema: entry.schema,
        name: Some(entry.name),
        domains: entry
            .domains
            .into_iter()
            .map(|domain| SourceDomain { domain: domain.domain, primary: domain.primary })
            .collect(),
        state: EntryState::Unsaid,
        state_from: None,
        kind: entry.identity.kind,
        fields: Vec::new(),
        registry: RegistryKind::Cadastre,
        table: format!("{}.tenant", registry::SCHEMA),
    };
    let mut entries: Vec<SourceEntry> = entries.into_values().map(source).collect();
    entries.sort_by(|a, b| a.schema.cmp(&b.schema));
    Ok(Some(entries))
}
