//! When tenants were last backed up from this computer.

use super::TenantSummary;
use crate::Result;
use crate::connection::Database;
use crate::journal::address;
use crate::local::Home;
use sqlx::Row;
use std::collections::HashMap;

/// Fills in when each tenant was last saved by a verified backup of this computer: a workbook of all its tables that was read
/// back, or an archive that was restored on trial. The moment is when its run began, so that all that is older is in it. What
/// was saved from other computers is not known here.
///
/// # Errors
/// [`crate::ErrorKind::LocalState`].
pub async fn note_last_backups(home: &Home, database: &Database, tenants: &mut [TenantSummary]) -> Result<()> {
    if tenants.is_empty() {
        return Ok(());
    }
    let rows = sqlx::query(include_str!("last_backup.sql")).bind(address(database)).fetch_all(home.pool()).await?;
    let mut last: HashMap<String, String> = HashMap::new();
    for row in &rows {
        let (schema, kind): (String, String) = (row.try_get("schema")?, row.try_get("kind")?);
        match kind.as_str() {
            "export" | "backup" => last.insert(schema, row.try_get("started_at")?),
            // Whoever has the name afterwards is another tenant, or one whose backup is told by its quarantine.
            _ => last.remove(&schema),
        };
    }
    for tenant in tenants {
        tenant.last_backup = last.remove(&tenant.schema);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn add(home: &Home, at: &str, kind: &str, request: &str, tenants: &[(&str, &str, Option<&str>)]) {
        sqlx::query(
            "insert into run (id, kind, database, role, request, fingerprint, started_at, process) \
             values (?1, ?2, 'db @ host:5432', 'r', ?3, '', ?1, '1')",
        )
        .bind(at)
        .bind(kind)
        .bind(request)
        .execute(home.pool())
        .await
        .unwrap();
        for (position, (schema, outcome, detail)) in tenants.iter().enumerate() {
            sqlx::query("insert into run_tenant (run, position, schema, outcome, detail) values (?, ?, ?, ?, ?)")
                .bind(at)
                .bind(position as i64)
                .bind(schema)
                .bind(outcome)
                .bind(detail)
                .execute(home.pool())
                .await
                .unwrap();
        }
    }

    async fn found(home: &Home) -> Vec<(String, String, String)> {
        let rows = sqlx::query(include_str!("last_backup.sql")).bind("db @ host:5432").fetch_all(home.pool());
        let text = |row: &sqlx::sqlite::SqliteRow, name: &str| row.try_get::<String, _>(name).unwrap();
        rows.await.unwrap().iter().map(|r| (text(r, "started_at"), text(r, "kind"), text(r, "schema"))).collect()
    }

    #[tokio::test]
    async fn whole_verified_backups_count_and_ends_of_a_name_are_told_in_the_order_of_time() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path()).await.unwrap();
        let whole = r#"{"tables":[]}"#;
        add(&home, "2026-01-01", "export", whole, &[("a", "done", Some("/b/a.xlsx")), ("b", "failed", None)]).await;
        add(&home, "2026-01-02", "export", r#"{"tables":["t"]}"#, &[("a", "done", None)]).await;
        add(&home, "2026-01-03", "backup", r#"{"verify":true}"#, &[("b", "done", Some("/b/b.dump"))]).await;
        add(&home, "2026-01-04", "backup", r#"{"verify":false}"#, &[("b", "done", Some("/b/b2.dump"))]).await;
        add(&home, "2026-01-05", "drop", "{}", &[("a", "done", Some("/b/q.xlsx"))]).await;
        add(&home, "2026-01-06", "undrop", "{}", &[("_cadastre_q_a", "done", Some("a"))]).await;
        let of = |at: &str, kind: &str, schema: &str| (at.to_owned(), kind.to_owned(), schema.to_owned());
        assert_eq!(
            found(&home).await,
            [of("2026-01-01", "export", "a"), of("2026-01-03", "backup", "b"), of("2026-01-05", "drop", "a"),]
        );
        assert!(crate::fleet::wrote(&home, "/b/q.xlsx").await.unwrap());
        assert!(!crate::fleet::wrote(&home, "/etc/passwd").await.unwrap());
        assert!(!crate::fleet::wrote(&home, "a").await.unwrap(), "no file, but a schema");
    }
}
