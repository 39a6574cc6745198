//! The structure of a restored tenant from its template, at the version that the workbook notes.

use super::history::newest;
use super::read_back::{ManifestTable, OpenBook};
use crate::Result;
use crate::connection::{Database, Session};
use crate::fleet::{Check, CheckLevel};
use crate::migration::{Script, Source, Unfit, as_of, unfit};
use crate::rebuild::{Rebuild, planned_statements_made};
use crate::shape::Shape;
use crate::tenant::{creation_script, make_in, require_creatable};

/// The files of a template that make what the workbook's tenant had applied, and what is to be said about them. They are of use
/// only where no check says stop.
///
/// # Errors
/// What opening a template reports, and [`crate::ErrorKind::MigrationFileInvalid`] for a file that ends the transaction.
pub(super) fn template(book: &OpenBook, name: &str) -> Result<(Source, Vec<Check>)> {
    let (source, history) = (Source::open(name)?, &book.manifest.history);
    let called = || ("template", source.name().to_owned());
    let mut checks = Vec::new();
    let mut stop = |code: &str, message: String, params: &[(&str, String)]| {
        checks.push(Check::new(CheckLevel::Stop, code, message, params));
    };
    let Some(version) = newest(history) else {
        let message = "The workbook does not say which migrations its tenant had applied.";
        stop("template_no_history", message.into(), &[]);
        return Ok((source, checks));
    };
    if source.migrator().is_some() {
        let message = format!("{} names another tool in the place of SQL files.", source.name());
        stop("template_migrator", message, &[called()]);
        return Ok((source, checks));
    }
    let Unfit { missing, changed, half_way, ending } = unfit(&source, history);
    if !half_way.is_empty() {
        let versions = listed(&half_way);
        let message = format!("The tenant of the workbook was half-way: {versions}.");
        stop("template_half_way", message, &[("versions", versions)]);
    }
    if !missing.is_empty() {
        let versions = listed(&missing);
        let message = format!("{} has no file of what the tenant had applied: {versions}.", source.name());
        stop("template_version_missing", message, &[called(), ("versions", versions)]);
    }
    if !changed.is_empty() {
        let files = changed.join(", ");
        let message = format!("Files of {} are not what the tenant had applied: {files}.", source.name());
        stop("template_file_changed", message, &[called(), ("files", files)]);
    }
    if !ending.is_empty() {
        let files = ending.join("; ");
        let message = format!("Files of {} begin or end a transaction: {files}.", source.name());
        stop("template_ends_transaction", message, &[called(), ("files", files)]);
    }
    let outside = as_of(&source, history).touches_any().into_iter().collect::<Vec<_>>().join(", ");
    if !outside.is_empty() {
        let message =
            format!("Files of {} also change other schemas, which no restore does: {outside}.", source.name());
        stop("template_touches", message, &[called(), ("schemas", outside)]);
    }
    if !checks.is_empty() {
        return Ok((source, checks));
    }
    let source = as_of(&source, history);
    require_creatable(&source)?;
    let called = ("template", source.name().to_owned());
    let message = format!("The files of {} make the structure, up to {version}.", source.name());
    checks.push(Check::new(CheckLevel::Ok, "template_makes", message, &[called, ("version", version)]));
    let message = "What the files make has to be the structure of the workbook; rows that they put into it go before its own come.";
    checks.push(Check::new(CheckLevel::Ok, "template_compared", message, &[]));
    Ok((source, checks))
}

/// What is sent, as a plan shows it.
pub(super) fn statements_made(
    source: &Source,
    shape: &Shape,
    (schema, name): (&str, &str),
    owner: &str,
    chosen: &[ManifestTable],
) -> Result<String> {
    let tables: Vec<&str> = chosen.iter().map(|table| table.name.as_str()).collect();
    let making = creation_script(schema, name, Some(source))?;
    planned_statements_made(making.text(), shape, (schema, owner), &tables)
}

/// Makes the schema, compares it with the workbook's, and prepares it for the rows.
pub(super) async fn made<'s>(
    session: &'s mut Session,
    database: &Database,
    source: &Source,
    (schema, name): (&str, &str),
    (shape, version): (Shape, i32),
    chosen: &[ManifestTable],
) -> Result<Rebuild<'s>> {
    let script: Script = creation_script(schema, name, Some(source))?;
    make_in(session, database, &script, schema).await?;
    let mut rebuild = Rebuild::begin_made(session, schema, shape, version).await?;
    rebuild.require_as_wanted(source.name()).await?;
    rebuild.before_rows().await?;
    let coming: Vec<&str> = chosen.iter().map(|table| table.name.as_str()).collect();
    rebuild.empty(&coming).await?;
    Ok(rebuild)
}

fn listed(versions: &[i64]) -> String {
    versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
