//! Indexes that are not valid, and constraints that were never checked.

use super::fleet::Fleet;
use super::{DoctorCheck, Finding, Level};
use crate::Result;
use crate::connection::Session;
use crate::migration::is_leftover;
use crate::sql::{Ident, Statement};
use sqlx::Row;
use sqlx::postgres::types::Oid;

pub(super) async fn check(session: &mut Session, fleet: &Fleet, focus: &[u32]) -> Result<Vec<Finding>> {
    let focus: Vec<Oid> = focus.iter().copied().map(Oid).collect();
    let rows = sqlx::query(include_str!("unfinished.sql")).persistent(false).bind(&focus);
    let mut findings = Vec::new();
    for row in rows.fetch_all(session.connection()).await? {
        let Some(tenant) = fleet.tenants.get(&row.try_get::<Oid, _>("namespace")?.0) else { continue };
        let (kind, table, name): (String, String, String) =
            (row.try_get("kind")?, row.try_get("table")?, row.try_get("name")?);
        let definition: String = row.try_get("definition")?;
        let (schema, quoted) = (Ident::new(tenant.schema.as_str())?, Ident::new(name.as_str())?);
        let index = schema.qualify(&quoted);
        let (check, code, level, message) = match kind.as_str() {
            "constraint" => (
                DoctorCheck::ConstraintUnchecked,
                "constraint_unchecked",
                Level::Note,
                format!("The constraint {name} of {}.{table} was never checked against its older rows.", tenant.schema),
            ),
            _ if is_leftover(&name) => (
                DoctorCheck::IndexInvalid,
                "index_leftover",
                Level::Warning,
                format!("REINDEX CONCURRENTLY has left {name} behind on {}.{table}.", tenant.schema),
            ),
            _ => (
                DoctorCheck::IndexInvalid,
                "index_invalid",
                Level::Warning,
                format!("The index {name} of {}.{table} is not valid.", tenant.schema),
            ),
        };
        let finding = Finding::new(check, level, Some(&tenant.schema), &format!("{table}.{name}"), message)
            .code(code)
            .param("name", name.as_str())
            .param("table", table.as_str())
            .fact("definition", definition);
        findings.push(match code {
            "constraint_unchecked" => {
                let table = schema.qualify(&Ident::new(table.as_str())?);
                let fix = Statement::of(format_args!("alter table {table} validate constraint {quoted}"));
                finding.repaired_by(vec![fix])
            }
            "index_leftover" if !row.try_get::<bool, _>("constrains")? => {
                finding.repaired_alone_by(vec![Statement::of(format_args!("drop index concurrently {index}"))])
            }
            _ => finding.repaired_alone_by(vec![Statement::of(format_args!("reindex index concurrently {index}"))]),
        });
    }
    Ok(findings)
}
