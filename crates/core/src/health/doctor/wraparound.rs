//! How far the database is from the end of its transaction numbers.

use super::server::Server;
use super::{DoctorCheck, Finding, Level};
use crate::Result;
use crate::connection::Session;
use crate::sql::Statement;
use sqlx::Row;

/// PostgreSQL stops at about 2,146 million; from here on VACUUM leaves out everything else to keep away from it.
const FAILSAFE: i64 = 1_600_000_000;

/// VACUUM freezes by itself at `autovacuum_freeze_max_age`. Half as much again says that it does not come to its end.
pub(super) async fn check(session: &mut Session, server: &Server) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let counters = [
        ("wraparound_xid", "transactions", server.xid_age, server.xid_limit),
        ("wraparound_mxid", "multixacts", server.mxid_age, server.mxid_limit),
    ];
    for (code, object, age, limit) in counters {
        if age <= limit + limit / 2 {
            continue;
        }
        let level = if age >= FAILSAFE { Level::Error } else { Level::Warning };
        let message = format!(
            "The oldest row of {} is {age} {object} old; VACUUM should have frozen it at {limit}.",
            server.database
        );
        let mut finding = Finding::new(DoctorCheck::Wraparound, level, None, object, message)
            .code(code)
            .param("database", server.database.as_str())
            .param("age", age.to_string())
            .param("limit", limit.to_string());
        let oldest = sqlx::query(include_str!("oldest.sql")).persistent(false).bind(object == "multixacts");
        for row in oldest.fetch_all(session.connection()).await? {
            let (schema, name): (String, String) = (row.try_get("schema")?, row.try_get("name")?);
            let age: i64 = row.try_get(if object == "multixacts" { "mxid_age" } else { "xid_age" })?;
            finding = finding.fact("oldest_table", format!("{schema}.{name}: {age}"));
        }
        for (kind, holder) in holders(session).await? {
            finding = finding.fact(&kind, holder);
        }
        findings.push(finding.repaired_alone_by(vec![Statement::of(format_args!("vacuum (freeze)"))]));
    }
    Ok(findings)
}

/// What keeps VACUUM from its work, with how many transactions ago it began.
pub(in crate::health) async fn holders(session: &mut Session) -> Result<Vec<(String, String)>> {
    let rows = sqlx::query(include_str!("holders.sql")).persistent(false).fetch_all(session.connection()).await?;
    let holder = |row: &sqlx::postgres::PgRow| {
        let (kind, name, age): (String, String, i64) =
            (row.try_get("kind")?, row.try_get("name")?, row.try_get("age")?);
        Ok((format!("held_by_{kind}"), format!("{name}: {age}")))
    };
    rows.iter().map(holder).collect()
}
