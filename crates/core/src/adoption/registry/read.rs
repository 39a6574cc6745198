//! Reading a registry: one message, in a transaction that cannot write and does not wait long.

use super::structure::{Reading, SchemaFrom};
use super::table::Column;
use super::{EntryState, RegistryKind, SourceDomain, SourceEntry, SourceField, state};
use crate::connection::Session;
use crate::sql::{Ident, Statement};
use crate::{Error, Result};
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::collections::HashMap;

/// Rows of a registry that are read at most.
pub(super) const MOST_ROWS: usize = 20_000;
/// Characters of a value that are kept.
const MOST_CHARACTERS: usize = 1_000;

const NAMES: [&str; 13] = [
    "name",
    "school_name",
    "display_name",
    "tenant_name",
    "company_name",
    "client_name",
    "organisation",
    "organization",
    "title",
    "label",
    "nom",
    "raison_sociale",
    "libelle",
];
const KINDS: [&str; 6] = ["school_type", "tenant_type", "type", "kind", "category", "type_etablissement"];
/// What else a registry may say. Only these are read: anything else could be a secret of the application.
const FIELDS: [&str; 26] = [
    "subdomain",
    "slug",
    "code",
    "email",
    "contact_email",
    "phone",
    "address",
    "postal_code",
    "city",
    "country",
    "primary_color",
    "secondary_color",
    "max_students",
    "max_users",
    "max_storage_gb",
    "storage_quota_gb",
    "plan",
    "paid_until",
    "on_trial",
    "trial_ends_at",
    "is_provisioned",
    "modules_enabled",
    "description",
    "notes",
    "created_on",
    "created_at",
];

/// What a table said: a row each, and whether there were more.
pub(super) struct Rows {
    pub rows: Vec<Said>,
    pub more: bool,
}

/// One row.
pub(super) struct Said {
    /// The value that the schema's name stands in or is made from; `None` where it is NULL or empty.
    pub key: Option<String>,
    /// The schema is named elsewhere in the row (`tenancy_db_name`).
    pub named: Option<String>,
    pub entry: SourceEntry,
}

/// Reads the tenants and their domains.
pub(super) async fn read(session: &mut Session, reading: &Reading<'_>) -> Result<Rows> {
    let table = reading.table;
    let key = match reading.schema {
        SchemaFrom::Column(name) | SchemaFrom::Folded(name) => name,
        SchemaFrom::Stancl => "id",
    };
    // Every column once, in the order of first mention.
    let mut columns: Vec<&Column> = Vec::new();
    let mut want = |column: Option<&'_ Column>| -> Option<usize> {
        let column = table.column(&column?.name)?;
        let known = columns.iter().position(|c| c.name == column.name);
        Some(known.unwrap_or_else(|| {
            columns.push(column);
            columns.len() - 1
        }))
    };
    let key_at = want(table.column(key));
    let data_at = want(table.column("data").filter(|_| matches!(reading.schema, SchemaFrom::Stancl)));
    let name_at = want(table.first_of(&NAMES).filter(|c| c.is_text() && c.name != key));
    let kind_at = want(table.first_of(&KINDS).filter(|c| !c.is_json()));
    let domain_at = want(reading.domain.and_then(|name| table.column(name)));
    let target_at = want(reading.domains.as_ref().and_then(|d| table.column(d.target)));
    let states: Vec<(usize, &Column)> =
        state::columns(table).into_iter().filter_map(|c| Some((want(Some(c))?, c))).collect();
    let fields: Vec<(usize, &str)> = FIELDS
        .iter()
        .filter(|name| **name != key)
        .filter_map(|name| Some((want(table.column(name))?, *name)))
        .collect();

    let mut message = Statement::of(format_args!(
        "begin read only; set local statement_timeout = '5s'; set local lock_timeout = '1s'; select 'tenant'"
    ));
    for column in &columns {
        message.push(format_args!(", {}", Ident::new(column.name.as_str())?));
    }
    message.push(format_args!(" from {} limit {}; ", table.qualified()?, MOST_ROWS + 1));
    if let Some(domains) = &reading.domains {
        let (key, of) = (Ident::new(domains.key)?, domains.table.qualified()?);
        message.push(format_args!("select 'domain', {key}, domain"));
        if let Some(primary) = domains.primary {
            message.push(format_args!(", {}", Ident::new(primary)?));
        }
        message.push(format_args!(" from {of} order by domain limit {}; ", MOST_ROWS * 4));
    }
    message.push(format_args!("commit"));
    let answer = match session.rows(message).await {
        Ok(rows) => rows,
        Err(error) if error.kind().is_unreachable() => return Err(error),
        Err(error) => {
            session.execute("rollback").await?;
            return Err(error);
        }
    };

    let mut domains = domains_by_key(answer.iter().filter(|row| text(row, 0).as_deref() == Some("domain")));
    let mut rows = Vec::new();
    let mut more = false;
    for row in answer.iter().filter(|row| text(row, 0).as_deref() == Some("tenant")) {
        if rows.len() == MOST_ROWS {
            more = true;
            break;
        }
        let at = |index: Option<usize>| index.and_then(|i| text(row, i + 1)).filter(|value| !value.trim().is_empty());
        let values: Vec<Option<String>> = states.iter().map(|(i, _)| text(row, i + 1)).collect();
        let said = states.iter().zip(&values).map(|((_, column), value)| (*column, value.as_deref()));
        let (state, state_from) = state::read(said);
        let mut own: Vec<SourceDomain> =
            target_at.and_then(|_| at(target_at)).and_then(|target| domains.remove(&target)).unwrap_or_default();
        own.extend(at(domain_at).map(|domain| SourceDomain { domain, primary: true }));
        let data = at(data_at).and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
        let of_data = |name: &str| Some(data.as_ref()?.get(name)?.as_str()?.to_owned());
        let entry = SourceEntry {
            schema: String::new(),
            name: at(name_at).or_else(|| NAMES.iter().find_map(|name| of_data(name))),
            domains: own,
            state,
            state_from,
            kind: at(kind_at),
            fields: fields
                .iter()
                .filter_map(|(i, name)| Some(SourceField { name: (*name).to_owned(), value: at(Some(*i))? }))
                .collect(),
            registry: reading.kind,
            table: table.place(),
        };
        rows.push(Said { key: at(key_at), named: of_data("tenancy_db_name"), entry });
    }
    Ok(Rows { rows, more })
}

fn domains_by_key<'a>(rows: impl Iterator<Item = &'a PgRow>) -> HashMap<String, Vec<SourceDomain>> {
    let mut domains: HashMap<String, Vec<SourceDomain>> = HashMap::new();
    for row in rows {
        let (Some(key), Some(domain)) = (text(row, 1), text(row, 2)) else { continue };
        let primary = row.len() > 3 && text(row, 3).as_deref() == Some("t");
        let of_tenant = domains.entry(key).or_default();
        // The primary one first; the others are in order already.
        let place = if primary { 0 } else { of_tenant.len() };
        of_tenant.insert(place, SourceDomain { domain, primary });
    }
    domains
}

fn text(row: &PgRow, index: usize) -> Option<String> {
    let value = row.try_get_raw(index).ok()?;
    let text = value.as_str().ok()?;
    Some(match text.char_indices().nth(MOST_CHARACTERS) {
        // JSON must stay whole to be understood.
        Some((cut, _)) if !text.starts_with('{') => text[..cut].to_owned(),
        _ => text.to_owned(),
    })
}

/// Entries of the same schema become one: some registries have a row per domain.
pub(super) fn merge(entries: Vec<SourceEntry>) -> Vec<SourceEntry> {
    let mut merged: Vec<SourceEntry> = Vec::new();
    let mut place: HashMap<String, usize> = HashMap::new();
    for entry in entries {
        match place.get(&entry.schema) {
            None => {
                place.insert(entry.schema.clone(), merged.len());
                merged.push(entry);
            }
            Some(index) => {
                let known = &mut merged[*index];
                known.name = known.name.take().or(entry.name);
                // In use under one name is in use.
                if known.state != EntryState::Active && entry.state != EntryState::Unsaid {
                    (known.state, known.state_from) = (entry.state, entry.state_from);
                }
                for domain in entry.domains {
                    if !known.domains.iter().any(|d| d.domain == domain.domain) {
                        let primary = domain.primary && !known.domains.iter().any(|d| d.primary);
                        known.domains.push(SourceDomain { primary, ..domain });
                    }
                }
            }
        }
    }
    merged.sort_by(|a, b| a.schema.cmp(&b.schema));
    merged
}

/// What the server said, without what it may have quoted from a row.
pub(super) fn reason(error: &Error) -> String {
    error.to_string()
}

impl RegistryKind {
    /// One row per tenant: a second one of the same schema shows that the table is something else.
    pub(super) fn names_once(self) -> bool {
        matches!(self, Self::Apartment | Self::Listed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(schema: &str, domain: &str, state: EntryState) -> SourceEntry {
        SourceEntry {
            schema: schema.into(),
            name: None,
            domains: vec![SourceDomain { domain: domain.into(), primary: true }],
            state,
            state_from: None,
            kind: None,
            fields: Vec::new(),
            registry: RegistryKind::DjangoTenantSchemas,
            table: "public.client".into(),
        }
    }

    #[test]
    fn rows_of_one_schema_become_one_entry_with_all_their_domains() {
        let merged = merge(vec![
            entry("b", "b.org", EntryState::Unsaid),
            entry("a", "a.org", EntryState::Inactive),
            entry("b", "www.b.org", EntryState::Active),
        ]);
        assert_eq!(merged.iter().map(|e| e.schema.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        let domains: Vec<_> = merged[1].domains.iter().map(|d| (d.domain.as_str(), d.primary)).collect();
        assert_eq!(domains, [("b.org", true), ("www.b.org", false)]);
        assert_eq!(merged[1].state, EntryState::Active);
    }
}
