//! Passwords of tenants' roles in the keyring of this computer.
//!
//! A password goes to the keyring before the commit that makes its role, since after it nobody would know it any more. What is
//! noted beforehand lets whoever comes after a crash take the entry away when there is no such role.

use crate::connection::{Database, Secrets, server_identity};
use crate::fleet;
use crate::local::Home;
use crate::{ErrorKind, Result};
use secrecy::SecretString;
use sqlx::Row;
use uuid::Uuid;

/// Where the passwords of a database's roles are kept.
#[derive(Clone)]
pub struct Kept {
    home: Home,
    secrets: Secrets,
    server: String,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept").field("server", &self.server).finish_non_exhaustive()
    }
}

/// The keyring's name for the password of a role.
fn account(server: &str, role: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("cadastre role\0{server}\0{role}").as_bytes())
}

impl Kept {
    /// Of the roles of this database's server.
    ///
    /// # Errors
    /// What the connection reports.
    pub async fn of(home: &Home, secrets: &Secrets, database: &Database) -> Result<Self> {
        let server = server_identity(&mut *database.catalog().await?).await?;
        Ok(Self { home: home.clone(), secrets: secrets.clone(), server })
    }

    /// The password of a role, where this computer has it.
    ///
    /// # Errors
    /// As those of [`Secrets::get`].
    pub async fn password(&self, role: &str) -> Result<Option<SecretString>> {
        let query = "select 1 from role_secret where account = ? and state = 'kept'";
        let account = account(&self.server, role);
        let known = sqlx::query(query).bind(account.to_string()).fetch_optional(self.home.pool()).await?;
        if known.is_none() { Ok(None) } else { self.secrets.get(account).await }
    }

    /// Whether this computer has the passwords of these roles.
    ///
    /// # Errors
    /// What reading the local state reports.
    pub async fn holds(&self, roles: &[&str]) -> Result<Vec<bool>> {
        let query = "select role from role_secret where server = ? and state = 'kept'";
        let kept: Vec<String> = sqlx::query_scalar(query).bind(&self.server).fetch_all(self.home.pool()).await?;
        Ok(roles.iter().map(|role| kept.iter().any(|k| k == role)).collect())
    }

    /// The keyring answers.
    ///
    /// # Errors
    /// [`ErrorKind::KeyringUnavailable`].
    pub(crate) async fn require(&self) -> Result<()> {
        let status = self.secrets.status().await;
        match status.reason {
            Some(reason) => Err(ErrorKind::KeyringUnavailable { reason }.into()),
            None => Ok(()),
        }
    }

    async fn note(&self, role: &str, run: &str, state: &str) -> Result<()> {
        sqlx::query(
            "insert into role_secret (account, server, role, state, run, created_at) values (?, ?, ?, ?, ?, ?) \
             on conflict (account) do update set state = excluded.state, run = excluded.run",
        )
        .bind(account(&self.server, role).to_string())
        .bind(&self.server)
        .bind(role)
        .bind(state)
        .bind(run)
        .bind(chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
        .execute(self.home.pool())
        .await?;
        Ok(())
    }

    /// The role is there: the entry stays.
    pub(crate) async fn confirm(&self, role: &str, run: &str) -> Result<()> {
        self.note(role, run, "kept").await
    }
}

/// Puts the password of a role that a run is about to make into the keyring.
///
/// # Errors
/// [`ErrorKind::KeyringUnavailable`], [`ErrorKind::KeyringLocked`]; then nothing is left there.
pub(crate) async fn keep(kept: &Kept, role: &str, run: &str, password: &SecretString) -> Result<()> {
    kept.note(role, run, "pending").await?;
    let stored = kept.secrets.set(account(&kept.server, role), password).await;
    if stored.is_err() {
        forget(kept, role).await?;
    }
    stored
}

/// Takes the password of a role out of the keyring.
///
/// # Errors
/// As those of [`Secrets::remove`]; then it stays noted, and the next connection tries again.
pub(crate) async fn forget(kept: &Kept, role: &str) -> Result<()> {
    let account = account(&kept.server, role);
    kept.secrets.remove(account).await?;
    let query = sqlx::query("delete from role_secret where account = ?").bind(account.to_string());
    query.execute(kept.home.pool()).await?;
    Ok(())
}

/// Finds out what became of passwords whose roles were being made when a program ended: those of roles that are there stay, the
/// others are taken out of the keyring. Costs nothing where there are none.
///
/// # Errors
/// What the connection, the local state and the keyring report.
pub async fn reconcile(home: &Home, secrets: &Secrets, database: &Database) -> Result<()> {
    let pending = sqlx::query("select role, server, run from role_secret where state = 'pending'");
    let pending = pending.fetch_all(home.pool()).await?;
    if pending.is_empty() {
        return Ok(());
    }
    let kept = Kept::of(home, secrets, database).await?;
    for row in pending {
        let (role, server, run): (String, String, String) =
            (row.try_get("role")?, row.try_get("server")?, row.try_get("run")?);
        // Another program, or this one, may be in the middle of it.
        if server != kept.server || fleet::is_active(home, &run) {
            continue;
        }
        let mut session = database.catalog().await?;
        let there = super::found_roles(&mut session, std::slice::from_ref(&role)).await?.contains_key(&role);
        drop(session);
        if there { kept.confirm(&role, &run).await? } else { forget(&kept, &role).await? }
    }
    Ok(())
}
