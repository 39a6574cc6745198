//! What every command needs: local state, secrets, the connection.

use crate::arguments::{Common, Select, State};
use cadastre_core::connection::{Database, ProcessEnv, ProfileStore, Secrets, Sources, resolve};
use cadastre_core::local::Home;
use cadastre_core::tenant::{Selection, TenantState};
use cadastre_core::{ErrorKind, Result};

/// The pieces, opened as they are asked for.
pub struct Context {
    pub common: Common,
    pub home: Home,
    pub secrets: Secrets,
}

impl Context {
    pub async fn open(common: Common) -> Result<Self> {
        Ok(Self { common, home: Home::open_default().await?, secrets: Secrets::keyring() })
    }

    pub fn profiles(&self) -> ProfileStore {
        ProfileStore::new(&self.home)
    }

    /// Connects to the database that the arguments or the environment name.
    pub async fn database(&self) -> Result<Database> {
        let sources = Sources { profile: self.common.profile.as_deref(), url: self.common.url.as_deref() };
        let found = resolve(sources, &ProcessEnv::of_process(), &self.profiles(), &self.secrets).await?;
        let result = Database::connect(found.profile, found.password).await;
        match (result, found.keyring_problem) {
            // Without the keyring's answer the password was missing: say so.
            (Err(e), Some(problem)) if matches!(e.kind(), ErrorKind::PasswordRequired { .. }) => {
                Err(e.detail(problem.to_string()))
            }
            (result, _) => result,
        }
    }
}

impl From<&Select> for Selection {
    fn from(select: &Select) -> Self {
        Self {
            names: select.tenants.clone(),
            select: select.select.clone(),
            except: select.except.clone(),
            all: select.all,
            state: select.state.map(|s| match s {
                State::Active => TenantState::Active,
                State::Inactive => TenantState::Inactive,
            }),
        }
    }
}
