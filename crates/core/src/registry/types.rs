//! What the registry knows of a tenant.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A tenant's entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename = "Registration")]
pub struct Entry {
    /// `cadastre.tenant.id`.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub id: i64,
    /// The schema that holds the tenant.
    pub schema: String,
    /// Display name.
    pub name: String,
    /// `pending`, `active`, `inactive`, `quarantined` or `purged`.
    pub state: String,
    /// The template that it was made from.
    pub template: Option<String>,
    /// The role that the tenant's application uses.
    pub role: Option<String>,
    /// Who it is.
    pub identity: Identity,
    /// Where it answers, the primary domain first.
    pub domains: Vec<Domain>,
    /// By name.
    pub modules: Vec<Module>,
    /// What it may use.
    pub quotas: Quotas,
    /// Own fields, by name.
    pub fields: BTreeMap<String, String>,
    /// Logo and favicon, without their content.
    pub images: Vec<ImageInfo>,
    /// Grows with every change of the entry itself.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub revision: i64,
    /// When the entry was last changed, RFC 3339, UTC.
    pub changed_at: String,
}

/// Who a tenant is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[expect(missing_docs, reason = "the names say it")]
pub struct Identity {
    pub kind: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    /// `#rrggbb`.
    pub primary_color: Option<String>,
    /// `#rrggbb`.
    pub secondary_color: Option<String>,
    pub notes: Option<String>,
}

/// A name under which a tenant's application answers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Domain {
    /// Lower case, in its ASCII form.
    pub domain: String,
    /// The one of its names that a tenant is known by.
    pub primary: bool,
    /// It leads to the tenant.
    pub active: bool,
}

/// A part of the application.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Module {
    /// Its name.
    pub module: String,
    /// The tenant has it.
    pub enabled: bool,
}

/// What a tenant may use; nothing means no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Quotas {
    /// People: rows of the table that the tenant's template names.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub people: Option<i64>,
    /// Tables, TOAST and indexes, bytes.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub storage_bytes: Option<i64>,
}

impl Default for Quotas {
    fn default() -> Self {
        Self { people: Some(1000), storage_bytes: Some(50 << 30) }
    }
}

/// An image that the registry keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ImageInfo {
    /// `logo` or `favicon`.
    pub usage: String,
    /// For example `image/png`.
    pub media_type: String,
    /// Its size.
    pub bytes: u32,
    /// Of its content, hexadecimal.
    pub sha256: String,
}
