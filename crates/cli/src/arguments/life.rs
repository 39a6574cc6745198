//! The words of a tenant's life: create, rename, close, open, change.

use super::OnError;
use clap::Args;

#[derive(Debug, Args)]
pub struct TenantCreate {
    /// Display names
    #[arg(required_unless_present = "from", value_name = "NAME")]
    pub names: Vec<String>,
    /// Schema name; derived from the display name when absent
    #[arg(long)]
    pub schema: Option<String>,
    /// Shipped template, or folder of migrations
    #[arg(long, value_name = "DIR|NAME")]
    pub template: Option<String>,
    /// A role of the tenant's own with all rights in it, named like its schema or as given
    #[arg(long, value_name = "ROLE", num_args = 0..=1, default_missing_value = "")]
    pub role: Option<String>,
    /// The role may connect; its password is made and put into the keyring
    #[arg(long, requires = "role")]
    pub login: bool,
    /// The role is there already and only gets the rights
    #[arg(long, requires = "role", conflicts_with = "login")]
    pub existing_role: bool,
    /// The role may make objects in the schema
    #[arg(long, requires = "role")]
    pub role_may_create: bool,
    /// New sessions of this database look into the schema first, whoever opens them
    #[arg(long, requires = "role", conflicts_with = "from")]
    pub database_search_path: bool,
    /// A field of its entry in the registry, for example city=Paris; others than those of the registry are its own
    #[arg(long = "field", value_name = "FIELD=VALUE", conflicts_with = "from")]
    pub fields: Vec<String>,
    /// A domain where it answers; the first one is its primary domain
    #[arg(long = "domain", value_name = "DOMAIN", conflicts_with = "from")]
    pub domains: Vec<String>,
    /// A module that it has; -NAME for one that it has not
    #[arg(long = "module", value_name = "MODULE", allow_hyphen_values = true, conflicts_with = "from")]
    pub modules: Vec<String>,
    /// A file with a heading and a tenant on each line: name, schema, template, domains, modules, city, email …
    #[arg(long, value_name = "FILE.csv|FILE.xlsx", conflicts_with_all = ["names", "schema"])]
    pub from: Option<String>,
    /// With --from: whether lines that are not good, and tenants that fail, stop the others
    #[arg(long, value_enum, default_value = "stop", requires = "from")]
    pub on_error: OnError,
    /// Go on only when the plan of now has this fingerprint, which --dry-run prints; its first 12 digits do
    #[arg(long, value_name = "FINGERPRINT")]
    pub plan: Option<String>,
}

#[derive(Debug, Args)]
pub struct TenantRename {
    /// Schema or display name
    pub tenant: String,
    /// The new display name
    pub name: String,
    /// Another schema; settings of roles, the database and functions follow
    #[arg(long)]
    pub schema: Option<String>,
}

#[derive(Debug, Args)]
pub struct TenantDeactivate {
    /// Schemas or display names
    #[arg(required = true, value_name = "TENANT")]
    pub tenants: Vec<String>,
    /// End the sessions of the tenants' own roles
    #[arg(long)]
    pub end_sessions: bool,
    /// Take the rights only; roles may go on connecting
    #[arg(long, conflicts_with = "end_sessions")]
    pub keep_login: bool,
}

#[derive(Debug, Args)]
pub struct TenantSet {
    /// Schema or display name; with --all or --select only fields follow
    #[arg(value_name = "TENANT")]
    pub tenant: Option<String>,
    /// Fields and their new values; an empty value empties the field
    #[arg(value_name = "FIELD=VALUE")]
    pub fields: Vec<String>,
    /// Every tenant
    #[arg(long)]
    pub all: bool,
    /// Tenants whose schema or name fits a pattern with * and ?
    #[arg(long, value_name = "GLOB")]
    pub select: Vec<String>,
    /// A domain where it answers
    #[arg(long = "domain", value_name = "DOMAIN")]
    pub domains: Vec<String>,
    /// … as its primary one
    #[arg(long, value_name = "DOMAIN")]
    pub primary_domain: Option<String>,
    /// A domain where it does not answer any more
    #[arg(long = "remove-domain", value_name = "DOMAIN")]
    pub removed_domains: Vec<String>,
    /// A domain that leads nowhere for now
    #[arg(long = "domain-off", value_name = "DOMAIN")]
    pub domains_off: Vec<String>,
    /// … and leads to the tenant again
    #[arg(long = "domain-on", value_name = "DOMAIN")]
    pub domains_on: Vec<String>,
    /// A module that it has; -NAME for one that it has not
    #[arg(long = "module", value_name = "MODULE", allow_hyphen_values = true)]
    pub modules: Vec<String>,
    /// Its logo, 1 MiB at most
    #[arg(long, value_name = "FILE")]
    pub logo: Option<String>,
    /// Its favicon, 128 KiB at most
    #[arg(long, value_name = "FILE")]
    pub favicon: Option<String>,
    /// Without logo
    #[arg(long, conflicts_with = "logo")]
    pub no_logo: bool,
    /// Without favicon
    #[arg(long, conflicts_with = "favicon")]
    pub no_favicon: bool,
}
