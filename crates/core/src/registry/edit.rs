//! What a person wants changed, as a form or a command line says it.

use super::{Assignment, Image, ImageUsage, normalise_domain, parse_assignment};
use crate::registry::parse_module;
use crate::{ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Changes of entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EditRequest {
    /// Fields and their new values; an empty value empties the field.
    pub fields: Vec<(String, String)>,
    /// Domains where tenants answer.
    pub add_domains: Vec<String>,
    /// Domains where they do not answer any more.
    pub remove_domains: Vec<String>,
    /// The domain that a tenant is known by.
    pub primary_domain: Option<String>,
    /// Domains that lead to the tenant again, or not for now.
    pub domains_active: Vec<(String, bool)>,
    /// Modules that tenants have; `-name` is one that they have not.
    pub modules: Vec<String>,
    /// Path of a new logo; an empty one takes the logo away.
    pub logo: Option<String>,
    /// Path of a new favicon; an empty one takes the favicon away.
    pub favicon: Option<String>,
}

impl EditRequest {
    /// Checks everything that can be checked without a server, and reads the images.
    ///
    /// # Errors
    /// [`ErrorKind::RegistryValueInvalid`], [`ErrorKind::RegistryFieldUnknown`], [`ErrorKind::FileUnreadable`];
    /// [`ErrorKind::Usage`] where nothing is said.
    pub fn assignments(&self) -> Result<Vec<Assignment>> {
        let mut assignments = Vec::new();
        for (field, value) in &self.fields {
            assignments.push(parse_assignment(field, value)?);
        }
        for domain in &self.remove_domains {
            assignments.push(Assignment::RemoveDomain(normalise_domain(domain)?));
        }
        for domain in &self.add_domains {
            assignments.push(Assignment::AddDomain(normalise_domain(domain)?));
        }
        if let Some(domain) = &self.primary_domain {
            assignments.push(Assignment::PrimaryDomain(normalise_domain(domain)?));
        }
        for (domain, active) in &self.domains_active {
            assignments.push(Assignment::DomainActive(normalise_domain(domain)?, *active));
        }
        for module in &self.modules {
            assignments.push(parse_module(module)?);
        }
        for (usage, path) in [(ImageUsage::Logo, &self.logo), (ImageUsage::Favicon, &self.favicon)] {
            let Some(path) = path else { continue };
            let image = if path.is_empty() { None } else { Some(Image::read(Path::new(path), usage)?) };
            assignments.push(Assignment::Image(usage, image));
        }
        if assignments.is_empty() {
            let reason = "Say what to change: FIELD=VALUE, --domain, --module, --logo …";
            return Err(ErrorKind::Usage { reason: reason.into() }.into());
        }
        Ok(assignments)
    }
}
