//! What every command needs: local state, secrets, the connection.

use crate::arguments::{Common, Select, State};
use crate::{output, password};
use cadastre_core::access::reconcile;
use cadastre_core::adoption;
use cadastre_core::connection::{
    Database, ProcessEnv, ProfileStore, Secrets, Sources, ignored_password_file, names_password, resolve,
};
use cadastre_core::local::Home;
use cadastre_core::tenant::{Selection, TenantState};
use cadastre_core::{Error, ErrorKind, Result};
use std::io::IsTerminal;

/// The pieces, opened as they are asked for.
pub struct Context {
    pub common: Common,
    pub home: Home,
    pub secrets: Secrets,
}

impl Context {
    pub async fn open(common: Common) -> Result<Self> {
        if std::io::stderr().is_terminal() && common.url.as_deref().is_some_and(names_password) {
            output::note(
                "The password in --url can be seen by everybody on this computer while the command runs. A profile, \
                 PGPASSWORD or ~/.pgpass keeps it to you.",
            );
        }
        Ok(Self { common, home: Home::open_default().await?, secrets: Secrets::keyring() })
    }

    pub fn profiles(&self) -> ProfileStore {
        ProfileStore::new(&self.home)
    }

    /// Connects to the database that the arguments or the environment name; what counts as a tenant there is what was said
    /// with `tenant adopt`.
    pub async fn database(&self) -> Result<Database> {
        let database = self.connect().await?;
        adoption::load(&self.home, &database).await?;
        // Of no weight for what the command is to do, and tried again next time.
        if let Err(error) = reconcile(&self.home, &self.secrets, &database).await {
            tracing::warn!(%error, "what became of passwords of new roles could not be found out");
        }
        Ok(database)
    }

    /// The same, without asking what was said about its tenants. A password that is nowhere to be found is asked for when a
    /// person is there.
    pub async fn connect(&self) -> Result<Database> {
        let env = ProcessEnv::of_process();
        let sources = Sources { profile: self.common.profile.as_deref(), url: self.common.url.as_deref() };
        let found = resolve(sources, &env, &self.profiles(), &self.secrets).await?;
        let had_password = found.password.is_some();
        let error = match Database::connect(found.profile.clone(), found.password).await {
            Err(error) if !had_password && is_about_password(&error) => error,
            result => return result,
        };
        let error = explain_missing(error, found.keyring_problem, &env);
        if !self.can_ask_password() {
            return Err(error);
        }
        if let Some(why) = error.detail_text() {
            output::note(&output::clean(why));
        }
        let password = password::ask(&found.profile).await?;
        Database::connect(found.profile, Some(password)).await
    }

    /// A person sits at the terminal: with `--json` only where its answer stays on that terminal.
    pub fn can_ask_password(&self) -> bool {
        std::io::stdin().is_terminal()
            && std::io::stderr().is_terminal()
            && (!self.common.json || std::io::stdout().is_terminal())
    }
}

fn is_about_password(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::PasswordRequired { .. } | ErrorKind::AuthenticationFailed { .. })
}

/// Says why no password was found where one might have been.
fn explain_missing(error: Error, keyring_problem: Option<Error>, env: &ProcessEnv) -> Error {
    let mut why: Vec<String> = keyring_problem.map(|problem| problem.to_string()).into_iter().collect();
    if let Some(file) = ignored_password_file(env) {
        let file = file.display();
        why.push(format!("The password file {file} is not used, because others may read it: chmod 600 {file}"));
    }
    if why.is_empty() { error } else { error.detail(why.join(" ")) }
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
                State::Quarantined => TenantState::Quarantined,
            }),
        }
    }
}
