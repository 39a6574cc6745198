//! The largest tenant against the server's table of locks.

use super::fleet::Fleet;
use super::server::Server;
use super::{DoctorCheck, Finding, Level};
use crate::Result;
use crate::connection::Session;
use crate::sql::Statement;
use sqlx::Row;
use sqlx::postgres::types::Oid;

/// A warning where one tenant needs more than half of all locks.
pub(super) async fn check(session: &mut Session, fleet: &Fleet, server: &Server) -> Result<Option<Finding>> {
    let all: Vec<Oid> = fleet.oids().into_iter().map(Oid).collect();
    let query = sqlx::query(include_str!("largest.sql")).persistent(false).bind(&all);
    let Some(row) = query.fetch_optional(session.connection()).await? else { return Ok(None) };
    let Some(tenant) = fleet.tenants.get(&row.try_get::<Oid, _>("namespace")?.0) else { return Ok(None) };
    let relations: i64 = row.try_get("relations")?;
    let budget = server.locks_per_transaction * server.lock_holders;
    if relations * 2 <= budget {
        return Ok(None);
    }
    // Twice what it needs, in steps of 64.
    let wanted = (relations * 2 + 1).div_euclid(server.lock_holders.max(1)) + 1;
    let wanted = wanted.div_euclid(64) * 64 + 64;
    let message = format!(
        "{} has {relations} relations; {budget} locks fit into the server's table. Set max_locks_per_transaction to {wanted} and \
         restart the server.",
        tenant.schema
    );
    let fix = Statement::of(format_args!("alter system set max_locks_per_transaction = {wanted}"));
    Ok(Some(
        Finding::new(DoctorCheck::LockBudget, Level::Warning, None, "max_locks_per_transaction", message)
            .param("tenant", tenant.schema.as_str())
            .param("relations", relations.to_string())
            .param("budget", budget.to_string())
            .param("setting", wanted.to_string())
            .fact("relations", relations.to_string())
            .fact("locks", budget.to_string())
            .fact("max_locks_per_transaction", server.locks_per_transaction.to_string())
            .advice(&fix),
    ))
}
