//! Registries whose columns and keys are those of a framework.
//!
//! Where the structures come from: django-tenants `django_tenants/models.py` (`TenantMixin.schema_name`, `DomainMixin.domain`,
//! `.is_primary`, `.tenant`); django-tenant-schemas `tenant_schemas/models.py` (`TenantMixin.schema_name`, `.domain_url`);
//! stancl/tenancy `assets/migrations/2019_09_15_000010_create_tenants_table.php` (`id`, `data`) and
//! `…_000020_create_domains_table.php` (`domain`, `tenant_id`), schemas by `tenancy.database.prefix` and `.suffix`, or by
//! `tenancy_db_name` in `data`.

use super::table::{Column, Table};
use super::{RegistryEvidence, RegistryKind};

/// How a table is to be read as a registry.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub kind: RegistryKind,
    pub table: &'a Table,
    pub schema: SchemaFrom<'a>,
    /// A column of the table itself with the domain.
    pub domain: Option<&'a str>,
    pub domains: Option<Domains<'a>>,
    pub evidence: Vec<RegistryEvidence>,
}

/// Where the schema's name stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum SchemaFrom<'a> {
    /// In this column.
    Column(&'a str),
    /// In this column, but perhaps in another case or with hyphens.
    Folded(&'a str),
    /// In the JSON of `data`, or made from `id`.
    Stancl,
}

/// The table of domains.
#[derive(Debug)]
pub(super) struct Domains<'a> {
    pub table: &'a Table,
    pub primary: Option<&'a str>,
    /// Its column that leads to the tenants.
    pub key: &'a str,
    /// The tenants' column that it leads to.
    pub target: &'a str,
}

/// Everything that is built like a known registry.
pub(super) fn recognise(tables: &[Table]) -> Vec<Reading<'_>> {
    tables.iter().filter_map(|table| one(table, tables)).collect()
}

fn one<'a>(table: &'a Table, all: &'a [Table]) -> Option<Reading<'a>> {
    let domains = domains(table, all);
    let chosen_domain = domains.as_ref().is_some_and(|d| d.primary.is_some());
    let reading = |kind, columns: &[&str], schema, domain, domains: Option<Domains<'a>>| {
        let columns: Vec<&str> = columns.iter().copied().filter(|name| table.has(name)).collect();
        let mut evidence = vec![RegistryEvidence::Columns { table: table.place(), columns: columns.join(", ") }];
        if let Some(domains) = &domains {
            evidence.push(RegistryEvidence::Domains { table: domains.table.place(), column: domains.key.to_owned() });
        }
        Some(Reading { kind, table, schema, domain, domains, evidence })
    };
    let by_name = SchemaFrom::Column("schema_name");
    if table.has_text("schema_name") {
        if table.has_text("subdomain") && (table.has("school_name") || !chosen_domain) {
            let columns = ["schema_name", "subdomain", "school_name", "name", "is_active"];
            return reading(RegistryKind::PeproScolaire, &columns, by_name, None, domains);
        }
        if table.has_text("domain_url") {
            let columns = ["schema_name", "domain_url"];
            return reading(RegistryKind::DjangoTenantSchemas, &columns, by_name, Some("domain_url"), None);
        }
        if chosen_domain {
            return reading(RegistryKind::DjangoTenants, &["schema_name", "name", "type"], by_name, None, domains);
        }
        return None;
    }
    let json = table.column("data").is_some_and(Column::is_json);
    if json && table.has("id") && domains.as_ref().is_some_and(|d| d.target == "id") {
        return reading(RegistryKind::Stancl, &["id", "data"], SchemaFrom::Stancl, None, domains);
    }
    None
}

/// A table with a domain in each row and a key that leads here.
fn domains<'a>(table: &'a Table, all: &'a [Table]) -> Option<Domains<'a>> {
    all.iter().filter(|other| other.oid != table.oid && other.has_text("domain")).find_map(|other| {
        let (key, target) = other.key_to(table)?;
        let primary = ["is_primary", "primary"].into_iter().find(|n| other.column(n).is_some_and(Column::is_boolean));
        Some(Domains { table: other, primary, key, target })
    })
}
