//! Reaching a database: profiles and where else settings come from, secrets, TLS, session defaults, and what this
//! server and this role can do.
//!
//! Passwords are never part of a [`Profile`]: they come from the keyring, or from whoever calls, as `SecretString`.

mod child;
mod database;
mod ending;
mod failure;
mod pooler;
mod probe;
mod profile;
mod secret;
mod server;
mod session;
mod source;
mod store;
mod target;
mod tls_files;

pub(crate) use child::{ChildEnvironment, percent_encode};
pub use database::{CatalogSession, Database};
pub(crate) use ending::{Ended, Ending, end as end_sessions};
pub use probe::{Layer, TestReport, TestStep, test};
pub use profile::{Environment, Profile, Tls, TlsMode};
pub use secret::{KeyringStatus, SecretError, SecretStore, Secrets};
pub use server::{Extension, LockBudget, ServerInfo};
pub(crate) use server::{identity as server_identity, known_identity};
pub use session::{Purpose, Session};
pub use source::{
    FoundConnection, Origin, ProcessEnv, Resolved, Sources, discover, find_password, from_url, ignored_password_file,
    names_password, resolve,
};
pub use store::{ProfileStore, SavedProfile};
