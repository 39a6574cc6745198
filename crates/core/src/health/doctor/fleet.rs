//! Who is who: tenants, roles, and which role is whose.

use super::path;
use crate::Result;
use crate::connection::Session;
use crate::quarantine::former_name;
use crate::tenant::{Found, TenantState};
use sqlx::Row;
use sqlx::postgres::types::Oid;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// PUBLIC among grantees.
pub(super) const PUBLIC: u32 = 0;

/// One tenant, with the rights on its schema.
#[derive(Debug, Clone)]
pub(in crate::health) struct Tenant {
    pub oid: u32,
    pub schema: String,
    /// Display name.
    pub name: String,
    pub owner: u32,
    /// Somebody may use the schema.
    pub in_use: bool,
    /// Put out of use on purpose: nobody has USAGE.
    pub inactive: bool,
    /// Grantee and privilege, the owner's own left out.
    pub grants: Vec<(u32, String)>,
}

/// One role.
#[derive(Debug, Clone)]
pub(in crate::health) struct Role {
    pub name: String,
    pub superuser: bool,
    /// Roles that it is a member of, directly or not.
    pub groups: HashSet<u32>,
}

/// A `search_path` that is set for a role (0: for everybody in this database).
#[derive(Debug, Clone)]
pub(in crate::health) struct Setting {
    pub role: u32,
    /// In this database only.
    pub here: bool,
    pub path: String,
    pub names: Vec<String>,
}

/// What every check needs to know.
#[derive(Debug, Clone)]
pub(in crate::health) struct Fleet {
    pub tenants: BTreeMap<u32, Tenant>,
    pub roles: HashMap<u32, Role>,
    pub settings: Vec<Setting>,
    /// Names of all schemas.
    pub schemas: HashSet<String>,
    /// Former names of tenants in quarantine, which may come back.
    pub away: HashSet<String>,
    by_schema: HashMap<String, u32>,
    /// The tenant that a role belongs to.
    own: HashMap<u32, u32>,
    /// The same without asking the settings.
    own_by_rights: HashMap<u32, u32>,
    /// Roles that own the schema of a tenant, or have rights on one. The others may be another database's.
    known: HashSet<u32>,
}

impl Fleet {
    pub async fn read(session: &mut Session, found: &[Found]) -> Result<Self> {
        let mut tenants: BTreeMap<u32, Tenant> = found
            .iter()
            .map(|f| {
                let (oid, schema, name) = (f.summary.oid, f.summary.schema.clone(), f.summary.name.clone());
                let inactive = f.summary.state == TenantState::Inactive;
                (oid, Tenant { oid, schema, name, owner: 0, in_use: true, inactive, grants: Vec::new() })
            })
            .collect();
        let oids: Vec<Oid> = tenants.keys().copied().map(Oid).collect();
        read_grants(session, &oids, &mut tenants).await?;
        let roles = read_roles(session).await?;
        let settings = read_settings(session).await?;
        let (schemas, away) = read_schemas(session).await?;
        let mut fleet = Self {
            by_schema: tenants.values().map(|t: &Tenant| (t.schema.clone(), t.oid)).collect(),
            tenants,
            roles,
            settings,
            schemas,
            away,
            own: HashMap::new(),
            own_by_rights: HashMap::new(),
            known: HashSet::new(),
        };
        fleet.find_own_roles();
        Ok(fleet)
    }

    /// The same fleet with what a session sees at this moment of rights on these schemas, of settings and of memberships. Whose role
    /// is whose stays as it was.
    pub async fn now(&self, session: &mut Session, focus: &[u32]) -> Result<Self> {
        let mut now = self.clone();
        let oids: Vec<Oid> = focus.iter().copied().map(Oid).collect();
        read_grants(session, &oids, &mut now.tenants).await?;
        now.roles = read_roles(session).await?;
        now.settings = read_settings(session).await?;
        (now.schemas, now.away) = read_schemas(session).await?;
        Ok(now)
    }

    /// The tenant that a role belongs to: it owns that schema and no other, is named after it as other roles are after theirs, or its
    /// `search_path` begins with it. A role with rights in most tenants belongs to none.
    fn find_own_roles(&mut self) {
        let mut owned: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut used: HashMap<u32, BTreeSet<u32>> = HashMap::new();
        for tenant in self.tenants.values() {
            owned.entry(tenant.owner).or_default().push(tenant.oid);
            for (grantee, _) in &tenant.grants {
                used.entry(*grantee).or_default().insert(tenant.oid);
            }
        }
        self.known = owned.keys().chain(used.keys()).copied().collect();
        if self.tenants.len() < 2 {
            return;
        }
        let many = (self.tenants.len() / 2).max(2);
        let is_own = |role: &u32| {
            self.roles.get(role).is_some_and(|r| !r.superuser) && used.get(role).is_none_or(|all| all.len() <= many)
        };
        let uses = |role: &u32, tenant: &u32| used.get(role).is_some_and(|all| all.contains(tenant));
        let mut own: HashMap<u32, u32> =
            self.by_name().into_iter().filter(|(role, tenant)| uses(role, tenant)).collect();
        own.extend(owned.iter().filter(|(_, all)| all.len() == 1).map(|(role, all)| (*role, all[0])));
        own.retain(|role, _| is_own(role) && owned.get(role).is_none_or(|all| all.len() == 1));
        self.own_by_rights = own.clone();
        for setting in self.settings.iter().filter(|s| self.is_known(s.role) && is_own(&s.role)) {
            let first = setting.names.iter().find(|name| !path::is_special(name));
            if let Some(tenant) = first.and_then(|name| self.tenant_named(name)) {
                own.entry(setting.role).or_insert(tenant.oid);
            }
        }
        self.own = own;
    }

    /// Roles that are named after a tenant, in a way in which at least two, and half of the tenants, have theirs.
    fn by_name(&self) -> HashMap<u32, u32> {
        let mut ways: HashMap<(&str, &str), Vec<(u32, u32)>> = HashMap::new();
        for (oid, role) in &self.roles {
            let name = role.name.as_str();
            let ends = |at: &usize| name.is_char_boundary(*at);
            for from in (0..name.len()).filter(ends) {
                if from > 0 && !name[..from].ends_with(['_', '-', '.']) {
                    continue;
                }
                for to in (from + 1..=name.len()).filter(ends) {
                    let behind = &name[to..];
                    if !behind.is_empty() && !behind.starts_with(['_', '-', '.']) {
                        continue;
                    }
                    if let Some(tenant) = self.by_schema.get(&name[from..to]) {
                        ways.entry((&name[..from], behind)).or_default().push((*oid, *tenant));
                    }
                }
            }
        }
        let enough = (self.tenants.len() / 2).max(2);
        ways.into_values().filter(|roles| roles.len() >= enough).flatten().collect()
    }

    /// The registry says whose these roles are, by name.
    pub fn registered<'a>(&mut self, said: impl Iterator<Item = (&'a str, &'a str)>) {
        let roles: HashMap<String, u32> = self
            .roles
            .iter()
            .filter(|(_, role)| !role.superuser)
            .map(|(oid, role)| (role.name.clone(), *oid))
            .collect();
        for (role, schema) in said {
            if let (Some(role), Some(tenant)) = (roles.get(role), self.by_schema.get(schema)) {
                self.own.insert(*role, *tenant);
                self.own_by_rights.insert(*role, *tenant);
            }
        }
    }

    pub fn tenant_named(&self, schema: &str) -> Option<&Tenant> {
        self.by_schema.get(schema).and_then(|oid| self.tenants.get(oid))
    }

    /// The tenant that a role belongs to.
    pub fn own(&self, role: u32) -> Option<&Tenant> {
        self.own.get(&role).and_then(|oid| self.tenants.get(oid))
    }

    /// The same, without asking where its `search_path` begins.
    pub fn own_by_rights(&self, role: u32) -> Option<&Tenant> {
        self.own_by_rights.get(&role).and_then(|oid| self.tenants.get(oid))
    }

    /// Roles that belong to a tenant, with it.
    pub fn own_roles(&self) -> impl Iterator<Item = (u32, &Tenant)> {
        let mut all: Vec<(u32, &Tenant)> =
            self.own.iter().filter_map(|(role, oid)| Some((*role, self.tenants.get(oid)?))).collect();
        all.sort_by_key(|(role, _)| *role);
        all.into_iter()
    }

    /// It has to do with this database: it owns the schema of a tenant, or has rights on one.
    pub fn is_known(&self, role: u32) -> bool {
        self.known.contains(&role)
    }

    pub fn role_name(&self, role: u32) -> &str {
        self.roles.get(&role).map_or("?", |role| role.name.as_str())
    }

    /// A superuser has every right without being granted it.
    pub fn is_superuser(&self, role: u32) -> bool {
        self.roles.get(&role).is_some_and(|role| role.superuser)
    }

    pub fn oids(&self) -> Vec<u32> {
        self.tenants.keys().copied().collect()
    }
}

/// Fills owner and grants of these schemas in.
async fn read_grants(session: &mut Session, oids: &[Oid], tenants: &mut BTreeMap<u32, Tenant>) -> Result<()> {
    let rows = sqlx::query(include_str!("schemas.sql")).persistent(false).bind(oids);
    for row in rows.fetch_all(session.connection()).await? {
        let (oid, owner) = (row.try_get::<Oid, _>("oid")?.0, row.try_get::<Oid, _>("owner")?.0);
        if let Some(tenant) = tenants.get_mut(&oid) {
            tenant.owner = owner;
            tenant.in_use = row.try_get("in_use")?;
            tenant.grants = grants(&row)?.into_iter().filter(|(grantee, _)| *grantee != owner).collect();
        }
    }
    Ok(())
}

async fn read_roles(session: &mut Session) -> Result<HashMap<u32, Role>> {
    let rows = sqlx::query(include_str!("roles.sql")).persistent(false).fetch_all(session.connection()).await?;
    let role = |row: &sqlx::postgres::PgRow| {
        let groups: Vec<Oid> = row.try_get("groups")?;
        let groups = groups.into_iter().map(|oid| oid.0).collect();
        let role = Role { name: row.try_get("name")?, superuser: row.try_get("superuser")?, groups };
        Ok((row.try_get::<Oid, _>("oid")?.0, role))
    };
    rows.iter().map(role).collect()
}

async fn read_settings(session: &mut Session) -> Result<Vec<Setting>> {
    let rows = sqlx::query(include_str!("settings.sql")).persistent(false).fetch_all(session.connection()).await?;
    let setting = |row: &sqlx::postgres::PgRow| {
        let path: String = row.try_get("path")?;
        let role = row.try_get::<Oid, _>("role")?.0;
        Ok(Setting { role, here: row.try_get("here")?, names: path::names(&path), path })
    };
    rows.iter().map(setting).collect()
}

/// Names of all schemas, and those that tenants in quarantine come back to.
async fn read_schemas(session: &mut Session) -> Result<(HashSet<String>, HashSet<String>)> {
    let query = "select n.nspname::text, case when n.nspname ~ '^_cadastre_q_' then pg_catalog.obj_description(n.oid, \
                 'pg_namespace') end from pg_catalog.pg_namespace n";
    let schemas: Vec<(String, Option<String>)> =
        sqlx::query_as(query).persistent(false).fetch_all(session.connection()).await?;
    let away = schemas.iter().filter_map(|(name, comment)| former_name(name, comment.as_deref())).collect();
    Ok((schemas.into_iter().map(|(name, _)| name).collect(), away))
}

/// The two arrays `grantees` and `privileges` of a row.
pub(super) fn grants(row: &sqlx::postgres::PgRow) -> Result<Vec<(u32, String)>> {
    let grantees: Vec<Oid> = row.try_get("grantees")?;
    let privileges: Vec<String> = row.try_get("privileges")?;
    Ok(grantees.into_iter().map(|oid| oid.0).zip(privileges).collect())
}
