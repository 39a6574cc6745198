//! One value that is equal where shapes are equal.

use super::object::{Object, ObjectKind, Options, Property, Shape};
use super::read::{self, Namespace};
use crate::Result;
use crate::connection::{Database, Purpose, Session};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt;

/// Changes whenever the same schema would get another fingerprint than before.
const VERSION: &str = "s1";

/// `s1:` and 64 hexadecimal digits: SHA-256 over the objects of a schema, or over one object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Enough of it to tell a few apart.
    pub fn short(&self) -> &str {
        let start = VERSION.len() + 1;
        self.0.get(start..start + 8).unwrap_or(&self.0)
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of_digest(digest: &[u8]) -> Self {
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Self(format!("{VERSION}:{hex}"))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Object {
    /// The fingerprint of this object alone.
    pub fn fingerprint(&self, options: Options) -> Fingerprint {
        Fingerprint::of_digest(&self.digest(options))
    }

    /// Whether the object counts: some are there only for a property that may not be compared.
    pub(super) fn takes_part(&self, options: Options) -> bool {
        let compared = || self.properties.keys().any(|property| options.compares(*property));
        !self.properties.contains_key(&Property::Inherited)
            && (!matches!(self.id.kind, ObjectKind::Schema | ObjectKind::ViewColumn) || compared())
    }

    fn digest(&self, options: Options) -> [u8; 32] {
        let mut hash = Sha256::new();
        // Each part with its length: no two objects write the same bytes.
        let mut part = |text: Option<&str>| {
            let length = text.map_or(u64::MAX, |t| t.len() as u64);
            hash.update(length.to_be_bytes());
            hash.update(text.unwrap_or_default());
        };
        part(Some(self.id.kind.code()));
        part(self.id.parent.as_deref());
        part(Some(&self.id.name));
        part(self.id.arguments.as_ref().map(super::Neutral::raw));
        for property in self.properties.keys().filter(|property| options.compares(**property)) {
            part(Some(property.code()));
            part(self.compared(*property).as_deref());
        }
        hash.finalize().into()
    }
}

impl Shape {
    /// The fingerprint of the whole schema.
    pub fn fingerprint(&self, options: Options) -> Fingerprint {
        let counted = self.objects.values().filter(|object| object.takes_part(options));
        combine(counted.map(|object| object.digest(options)).collect())
    }
}

/// In whatever order the objects came.
fn combine(mut digests: Vec<[u8; 32]>) -> Fingerprint {
    digests.sort_unstable();
    let mut hash = Sha256::new();
    for digest in &digests {
        hash.update(digest);
    }
    Fingerprint::of_digest(&hash.finalize())
}

/// The fingerprints of schemas, in their order, by a fixed number of catalog queries for every few hundred schemas.
/// Of each object only a digest is kept, so memory stays flat.
pub async fn fingerprints(database: &Database, schemas: &[Namespace], options: Options) -> Result<Vec<Fingerprint>> {
    let middle = schemas.len().div_ceil(2);
    // Two sessions: printing definitions is work for the server, hashing them for us.
    let (first, second) = schemas.split_at(if schemas.len() < read::SCHEMAS_AT_ONCE { schemas.len() } else { middle });
    let (first, second) = tokio::try_join!(part(database, first, options), part(database, second, options))?;
    Ok(first.into_iter().chain(second).collect())
}

async fn part(database: &Database, schemas: &[Namespace], options: Options) -> Result<Vec<Fingerprint>> {
    if schemas.is_empty() {
        return Ok(Vec::new());
    }
    let mut session = database.session(Purpose::Catalog).await?;
    let fingerprints = collect(&mut session, schemas, options).await?;
    session.close().await;
    Ok(fingerprints)
}

/// The same inside the transaction that a session is in, which sees its own changes: for proving them before they are
/// committed. The transaction's `search_path` is what it was afterwards.
pub async fn fingerprints_in(
    session: &mut Session,
    schemas: &[Namespace],
    options: Options,
) -> Result<Vec<Fingerprint>> {
    let path = read::set_local_path(session, None).await?;
    let fingerprints = collect(session, schemas, options).await?;
    read::set_local_path(session, Some(&path)).await?;
    Ok(fingerprints)
}

async fn collect(session: &mut Session, schemas: &[Namespace], options: Options) -> Result<Vec<Fingerprint>> {
    let mut digests: Vec<Vec<[u8; 32]>> = vec![Vec::new(); schemas.len()];
    let mut take = |schema: usize, object: Object| {
        if object.takes_part(options) {
            digests[schema].push(object.digest(options));
        }
    };
    let extent = if options.column_order { read::Extent::Whole } else { read::Extent::Compared };
    read::each_object(session, schemas, extent, &mut take).await?;
    Ok(digests.into_iter().map(combine).collect())
}
