//! A schema that somebody else's statements have made in the same transaction: compared first, then emptied for the rows.

use super::build::{COMPARED, Rebuild, SETTINGS, only_printed_otherwise, planned};
use crate::connection::Session;
use crate::shape::{self, Change, Difference, HISTORY, ObjectKind, Property, Shape};
use crate::sql::{Ident, Statement};
use crate::{ErrorKind, Result};

/// So many differences are named; the others are counted.
const NAMED: usize = 10;

impl<'s> Rebuild<'s> {
    /// Goes on in a transaction that has made the schema.
    ///
    /// # Errors
    /// What the connection reports, a deferred constraint that is not kept among it.
    pub(crate) async fn begin_made(
        session: &'s mut Session,
        schema: &str,
        wanted: Shape,
        server_version: i32,
    ) -> Result<Self> {
        // A table whose checks are still to come could not be altered.
        let prepare = Statement::of(format_args!("set constraints all immediate; {SETTINGS}"));
        session.execute(prepare).await?;
        Ok(Self::of(session, Ident::new(schema)?, wanted, server_version, false))
    }

    /// Compares what was made with what is wanted, the table of the history aside: other tools make that in other ways.
    ///
    /// # Errors
    /// [`ErrorKind::TemplateDiffers`].
    pub(crate) async fn require_as_wanted(&mut self, template: &str) -> Result<()> {
        let (wanted, there) = (self.wanted.without_history(), self.there().await?.without_history());
        let mut changes = shape::diff(&wanted, &there, COMPARED);
        changes.retain(|change| self.same_server || !only_printed_otherwise(change));
        if changes.is_empty() {
            return Ok(());
        }
        let [missing, more, changed] = [
            named(&changes, |difference| matches!(difference, Difference::Removed)),
            named(&changes, |difference| matches!(difference, Difference::Added)),
            named(&changes, |difference| matches!(difference, Difference::Changed { .. })),
        ];
        let mut sentences = Vec::new();
        for (names, words) in [
            (&missing, "only the workbook has"),
            (&more, "only the template makes"),
            (&changed, "not the same in both:"),
        ] {
            if !names.is_empty() {
                sentences.push(format!("{words} {names}"));
            }
        }
        let (template, what) = (template.to_owned(), sentences.join("; "));
        Err(ErrorKind::TemplateDiffers { template, what, missing, more, changed }.into())
    }

    /// Takes the rows away that the statements put in, and lets sequences begin anew. The history keeps its rows unless others
    /// come. Behind [`Rebuild::before_rows`], when nothing fires or refers any more.
    pub(crate) async fn empty(&mut self, coming: &[&str]) -> Result<()> {
        let emptying = emptying(&self.wanted, &self.schema, coming)?;
        self.session.execute(emptying).await
    }
}

/// The statements as a plan shows them; `making` begins the transaction and makes the schema.
pub(crate) fn planned_statements_made(
    making: &str,
    wanted: &Shape,
    (schema, owner): (&str, &str),
    tables: &[&str],
) -> Result<String> {
    let mut made = wanted.clone();
    (made.schema, made.owner) = (schema.to_owned(), owner.to_owned());
    let emptied = emptying(wanted, &Ident::new(schema)?, tables)?;
    let making = format!("{making}-- Here what the files have made is compared with the structure of the workbook.\n");
    planned(making, emptied.text(), wanted, &made, tables)
}

fn emptying(wanted: &Shape, schema: &Ident, coming: &[&str]) -> Result<Statement> {
    let mut statement = Statement::new();
    let mut names = Vec::new();
    for (id, object) in &wanted.objects {
        let qualified = |name: &str| Ok::<_, crate::Error>(schema.qualify(&Ident::new(name)?));
        match (id.kind, &id.parent) {
            // Its rows are those of its partitions.
            (ObjectKind::Table, _) if object.get(Property::PartitionKey).is_some() => {}
            (ObjectKind::Table, _) if id.name == HISTORY && !coming.contains(&HISTORY) => {}
            (ObjectKind::Table, _) => names.push(format!("only {}", qualified(&id.name)?)),
            (ObjectKind::Sequence, _) => {
                statement.push(format_args!("alter sequence {} restart;\n", qualified(&id.name)?));
            }
            (ObjectKind::Column, Some(table)) if object.get(Property::Identity).is_some() => {
                let column = Ident::new(id.name.as_str())?;
                statement.push(format_args!("alter table {} alter column {column} restart;\n", qualified(table)?));
            }
            _ => {}
        }
    }
    if !names.is_empty() {
        statement.push(format_args!("truncate {};\n", names.join(", ")));
    }
    Ok(statement)
}

/// The objects of some of the changes, each once.
fn named(changes: &[Change], chosen: impl Fn(&Difference) -> bool) -> String {
    let mut names: Vec<String> = Vec::new();
    for change in changes.iter().filter(|change| chosen(&change.difference)) {
        let name = change.object.to_string();
        if names.last() != Some(&name) {
            names.push(name);
        }
    }
    if names.len() > NAMED {
        let more = names.len() - NAMED;
        names.truncate(NAMED);
        names.push(format!("… (+ {more})"));
    }
    names.join(", ")
}
