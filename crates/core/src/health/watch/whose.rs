//! Whose a session or a query is.

use super::session::{AttributedBy, Attribution};
use crate::Result;
use crate::connection::Session;
use crate::health::doctor::{Fleet, read_fleet};
use crate::shape::schemas_named;
use crate::tenant::{Found, Selection, discover};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The tenants of a database, and which roles are whose.
pub(super) struct Whose {
    /// By the number of the schema.
    pub tenants: HashMap<i64, String>,
    schemas: HashSet<String>,
    /// Those that were asked about.
    pub chosen: HashSet<String>,
    /// Every tenant was asked about.
    pub all: bool,
    fleet: Fleet,
}

impl Whose {
    /// Reads them; a fixed number of queries.
    pub async fn read(session: &mut Session, selection: &Selection) -> Result<Self> {
        let found = discover(session).await?;
        let fleet = read_fleet(session, &found).await?;
        let chosen: Vec<&Found> =
            if selection.is_everything() { found.iter().collect() } else { selection.of(&found)? };
        Ok(Self {
            chosen: chosen.iter().map(|found| found.summary.schema.clone()).collect(),
            all: selection.is_everything(),
            tenants: found.iter().map(|f| (i64::from(f.summary.oid), f.summary.schema.clone())).collect(),
            schemas: found.iter().map(|f| f.summary.schema.clone()).collect(),
            fleet,
        })
    }

    /// The schemas of all tenants, by number.
    pub fn namespaces(&self) -> Vec<i64> {
        let mut oids: Vec<i64> = self.tenants.keys().copied().collect();
        oids.sort_unstable();
        oids
    }

    /// Those of the tenants that were asked about.
    pub fn chosen_namespaces(&self) -> Vec<i64> {
        let mut oids: Vec<i64> =
            self.tenants.iter().filter(|(_, schema)| self.chosen.contains(*schema)).map(|(oid, _)| *oid).collect();
        oids.sort_unstable();
        oids
    }

    /// Whether something that has to do with these tenants was asked about.
    pub fn is_asked<'a>(&self, mut schemas: impl Iterator<Item = &'a str>) -> bool {
        self.all || schemas.any(|schema| self.chosen.contains(schema))
    }

    pub fn is_tenant(&self, schema: &str) -> bool {
        self.schemas.contains(schema)
    }

    /// The tenants that a statement names.
    pub fn named_in(&self, text: &str) -> Vec<String> {
        schemas_named(text, |name| self.is_tenant(name))
    }

    /// The tenant that a role belongs to.
    pub fn of_role(&self, role: u32) -> Option<Attribution> {
        if let Some(tenant) = self.fleet.own_by_rights(role) {
            return Some(Attribution { schema: tenant.schema.clone(), why: AttributedBy::OwnRole });
        }
        let tenant = self.fleet.own(role)?;
        Some(Attribution { schema: tenant.schema.clone(), why: AttributedBy::RoleSetting })
    }

    /// What a role is called.
    pub fn role_name(&self, role: u32) -> &str {
        self.fleet.role_name(role)
    }
}

/// Each tenant once, with the most certain of what tells it; the first few, and how many more.
pub(super) fn gather(found: impl IntoIterator<Item = Attribution>, named: usize) -> (Vec<Attribution>, u32) {
    let mut best: BTreeMap<String, AttributedBy> = BTreeMap::new();
    for one in found {
        best.entry(one.schema).and_modify(|why| *why = one.why.min(*why)).or_insert(one.why);
    }
    let mut all: Vec<Attribution> = best.into_iter().map(|(schema, why)| Attribution { schema, why }).collect();
    all.sort_by(|a, b| a.why.cmp(&b.why).then_with(|| a.schema.cmp(&b.schema)));
    let more = all.len().saturating_sub(named);
    all.truncate(named);
    (all, more as u32)
}
