//! The words of tables in the wrong schema.

use clap::Args;

#[derive(Debug, Args)]
pub struct TenantMisplaced {
    /// Look in this schema, which is no tenant
    #[arg(long = "in", value_name = "SCHEMA", default_value = "public")]
    pub schema: String,
}

#[derive(Debug, Args)]
pub struct TenantMoveTables {
    /// Schema or display name; a schema that holds no table yet may be named, too
    pub tenant: String,
    /// Tables, views, sequences, types, routines as 'name(arguments)'; what surely belongs to the tenant where none is named
    #[arg(value_name = "TABLE")]
    pub tables: Vec<String>,
    /// The schema that they are in
    #[arg(long, value_name = "SCHEMA", conflicts_with_all = ["to_public", "to"])]
    pub from: Option<String>,
    /// Where no table is named: also what only looks as if it belonged to the tenant
    #[arg(long, conflicts_with_all = ["tables", "to_public", "to"])]
    pub likely: bool,
    /// The other way round: out of the tenant into public
    #[arg(long, requires = "tables")]
    pub to_public: bool,
    /// … or into another schema that is no tenant
    #[arg(long, value_name = "SCHEMA", requires = "tables", conflicts_with = "to_public")]
    pub to: Option<String>,
    /// Go on only when the plan of now has this fingerprint, which --dry-run prints; its first 12 digits do
    #[arg(long, value_name = "FINGERPRINT")]
    pub plan: Option<String>,
}
