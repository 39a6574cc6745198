//! Who may use a tenant: rights on its schema, its own role, and that role's password.
//!
//! Rights are read from the catalogs and written as `grant` and `revoke`, in the order in which they were, so that what is
//! taken can be given back exactly. A password never becomes SQL: the server gets a SCRAM verifier of it.

mod acl;
mod kept;
mod own;
mod password;
mod role;
mod snippet;

pub use acl::{Grant, Privilege};
pub(crate) use acl::{Rights, effective, handed_over, missing_roles, restore, revoke_all, rights};
pub use kept::{Kept, reconcile};
pub(crate) use kept::{forget, keep};
pub(crate) use own::{OwnRole, own_roles};
pub use password::generate as generate_password;
pub(crate) use password::verifier;
pub use role::RoleRequest;
pub(crate) use role::{found as found_roles, statements as role_statements};
pub use snippet::{Snippets, snippets};
