//! Cadastre's own tables in a managed database, schema `cadastre`: what is known of a tenant besides its data.
//!
//! The registry is optional. It is installed only when a person asks for it, by plan, from `migrations/registry`; everything
//! that needs no registry works without. What an application needs of it is one function, `cadastre.tenant_for_domain(text)`.
//!
//! Every change of a row leaves its former version in `cadastre.change`, also one that was made with another program: a trigger
//! keeps them. Whether a tenant can be used is said by the rights on its schema; `state` follows.

mod assignment;
mod change;
mod domain;
mod edit;
mod image;
mod install;
mod quota;
mod read;
mod routing;
mod types;
mod write;

pub use assignment::{Assignment, FIELDS, parse as parse_assignment, parse_module};
pub use change::{Change, Version, versions};
pub use domain::normalise as normalise_domain;
pub use edit::EditRequest;
pub use image::{Image, ImageUsage};
pub use install::{InstallPlan, Status, apply_install, plan_install, status};
pub use quota::QuotaUse;
pub(crate) use quota::{people_setting, quotas};
pub(crate) use read::{domains, state_in};
pub use read::{entries, entry, is_installed, logo};
pub use routing::{RoutingPlan, RoutingRequest, apply_routing, plan_routing};
pub use types::{Domain, Entry, Identity, ImageInfo, Module, Quotas};
pub(crate) use write::{NewEntry, assign, back, person_setting, purged, quarantined, set_state};

/// The schema of the registry.
pub const SCHEMA: &str = "cadastre";
