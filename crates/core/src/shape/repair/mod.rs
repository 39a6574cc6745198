//! The SQL that makes one schema like another.
//!
//! Everything happens in one transaction. What stands in the way (views on a column whose type changes, a foreign key on a
//! primary key that is replaced) is dropped first and made again, with its comments, and with the owner and the grants
//! that it had. The order follows the server's own record of what needs what, of the schema as it is for dropping, of the
//! reference for making.
//!
//! Left to people: another order of columns, another partition key, `create table … of`, operator classes and families, types
//! that are made of functions in C; operators, casts, collations and text search objects that are there and differ, or are too
//! many. Those stand in [`Repair::unrepaired`].

mod alter;
mod column;
mod create;
mod expand;
mod grant;
mod late;
mod name;
mod order;
mod remove;
mod types;
mod work;

use super::diff::{Change, diff};
use super::object::{ObjectId, ObjectKind, Options, Property, Shape};
use crate::Result;
use crate::sql::{Ident, Statement, literal};
use std::collections::BTreeSet;
use work::Work;

/// One statement of a repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The statement, qualified with the schema, without a semicolon.
    pub sql: Statement,
    /// What it is about.
    pub object: ObjectId,
    /// Data may be lost: a table, a column or a sequence goes, or values are converted to a narrower type.
    pub destructive: bool,
    /// Every row of the table is written again.
    pub rewrites: bool,
}

/// What makes a schema like the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// In order; one transaction.
    pub steps: Vec<Step>,
    /// What no statement here changes.
    pub unrepaired: Vec<Change>,
}

impl Repair {
    /// All steps as one script that is one transaction.
    pub fn script(&self) -> Statement {
        let mut script = Statement::new();
        if self.steps.is_empty() {
            return script;
        }
        script.push(format_args!(
            "begin;\nset local search_path = pg_catalog, pg_temp;\nset local check_function_bodies = off;\n"
        ));
        for step in &self.steps {
            script.push(format_args!("{};\n", step.sql));
        }
        script.push(format_args!("commit;\n"));
        script
    }

    /// True where a step may lose data.
    pub fn is_destructive(&self) -> bool {
        self.steps.iter().any(|step| step.destructive)
    }
}

/// The statements that make `other` like `reference`.
///
/// # Errors
/// Names that cannot be quoted, which the catalogs do not hold.
pub fn repair(reference: &Shape, other: &Shape, options: Options) -> Result<Repair> {
    let mut replaced = BTreeSet::new();
    let (wanted, there) = (expand::expanded(reference, other, false), expand::expanded(other, reference, true));
    loop {
        let mut work = Work::new(&wanted, &there, options, &replaced)?;
        work.steps()?;
        let more = labels_used_too_early(&work);
        if more.is_empty() || !more.iter().any(|id| replaced.insert(id.clone())) {
            let unrepaired = diff(reference, other, options);
            let unrepaired = unrepaired.into_iter().filter(|change| work.is_left(change)).collect();
            return Ok(Repair { steps: work.steps, unrepaired });
        }
    }
}

/// Enumerations that get a label which another statement mentions: a new label cannot be used before the transaction that
/// added it has ended, so the type has to be made anew.
fn labels_used_too_early(work: &Work<'_>) -> Vec<ObjectId> {
    let mut found = Vec::new();
    for (id, properties) in &work.alter {
        if id.kind != ObjectKind::Enum || !properties.contains(&Property::Labels) {
            continue;
        }
        let new = types::new_labels(work, id);
        let others = work.steps.iter().filter(|step| step.object != *id);
        let mentions = |text: &str| new.iter().any(|label| text.contains(&literal(label)));
        if others.clone().any(|step| mentions(step.sql.text())) {
            found.push(id.clone());
        }
    }
    found
}

/// The schema's names in the place that is repaired.
#[derive(Debug, Clone)]
struct Target {
    schema: Ident,
    owner: Ident,
}
