//! Functions and types: who owns them, with whose rights they run, and where they look names up.

use super::fleet::{Fleet, Tenant};
use super::{DoctorCheck, Finding, Level, path};
use crate::Result;
use crate::connection::Session;
use crate::sql::{Ident, Statement};
use sqlx::Row;
use sqlx::postgres::types::Oid;
use std::collections::BTreeMap;

/// A function, procedure, aggregate, or a type.
#[derive(Debug, Clone)]
pub(super) struct Routine {
    /// `function`, `procedure`, `aggregate`, `type`, `domain`.
    pub kind: String,
    pub name: String,
    /// As `pg_get_function_identity_arguments` prints them; none for a type.
    pub arguments: Option<String>,
    pub owner: u32,
    /// SECURITY DEFINER.
    pub definer: bool,
    /// Others than the owner may call it.
    pub shared: bool,
    pub path: Option<String>,
}

impl Routine {
    /// For reading.
    pub fn shown(&self) -> String {
        match &self.arguments {
            Some(arguments) => format!("{}({arguments})", self.name),
            None => self.name.clone(),
        }
    }

    /// `function "acme"."f"(integer)`, for `alter …`.
    pub fn named(&self, schema: &str) -> Result<Statement> {
        let name = Ident::new(schema)?.qualify(&Ident::new(self.name.as_str())?);
        Ok(match &self.arguments {
            // The server has printed the arguments, with quotes where they are needed.
            Some(arguments) => Statement::of(format_args!("{} {name}({arguments})", self.kind)),
            None => Statement::of(format_args!("{} {name}", self.kind)),
        })
    }
}

/// By schema; also those of `public` when `with_public` is its OID.
pub(super) async fn read(session: &mut Session, namespaces: &[u32]) -> Result<BTreeMap<u32, Vec<Routine>>> {
    let namespaces: Vec<Oid> = namespaces.iter().copied().map(Oid).collect();
    let rows = sqlx::query(include_str!("routines.sql")).persistent(false).bind(&namespaces);
    let mut routines: BTreeMap<u32, Vec<Routine>> = BTreeMap::new();
    for row in rows.fetch_all(session.connection()).await? {
        let routine = Routine {
            kind: row.try_get("kind")?,
            name: row.try_get("name")?,
            arguments: row.try_get("arguments")?,
            owner: row.try_get::<Oid, _>("owner")?.0,
            definer: row.try_get("definer")?,
            shared: row.try_get("shared")?,
            path: row.try_get("path")?,
        };
        routines.entry(row.try_get::<Oid, _>("namespace")?.0).or_default().push(routine);
    }
    Ok(routines)
}

/// Functions that run with their owner's rights and set no `search_path`: in the tenants, and in `public`, where all call them.
pub(super) fn definer(fleet: &Fleet, schema: &str, own: &[Routine]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for routine in own.iter().filter(|routine| routine.definer && routine.path.is_none()) {
        let names = if schema == "public" { vec!["public", "pg_temp"] } else { vec![schema, "public", "pg_temp"] };
        let fix =
            Statement::of(format_args!("alter {} set search_path = {}", routine.named(schema)?, path::list(names)?));
        let level = if routine.shared { Level::Error } else { Level::Warning };
        let (shown, owner) = (routine.shown(), fleet.role_name(routine.owner));
        let message =
            format!("{schema}.{shown} runs with the rights of {owner} and looks names up where its caller wants.");
        findings.push(
            Finding::new(DoctorCheck::Definer, level, Some(schema), &shown, message)
                .param("function", shown.as_str())
                .param("owner", owner)
                .fact("owner", owner)
                .fact("superuser", if fleet.is_superuser(routine.owner) { "yes" } else { "no" })
                .fact("called_by", if routine.shared { "others" } else { "owner" })
                .repaired_by(vec![fix]),
        );
    }
    Ok(findings)
}

/// Functions whose own `search_path` names a schema that does not exist, or another tenant's in its own one's place.
pub(super) fn paths(fleet: &Fleet, schema: &str, tenant: Option<&Tenant>, own: &[Routine]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for routine in own {
        let Some(set) = &routine.path else { continue };
        let names = path::names(set);
        let missing: Vec<&str> = names
            .iter()
            .map(String::as_str)
            .filter(|name| !path::is_special(name) && !fleet.schemas.contains(*name))
            .collect();
        let other = names
            .iter()
            .find(|name| tenant.is_some_and(|own| own.schema != **name) && fleet.tenant_named(name).is_some());
        let kept = |name: &&str| !missing.contains(name);
        let (code, level, who, repaired): (_, _, String, Vec<&str>) = match (other, missing.is_empty()) {
            (Some(other), _) => {
                // What a copy of the other tenant has kept: the own schema belongs there.
                let mut repaired: Vec<&str> = Vec::new();
                for name in names.iter().map(String::as_str).filter(kept) {
                    let name = if fleet.tenant_named(name).is_some() { schema } else { name };
                    if !repaired.contains(&name) {
                        repaired.push(name);
                    }
                }
                ("function_path_other", Level::Error, other.clone(), repaired)
            }
            (None, false) => {
                let mut repaired: Vec<&str> = names.iter().map(String::as_str).filter(kept).collect();
                // A tenant that was renamed: its functions still name it as it was.
                if tenant.is_some()
                    && !repaired.contains(&schema)
                    && missing.first() == names.first().map(String::as_str).as_ref()
                {
                    repaired.insert(0, schema);
                }
                ("function_path_missing", Level::Warning, missing.join(", "), repaired)
            }
            (None, true) => continue,
        };
        let shown = routine.shown();
        let message = match level {
            Level::Error => format!("{schema}.{shown} looks names up in the tenant {who}."),
            _ => format!("{schema}.{shown} looks names up in a schema that does not exist: {who}."),
        };
        // With nothing left, the server's own names are all that it finds: nothing of the caller's.
        let repaired = if repaired.is_empty() { vec!["pg_catalog", "pg_temp"] } else { repaired };
        let fix =
            Statement::of(format_args!("alter {} set search_path = {}", routine.named(schema)?, path::list(repaired)?));
        findings.push(
            Finding::new(DoctorCheck::FunctionPath, level, Some(schema), &shown, message)
                .code(code)
                .param("function", shown.as_str())
                .param("schemas", who)
                .fact("search_path", set.as_str())
                .repaired_by(vec![fix]),
        );
    }
    Ok(findings)
}
