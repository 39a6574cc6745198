//! Rules as they are kept on this computer: per database, whichever profile leads there.

use super::{RegistryChoice, Rules};
use crate::connection::{Database, known_identity};
use crate::journal::{self, Draft, address};
use crate::local::Home;
use crate::{Error, ErrorKind, Result};

/// Reads the rules of a database and has every session that is opened from now on follow them. This is the one place where
/// window and command line agree about which schemas are tenants.
///
/// # Errors
/// [`ErrorKind::LocalState`]; [`ErrorKind::RulesInvalid`] for rules that a newer version has written.
pub async fn load(home: &Home, database: &Database) -> Result<()> {
    // Most people have never set any: nothing is asked of the server then.
    let any: i64 = sqlx::query_scalar("select count(*) from tenant_rules").fetch_one(home.pool()).await?;
    if any == 0 {
        return Ok(());
    }
    let key = key(database).await?;
    let body: Option<String> = sqlx::query_scalar("select body from tenant_rules where database = ?")
        .bind(key)
        .fetch_optional(home.pool())
        .await?;
    let Some(body) = body else { return Ok(()) };
    let rules = serde_json::from_str(&body).map_err(|e| {
        let reason = "they were written by another version of Cadastre".to_owned();
        Error::new(ErrorKind::RulesInvalid { reason }).source(e)
    })?;
    database.set_rules(rules);
    Ok(())
}

/// Keeps rules for this database, and follows them at once. Rules that say nothing are forgotten.
///
/// # Errors
/// [`ErrorKind::RulesInvalid`], [`ErrorKind::LocalState`].
pub async fn save(home: &Home, database: &Database, rules: Rules) -> Result<()> {
    if rules.is_default() {
        return forget(home, database).await;
    }
    rules.validate()?;
    let body = serde_json::to_string(&rules)
        .map_err(|e| Error::new(ErrorKind::Internal { what: "the rules cannot be written".into() }).source(e))?;
    sqlx::query(
        "insert into tenant_rules (database, address, body, saved_at) values (?, ?, ?, ?) on conflict (database) \
         do update set address = excluded.address, body = excluded.body, saved_at = excluded.saved_at",
    )
    .bind(key(database).await?)
    .bind(address(database))
    .bind(&body)
    .bind(chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
    .execute(home.pool())
    .await?;
    let entry = Draft::new("tenant_rules_save", "done").database(database).detail(words(&rules));
    journal::append(home, entry).await?;
    database.set_rules(rules);
    Ok(())
}

/// Forgets the rules of this database.
///
/// # Errors
/// [`ErrorKind::LocalState`]
pub async fn forget(home: &Home, database: &Database) -> Result<()> {
    let gone = sqlx::query("delete from tenant_rules where database = ?")
        .bind(key(database).await?)
        .execute(home.pool())
        .await?;
    if gone.rows_affected() > 0 {
        journal::append(home, Draft::new("tenant_rules_forget", "done").database(database)).await?;
    }
    database.set_rules(Rules::default());
    Ok(())
}

/// Whether the rules that the database follows are kept.
pub(super) async fn is_saved(home: &Home, database: &Database) -> Result<bool> {
    let found: i64 = sqlx::query_scalar("select count(*) from tenant_rules where database = ?")
        .bind(key(database).await?)
        .fetch_one(home.pool())
        .await?;
    Ok(found > 0)
}

/// Where the cluster's number may not be read, the address stands for it: two servers can well have a database of the same
/// name and number.
async fn key(database: &Database) -> Result<String> {
    let (identity, whole) = known_identity(&mut *database.catalog().await?).await?;
    Ok(if whole { identity } else { format!("{identity} @ {}", address(database)) })
}

/// The rules in words, for the journal. A query may hold values; it is named, not quoted.
fn words(rules: &Rules) -> String {
    let mut parts = Vec::new();
    if !rules.include.is_empty() {
        parts.push(format!("patterns: {}", rules.include.join(", ")));
    }
    if !rules.exclude.is_empty() {
        parts.push(format!("except: {}", rules.exclude.join(", ")));
    }
    if rules.query.is_some() {
        parts.push("by a query".to_owned());
    }
    parts.push(match &rules.registry {
        RegistryChoice::Auto => "registry: automatic".to_owned(),
        RegistryChoice::None => "registry: none".to_owned(),
        RegistryChoice::Named { kind, table: Some(table) } => format!("registry: {} in {table}", kind.code()),
        RegistryChoice::Named { kind, table: None } => format!("registry: {}", kind.code()),
    });
    if rules.registered_only {
        parts.push("only what it names".to_owned());
    }
    parts.join("; ")
}
