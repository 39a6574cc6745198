//! Dead rows in the system's catalogs.

use super::{DoctorCheck, Finding, Level};
use crate::Result;
use crate::connection::Session;
use crate::sql::{Ident, Statement};
use sqlx::Row;

/// A catalog that is smaller costs nobody anything, bytes.
const SMALL: i64 = 16 << 20;
/// As many dead rows VACUUM has not removed for a while; it comes by itself at a fifth of the living.
const MANY: i64 = 20_000;

/// More dead rows than living ones in a catalog of some size.
pub(super) async fn check(session: &mut Session) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let rows = sqlx::query(include_str!("catalogs.sql")).persistent(false).fetch_all(session.connection()).await?;
    for row in rows {
        let name: String = row.try_get("name")?;
        let (bytes, live, dead): (i64, i64, i64) =
            (row.try_get("size_bytes")?, row.try_get("live")?, row.try_get("dead")?);
        if bytes < SMALL || dead < MANY || dead <= live {
            continue;
        }
        let message = format!("{name} holds {dead} dead rows beside {live} living ones, in {bytes} bytes.");
        let catalog = Ident::new("pg_catalog")?.qualify(&Ident::new(name.as_str())?);
        let last: Option<String> = row.try_get("last_vacuum")?;
        let mut finding = Finding::new(DoctorCheck::CatalogBloat, Level::Warning, None, &name, message)
            .param("name", name.as_str())
            .param("dead", dead.to_string())
            .param("live", live.to_string())
            .param("bytes", bytes.to_string())
            .fact("size_bytes", bytes.to_string())
            .fact("last_vacuum", last.unwrap_or_else(|| "–".to_owned()));
        for (kind, holder) in super::wraparound::holders(session).await? {
            finding = finding.fact(&kind, holder);
        }
        findings.push(finding.repaired_alone_by(vec![Statement::of(format_args!("vacuum (analyze) {catalog}"))]));
    }
    Ok(findings)
}
