//! What is granted to whom in the tenants, and who owns what there.

use super::fleet::{Fleet, PUBLIC, grants};
use crate::Result;
use crate::connection::Session;
use sqlx::Row;
use sqlx::postgres::types::Oid;
use std::collections::{BTreeMap, BTreeSet};

/// Relations of one schema that have the same kind, owner and grants.
#[derive(Debug, Clone)]
pub(super) struct Relations {
    /// `relkind`.
    pub kind: char,
    pub owner: u32,
    /// A sequence that belongs to a column.
    pub owned: bool,
    pub partition: bool,
    /// Somebody has rights on single columns.
    pub by_column: bool,
    pub names: Vec<String>,
    /// By grantee, the owner left out.
    pub grants: BTreeMap<u32, BTreeSet<String>>,
}

impl Relations {
    pub fn is_sequence(&self) -> bool {
        self.kind == 'S'
    }
}

/// A default that draws from a sequence which a role may not use.
#[derive(Debug, Clone)]
pub(super) struct Serial {
    pub table: String,
    pub column: String,
    pub sequence_schema: String,
    pub sequence: String,
    pub role: String,
}

/// What is granted on relations that do not exist yet.
#[derive(Debug, Clone)]
pub(super) struct Future {
    /// 0 for all schemas.
    pub namespace: u32,
    pub owner: u32,
    /// `r` or `S`.
    pub kind: char,
    pub grantee: u32,
    pub privilege: String,
}

/// All of it, by tenant.
#[derive(Debug, Default)]
pub(super) struct Rights {
    pub relations: BTreeMap<u32, Vec<Relations>>,
    pub serials: BTreeMap<u32, Vec<Serial>>,
    pub future: Vec<Future>,
}

impl Rights {
    pub async fn read(session: &mut Session, focus: &[u32]) -> Result<Self> {
        let focus: Vec<Oid> = focus.iter().copied().map(Oid).collect();
        let mut rights = Self::default();
        let rows = sqlx::query(include_str!("relations.sql")).persistent(false).bind(&focus);
        for row in rows.fetch_all(session.connection()).await? {
            let owner = row.try_get::<Oid, _>("owner")?.0;
            let mut by_grantee: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
            for (grantee, privilege) in grants(&row)?.into_iter().filter(|(grantee, _)| *grantee != owner) {
                by_grantee.entry(grantee).or_default().insert(privilege);
            }
            let relations = Relations {
                kind: row.try_get::<String, _>("kind")?.chars().next().unwrap_or('r'),
                owner,
                owned: row.try_get("owned")?,
                partition: row.try_get("partition")?,
                by_column: row.try_get("by_column")?,
                names: row.try_get("names")?,
                grants: by_grantee,
            };
            rights.relations.entry(row.try_get::<Oid, _>("namespace")?.0).or_default().push(relations);
        }
        let rows = sqlx::query(include_str!("serials.sql")).persistent(false).bind(&focus);
        for row in rows.fetch_all(session.connection()).await? {
            let serial = Serial {
                table: row.try_get("table")?,
                column: row.try_get("column")?,
                sequence_schema: row.try_get("sequence_schema")?,
                sequence: row.try_get("sequence")?,
                role: row.try_get("role")?,
            };
            rights.serials.entry(row.try_get::<Oid, _>("namespace")?.0).or_default().push(serial);
        }
        let rows = sqlx::query(include_str!("default_privileges.sql")).persistent(false).bind(&focus);
        for row in rows.fetch_all(session.connection()).await? {
            rights.future.push(Future {
                namespace: row.try_get::<Oid, _>("namespace")?.0,
                owner: row.try_get::<Oid, _>("owner")?.0,
                kind: row.try_get::<String, _>("kind")?.chars().next().unwrap_or('r'),
                grantee: row.try_get::<Oid, _>("grantee")?.0,
                privilege: row.try_get("privilege")?,
            });
        }
        Ok(rights)
    }

    /// The relations of a tenant.
    pub fn of(&self, namespace: u32) -> &[Relations] {
        self.relations.get(&namespace).map_or(&[], Vec::as_slice)
    }

    /// Roles with any right on a relation of a tenant that are neither PUBLIC, a superuser nor the owner of the schema.
    pub fn holders(&self, fleet: &Fleet, namespace: u32, schema_owner: u32) -> BTreeSet<u32> {
        let all = self.of(namespace).iter().flat_map(|relations| relations.grants.keys().copied());
        all.filter(|role| *role != PUBLIC && *role != schema_owner && !fleet.is_superuser(*role))
            .filter(|role| fleet.roles.contains_key(role))
            .collect()
    }
}
