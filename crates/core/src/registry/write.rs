//! The statements that change the registry. Each is sent in the transaction of what it belongs to.

use super::{Assignment, Entry, Image};
use crate::journal::Author;
use crate::migration::hex;
use crate::sql::{Statement, literal};

/// A tenant that has no entry yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewEntry {
    pub schema: String,
    pub name: String,
    pub state: &'static str,
    pub template: Option<String>,
    pub role: Option<String>,
    pub assignments: Vec<Assignment>,
}

/// Who changes the registry, for its versions.
pub(crate) fn person_setting() -> Statement {
    let author = Author::here().to_string();
    Statement::of(format_args!("select pg_catalog.set_config('cadastre.person', {}, true);", literal(&author)))
}

impl NewEntry {
    /// The entry that will be there, as far as it can be told beforehand.
    pub fn expected(&self) -> Entry {
        let mut entry = Entry {
            id: 0,
            schema: self.schema.clone(),
            name: self.name.clone(),
            state: self.state.to_owned(),
            template: self.template.clone(),
            role: self.role.clone(),
            identity: super::Identity::default(),
            domains: Vec::new(),
            modules: Vec::new(),
            quotas: super::Quotas::default(),
            fields: std::collections::BTreeMap::new(),
            images: Vec::new(),
            revision: 0,
            changed_at: String::new(),
        };
        self.assignments.iter().for_each(|assignment| assignment.apply(&mut entry));
        entry
    }

    /// Makes the entry. `shown` leaves out the bytes of images, which nobody reads in a plan.
    pub fn statements(&self, shown: bool) -> Statement {
        let text = |value: &Option<String>| value.as_deref().map_or_else(|| "null".to_owned(), literal);
        let mut statement = Statement::of(format_args!(
            "insert into cadastre.tenant (schema_name, name, state, template, role_name) values ({}, {}, '{}', {}, {});",
            literal(&self.schema),
            literal(&self.name),
            self.state,
            text(&self.template),
            text(&self.role)
        ));
        let changes = assign(&self.schema, &self.assignments, shown);
        if !changes.text().is_empty() {
            statement.push(format_args!("\n{changes}"));
        }
        statement
    }
}

/// Changes an entry. `shown` leaves out the bytes of images.
pub(crate) fn assign(schema: &str, assignments: &[Assignment], shown: bool) -> Statement {
    let tenant = format!(
        "(select t.id from cadastre.tenant t where t.schema_name = {} and t.state not in ('purged', 'quarantined'))",
        literal(schema)
    );
    let mut lines: Vec<String> = Vec::new();
    let mut columns: Vec<String> = Vec::new();
    for assignment in assignments {
        match assignment {
            Assignment::Field(field, value) => {
                let value = match (*field, value) {
                    (_, None) => "null".to_owned(),
                    ("people_limit" | "storage_limit", Some(value)) => value.clone(),
                    (_, Some(value)) => literal(value),
                };
                let column = if *field == "role" { "role_name" } else { field };
                columns.retain(|other| !other.starts_with(&format!("{column} = ")));
                columns.push(format!("{column} = {value}"));
            }
            Assignment::Own(field, Some(value)) => lines.push(format!(
                "update cadastre.tenant set fields = fields || pg_catalog.jsonb_build_object({}::text, {}::text) where id = {tenant};",
                literal(field),
                literal(value)
            )),
            Assignment::Own(field, None) => lines.push(format!(
                "update cadastre.tenant set fields = fields - {}::text where id = {tenant};",
                literal(field)
            )),
            Assignment::AddDomain(domain) => lines.push(format!(
                "insert into cadastre.domain (domain, tenant, is_primary) values ({domain}, {tenant}, not exists (select from \
                 cadastre.domain d where d.tenant = {tenant})) on conflict (domain) do update set active = domain.active \
                 where domain.tenant = excluded.tenant;",
                domain = literal(domain)
            )),
            Assignment::RemoveDomain(domain) => lines.push(format!(
                "delete from cadastre.domain where domain = {} and tenant = {tenant};",
                literal(domain)
            )),
            Assignment::PrimaryDomain(domain) => {
                let domain = literal(domain);
                lines.push(format!(
                    "update cadastre.domain set is_primary = false where tenant = {tenant} and is_primary and domain <> {domain};"
                ));
                lines.push(format!(
                    "insert into cadastre.domain (domain, tenant, is_primary) values ({domain}, {tenant}, true) on conflict \
                     (domain) do update set is_primary = true where domain.tenant = excluded.tenant;"
                ));
            }
            Assignment::DomainActive(domain, active) => lines.push(format!(
                "update cadastre.domain set active = {active} where domain = {} and tenant = {tenant};",
                literal(domain)
            )),
            Assignment::Module(module, enabled) => lines.push(format!(
                "insert into cadastre.module (tenant, module, enabled) values ({tenant}, {}, {enabled}) on conflict (tenant, \
                 module) do update set enabled = excluded.enabled;",
                literal(module)
            )),
            Assignment::Image(usage, Some(image)) => lines.push(format!(
                "insert into cadastre.image (tenant, usage, media_type, content) values ({tenant}, '{}', '{}', {}) on conflict \
                 (tenant, usage) do update set media_type = excluded.media_type, content = excluded.content;",
                usage.name(),
                image.media_type,
                content(image, shown)
            )),
            Assignment::Image(usage, None) => {
                lines.push(format!("delete from cadastre.image where tenant = {tenant} and usage = '{}';", usage.name()));
            }
        }
    }
    if !columns.is_empty() {
        lines.insert(0, format!("update cadastre.tenant set {} where id = {tenant};", columns.join(", ")));
    }
    Statement::of(format_args!("{}", lines.join("\n")))
}

fn content(image: &Image, shown: bool) -> String {
    match shown {
        true => format!("'\\x…' /* {} bytes */", image.content.len()),
        false => format!("'\\x{}'::bytea", hex(&image.content)),
    }
}

/// Notes what became of a tenant, where it has an entry.
pub(crate) fn set_state(schema: &str, state: &'static str) -> Statement {
    Statement::of(format_args!(
        "update cadastre.tenant set state = '{state}' where schema_name = {} and state not in ('purged', 'quarantined');",
        literal(schema)
    ))
}

/// Notes that a tenant is in quarantine; its name is free from now on, its domains lead nowhere.
pub(crate) fn quarantined(schema: &str) -> Statement {
    set_state(schema, "quarantined")
}

/// Notes that a tenant came back from quarantine, under this name.
pub(crate) fn back(was: &str, schema: &str, state: &'static str) -> Statement {
    Statement::of(format_args!(
        "update cadastre.tenant set state = '{state}', schema_name = {} where id = {};",
        literal(schema),
        dropped(was)
    ))
}

/// Notes that a tenant in quarantine was removed for good; its domains are free from now on.
pub(crate) fn purged(was: &str) -> Statement {
    Statement::of(format_args!(
        "delete from cadastre.domain where tenant = {0}; update cadastre.tenant set state = 'purged' where id = {0};",
        dropped(was)
    ))
}

/// The entry of the tenant that was dropped last under this name.
fn dropped(was: &str) -> String {
    format!(
        "(select t.id from cadastre.tenant t where t.schema_name = {} and t.state = 'quarantined' order by t.changed_at desc limit 1)",
        literal(was)
    )
}
