//! Where a workbook is restored to, and what that takes.

use super::read_back::{ManifestTable, OpenBook};
use super::restore_template::{made, statements_made};
use super::types::RestoreRequest;
use crate::connection::{Database, Session};
use crate::fleet::{Check, CheckLevel};
use crate::migration::Source;
use crate::rebuild::{Rebuild, beyond, not_empty, planned_statements, planned_statements_in};
use crate::shape::{Shape, read_with_history_in};
use crate::tenant::{check_schema_name, derive_schema_name, is_taken};
use crate::{ErrorKind, Result};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Where the structure comes from, and where the rows go.
#[derive(Debug, Clone)]
pub(super) enum Route {
    /// A new schema with the structure of the workbook.
    Workbook,
    /// A new schema that the files of a template make.
    Template(Arc<Source>),
    /// A schema that is there and holds no rows.
    Into,
}

impl Route {
    /// What will be sent, rows aside.
    pub(super) async fn statements(
        &self,
        session: &mut Session,
        shape: &Shape,
        place: (&str, &str),
        owner: &str,
        chosen: &[ManifestTable],
    ) -> Result<String> {
        let tables: Vec<&str> = chosen.iter().map(|table| table.name.as_str()).collect();
        match self {
            Self::Workbook => planned_statements(shape, place, owner, &tables),
            Self::Template(source) => statements_made(source, shape, place, owner, chosen),
            Self::Into => Ok(statements_in(session, shape, place.0, chosen).await?.1),
        }
    }

    /// Begins the transaction; the schema is ready for rows.
    pub(super) async fn begin<'s>(
        &self,
        session: &'s mut Session,
        database: &Database,
        place: (&str, &str),
        (shape, version): (Shape, i32),
        chosen: &[ManifestTable],
    ) -> Result<Rebuild<'s>> {
        let mut rebuild = match self {
            Self::Workbook => Rebuild::begin(session, place.0, place.1, shape, version).await?,
            Self::Template(source) => {
                return made(session, database, source, place, (shape, version), chosen).await;
            }
            Self::Into => {
                let coming: Vec<&str> = chosen.iter().map(|table| table.name.as_str()).collect();
                Rebuild::begin_in(session, place.0, shape, version, &coming).await?
            }
        };
        rebuild.before_rows().await?;
        Ok(rebuild)
    }
}

/// The structure of a schema that is there, and what makes it that of the workbook.
pub(super) async fn statements_in(
    session: &mut Session,
    shape: &Shape,
    schema: &str,
    chosen: &[ManifestTable],
) -> Result<(Shape, String)> {
    session.execute("begin read only").await?;
    let there = read_with_history_in(session, schema).await;
    session.execute("rollback").await?;
    let there = there?;
    let tables: Vec<&str> = chosen.iter().map(|table| table.name.as_str()).collect();
    let sql = planned_statements_in(shape, &there, &tables)?;
    Ok((there, sql))
}

/// A schema that is there takes rows when it has none, and nothing that would have to go.
pub(super) async fn checks_in(session: &mut Session, shape: &Shape, there: &Shape) -> Result<Vec<Check>> {
    let mut checks = Vec::new();
    let schema = there.schema.clone();
    if let Some(table) = not_empty(session, &schema).await? {
        let message = format!("The table {table} of {schema} holds rows.");
        checks.push(Check::new(
            CheckLevel::Stop,
            "target_not_empty",
            message,
            &[("table", table), ("schema", schema.clone())],
        ));
    }
    let beyond = beyond(shape, there);
    if !beyond.is_empty() {
        let names = beyond.join(", ");
        let message = format!("{schema} has what the workbook does not have: {names}.");
        checks.push(Check::new(CheckLevel::Stop, "target_has_more", message, &[("names", names), ("schema", schema)]));
    }
    Ok(checks)
}

/// What a plan was made from: `sql` says what structure the file has, the digests which rows.
pub(super) fn fingerprint(schema: &str, name: &str, sql: &str, chosen: &[ManifestTable]) -> String {
    let mut state = Sha256::new();
    for part in [schema, name, sql].into_iter().chain(chosen.iter().map(|table| table.digest.as_str())) {
        state.update(part);
        state.update([0]);
    }
    crate::migration::hex(&state.finalize())
}

/// The schema and the name of the tenant that comes back. Its own schema may come back under whatever name it had.
pub(super) async fn target_names(
    database: &Database,
    book: &OpenBook,
    request: &RestoreRequest,
) -> Result<(String, String)> {
    let (schema, tenant) = (book.manifest.property("schema"), book.manifest.property("tenant"));
    let wanted = request.name.trim();
    if wanted.is_empty() {
        return Err(ErrorKind::NameEmpty.into());
    }
    let own = wanted == schema || (!tenant.is_empty() && wanted == tenant);
    let target = match &request.schema {
        Some(schema) => schema.clone(),
        None if own => schema.to_owned(),
        None => derive_schema_name(wanted)?,
    };
    let name = if wanted == schema && !tenant.is_empty() { tenant } else { wanted };
    let mut session = database.catalog().await?;
    if target == schema {
        if is_taken(&mut session, &target).await? {
            return Err(ErrorKind::SchemaNameTaken { name: target.clone(), existing: target }.into());
        }
    } else {
        check_schema_name(&mut session, &target).await?;
    }
    Ok((target, name.to_owned()))
}
