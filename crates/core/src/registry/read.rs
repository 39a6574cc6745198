//! Reading the registry.

use super::{Entry, Image, ImageInfo, ImageUsage};
use crate::connection::{Database, Session};
use crate::{Error, ErrorKind, Result};
use sha2::{Digest, Sha256};
use sqlx::Row;
use std::collections::HashMap;

/// What a role finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    pub installed: bool,
    pub readable: bool,
    pub writable: bool,
    pub schema_taken: bool,
    pub owner: Option<String>,
}

/// Whether there is a registry, and what this role may do with it.
pub(crate) async fn state_in(session: &mut Session) -> Result<State> {
    let row = sqlx::query(include_str!("state.sql")).persistent(false).fetch_one(session.connection()).await?;
    Ok(State {
        installed: row.try_get("installed")?,
        readable: row.try_get("readable")?,
        writable: row.try_get("writable")?,
        schema_taken: row.try_get("schema_taken")?,
        owner: row.try_get("owner")?,
    })
}

/// There is a registry that this role may read.
pub async fn is_installed(database: &Database) -> Result<bool> {
    let mut session = database.catalog().await?;
    Ok(state_in(&mut session).await?.readable)
}

/// Every entry by its schema; nothing where there is no registry that this role may read. Two queries.
pub async fn entries(session: &mut Session) -> Result<HashMap<String, Entry>> {
    if !state_in(session).await?.readable {
        return Ok(HashMap::new());
    }
    read(session, None).await
}

/// The entry of one schema.
///
/// # Errors
/// [`ErrorKind::RegistryMissing`] where there is no registry, or none that this role may read.
pub async fn entry(session: &mut Session, schema: &str) -> Result<Option<Entry>> {
    require_readable(session).await?;
    Ok(read(session, Some(schema)).await?.remove(schema))
}

pub(super) async fn require_readable(session: &mut Session) -> Result<State> {
    let state = state_in(session).await?;
    if state.readable {
        return Ok(state);
    }
    let error = Error::new(ErrorKind::RegistryMissing);
    Err(if state.installed { error.detail("It is there, and this role may not read it.") } else { error })
}

/// The entries, where the registry is known to be there.
pub(super) async fn read(session: &mut Session, schema: Option<&str>) -> Result<HashMap<String, Entry>> {
    let query = sqlx::query_scalar(include_str!("entries.sql")).persistent(false).bind(schema);
    let texts: Vec<String> = query.fetch_all(session.connection()).await?;
    let entries = texts.iter().map(|text| {
        let entry: Entry = serde_json::from_str(text).map_err(|e| {
            Error::new(ErrorKind::Internal { what: "an entry of the registry cannot be read".into() }).source(e)
        })?;
        Ok((entry.schema.clone(), entry))
    });
    entries.collect()
}

/// Every domain with the schema of its tenant, those of tenants in quarantine too: they are taken as long as a tenant may come back.
/// Nothing where there is no registry that this role may read.
pub(crate) async fn domains(session: &mut Session) -> Result<HashMap<String, String>> {
    if !state_in(session).await?.readable {
        return Ok(HashMap::new());
    }
    let query = "select d.domain, t.schema_name from cadastre.domain d join cadastre.tenant t on t.id = d.tenant";
    let domains: Vec<(String, String)> =
        sqlx::query_as(query).persistent(false).fetch_all(session.connection()).await?;
    Ok(domains.into_iter().collect())
}

/// A tenant's logo or favicon.
pub async fn logo(session: &mut Session, schema: &str, usage: ImageUsage) -> Result<Option<(String, Vec<u8>)>> {
    require_readable(session).await?;
    let query = "select i.media_type, i.content from cadastre.image i join cadastre.tenant t on t.id = i.tenant \
                 where t.schema_name = $1 and t.state not in ('purged', 'quarantined') and i.usage = $2";
    let query = sqlx::query(query).persistent(false).bind(schema).bind(usage.name());
    let row = query.fetch_optional(session.connection()).await?;
    row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
}

/// What an image will look like in its entry.
pub(super) fn info(usage: ImageUsage, image: &Image) -> ImageInfo {
    ImageInfo {
        usage: usage.name().to_owned(),
        media_type: image.media_type.to_owned(),
        bytes: image.content.len() as u32,
        sha256: crate::migration::hex(&Sha256::digest(&image.content)),
    }
}
