//! The words of the registry.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum Registry {
    /// Make Cadastre's own tables in the schema cadastre, or bring them to the present version
    Install {
        /// Go on only when the plan of now has this fingerprint, which --dry-run prints; its first 12 digits do
        #[arg(long, value_name = "FINGERPRINT")]
        plan: Option<String>,
    },
    /// Whether it is there, its version, and who may ask it
    Status,
    /// Let a role ask which schema answers at a domain, and nothing else
    Grant {
        /// The role that an application connects as
        role: String,
    },
    /// Let a role ask no more
    Revoke {
        /// The role that an application connects as
        role: String,
    },
    /// Former values of a tenant's entry
    History {
        /// Schema or display name
        tenant: String,
        /// At most this many changes
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
}
