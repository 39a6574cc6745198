//! `cadastre shape` and `cadastre diff`

use crate::arguments::{Diff, Shape, ShapeOptions};
use crate::context::Context;
use crate::output;
use cadastre_core::Result;
use cadastre_core::connection::Database;
use cadastre_core::shape::{self, Change, Class, Classes, Comparison, Namespace, Options, WireChange};
use cadastre_core::tenant::{self, Found, Selection};

/// Names of a class that a line has room for.
const TENANTS_SHOWN: usize = 5;

pub async fn classes(context: &Context, arguments: &Shape) -> Result<u8> {
    let database = context.database().await?;
    let found = found(&database).await?;
    let chosen = Selection::from(&arguments.select);
    let mut chosen: Vec<&Found> = chosen.of_any(&found)?;
    let reference = match &arguments.reference {
        Some(name) => Some(one(&found, name)?),
        None => None,
    };
    // The measure belongs to the answer, whoever else was asked for.
    if let Some(reference) = reference.filter(|r| !chosen.iter().any(|c| c.summary.oid == r.summary.oid)) {
        chosen.push(reference);
    }
    let schemas: Vec<Namespace> = chosen.into_iter().map(namespace).collect();
    let reference = reference.map(|r| r.summary.schema.as_str());
    let answer = shape::classes(&database, &schemas, reference, options(arguments.options)).await?;
    if context.common.json {
        output::json(&answer)?;
    } else {
        print_classes(&answer);
    }
    Ok(0)
}

pub async fn diff(context: &Context, arguments: &Diff) -> Result<u8> {
    let database = context.database().await?;
    let found = found(&database).await?;
    let (reference, tenant) = (one(&found, &arguments.reference)?, one(&found, &arguments.tenant)?);
    let options = options(arguments.options);
    let answer = shape::compare(&database, &namespace(reference), &namespace(tenant), options).await?;
    if context.common.json {
        let script = answer.repair.script();
        output::json(&serde_json::json!({
            "reference": reference.summary.schema,
            "tenant": tenant.summary.schema,
            "equal": answer.reference == answer.other,
            "changes": answer.changes,
            "sql": script.text(),
            "destructive": answer.repair.is_destructive(),
            "unrepaired": answer.repair.unrepaired,
        }))?;
    } else if arguments.sql {
        print_sql(&answer);
    } else {
        print_changes(&answer, &tenant.summary.schema, &reference.summary.schema);
    }
    Ok(0)
}

async fn found(database: &Database) -> Result<Vec<Found>> {
    let mut session = database.catalog().await?;
    tenant::discover(&mut session).await
}

fn one<'a>(found: &'a [Found], name: &str) -> Result<&'a Found> {
    let chosen = tenant::choose(found, &[name.to_owned()])?;
    chosen.first().copied().ok_or_else(|| cadastre_core::ErrorKind::TenantMissing { name: name.to_owned() }.into())
}

fn namespace(found: &Found) -> Namespace {
    Namespace { oid: found.summary.oid, name: found.summary.schema.clone() }
}

fn options(options: ShapeOptions) -> Options {
    Options { column_order: options.column_order, grants: options.grants }
}

fn print_classes(answer: &Classes) {
    output::table(
        &["SHAPE", "TENANTS", "CHANGES", "WHO"],
        &[1, 2],
        answer.classes.iter().map(|class| {
            let changes = match class.differences {
                _ if class.reference => "reference".to_owned(),
                Some(number) => number.to_string(),
                None => "–".to_owned(),
            };
            vec![class.fingerprint.short().to_owned(), class.tenants.len().to_string(), changes, who(class)]
        }),
    );
    for class in answer.classes.iter().filter(|class| !class.changes.is_empty()) {
        output::line(&format!("\n{}: {}", class.fingerprint.short(), output::clean(&who(class))));
        print_list(&class.changes);
        let more = class.differences.unwrap_or_default().saturating_sub(class.changes.len());
        if more > 0 {
            output::line(&format!("  … {more} more"));
        }
    }
}

fn who(class: &Class) -> String {
    let shown = class.tenants.iter().take(TENANTS_SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if class.tenants.len() > TENANTS_SHOWN { format!("{shown}, …") } else { shown }
}

fn print_changes(answer: &Comparison, tenant: &str, reference: &str) {
    let (tenant, reference) = (output::clean(tenant), output::clean(reference));
    if answer.changes.is_empty() {
        output::line(&format!("{tenant} has the same shape as {reference}."));
        return;
    }
    output::line(&format!("{tenant}, seen from {reference}:"));
    print_list(&answer.changes);
    if answer.repair.is_destructive() {
        output::note("The SQL that repairs this (--sql) can lose data.");
    }
}

/// Prints changes, one line each with the texts below.
pub fn print_list(changes: &[Change]) {
    for change in changes {
        let wire = WireChange::from(change);
        let mark = match wire.change.as_str() {
            "added" => '+',
            "removed" => '-',
            _ => '~',
        };
        let property = wire.property.map(|p| format!(" {}", p.code().replace('_', " "))).unwrap_or_default();
        output::line(&format!("  {mark} {}{property}", output::clean(&change.object.to_string())));
        for (mark, text) in [('-', &wire.before), ('+', &wire.after)] {
            for line in text.iter().flat_map(|text| text.lines()) {
                output::line(&format!("      {mark} {}", output::clean(line)));
            }
        }
    }
}

fn print_sql(answer: &Comparison) {
    for change in &answer.repair.unrepaired {
        output::note(&format!("Not repaired: {}", output::clean(&change.object.to_string())));
    }
    output::line(answer.repair.script().text().trim_end());
    if answer.repair.is_destructive() {
        output::note("Read it before you run it: it can lose data.");
    }
}
