//! The files of a class on the copy, as a run would apply them.

use super::locks::{self, Taken};
use super::report::{FileOutcome, RehearsedFile};
use super::scratch::Scratch;
use crate::fleet::{Check, CheckLevel};
use crate::migration::apply::text;
use crate::migration::{Direction, Migration, Script, Source, When, hook, lint, proof, script, statements};
use crate::shape::Shape;
use crate::sql::Statement;
use crate::{Error, ErrorKind, Result};
use std::collections::BTreeSet;
use std::time::Instant;

/// SQLSTATE of what no transaction allows.
const ACTIVE_TRANSACTION: &str = "25001";
/// SQLSTATE of a label that is used in the transaction that added it.
const NEW_LABEL: &str = "55P04";

/// The files of a class, one after the other.
pub(super) struct Act<'a> {
    pub scratch: &'a mut Scratch,
    pub source: &'a Source,
    /// The tenant whose name errors carry.
    pub tenant: &'a str,
    /// What is in `public` besides tables, read before.
    pub shared: Option<String>,
    pub has_history: bool,
    pub files: Vec<RehearsedFile>,
    pub notes: Vec<Check>,
    /// Schemas that the files so far may have changed: their locks stay.
    touched: BTreeSet<String>,
    /// A file so far has added a label to an enumeration.
    labels: bool,
}

impl<'a> Act<'a> {
    pub fn new(
        scratch: &'a mut Scratch,
        source: &'a Source,
        tenant: &'a str,
        shared: Option<String>,
        has_history: bool,
    ) -> Self {
        let (files, notes, touched) = (Vec::new(), Vec::new(), BTreeSet::new());
        Self { scratch, source, tenant, shared, has_history, files, notes, touched, labels: false }
    }

    /// Goes through these migrations; notes what they lock in `taken`.
    pub async fn go(
        &mut self,
        way: Direction,
        migrations: &[&Migration],
        mut taken: Option<(&mut Taken, &Shape)>,
    ) -> Result<()> {
        for (number, migration) in migrations.iter().enumerate() {
            let held = locks::held(&mut self.scratch.session, self.scratch.schema.name()).await?;
            let ends = (number == 0, number + 1 == migrations.len());
            self.file(way, migration, ends).await?;
            if let (Some((taken, before)), Some(text)) = (&mut taken, migration.text(way)) {
                let now = locks::held(&mut self.scratch.session, self.scratch.schema.name()).await?;
                taken.add(&migration.file_name(way), text, before, &held, &now);
            }
        }
        Ok(())
    }

    async fn file(&mut self, way: Direction, migration: &Migration, (first, last): (bool, bool)) -> Result<()> {
        let file = migration.file_name(way);
        let Some(text) = migration.text(way) else {
            return Err(ErrorKind::DownFileMissing { version: migration.version.to_string() }.into());
        };
        let started = Instant::now();
        let result = match migration.no_transaction(way) {
            true => self.outside(way, migration, text, &file, (first, last)).await,
            false => self.inside(way, migration, text, (first, last)).await.map(|()| FileOutcome::Applied),
        };
        let outcome = *result.as_ref().unwrap_or(&FileOutcome::Failed);
        let duration_ms = started.elapsed().as_millis() as u64;
        self.files.push(RehearsedFile { file, direction: way, outcome, duration_ms });
        result.map(|_| ())
    }

    /// A file that a run applies outside a transaction. `concurrently` alone changes nothing about the structure.
    async fn outside(
        &mut self,
        way: Direction,
        migration: &Migration,
        text: &str,
        file: &str,
        ends: (bool, bool),
    ) -> Result<FileOutcome> {
        let without = lint::without_concurrently(text);
        self.scratch.session.execute("savepoint cadastre_file").await?;
        match self.inside(way, migration, without.as_deref().unwrap_or(text), ends).await {
            Ok(()) => {
                let message = format!("{file} was tried out inside a transaction, without waiting for anybody.");
                self.note("rehearsal_without_concurrently", message, file);
                Ok(FileOutcome::Applied)
            }
            Err(error) if error.sqlstate() == Some(ACTIVE_TRANSACTION) => {
                self.scratch.session.execute("rollback to savepoint cadastre_file").await?;
                let message = format!("{file} works only outside a transaction and was left out.");
                self.note("rehearsal_left_out", message, file);
                self.record(way, migration).await?;
                Ok(FileOutcome::LeftOut)
            }
            Err(error) => Err(error),
        }
    }

    async fn inside(
        &mut self,
        way: Direction,
        migration: &Migration,
        text_of_file: &str,
        (first, last): (bool, bool),
    ) -> Result<()> {
        let schema = self.scratch.schema.clone();
        let mut script = Script::new();
        script.statement(&self.scratch.fresh());
        script.statement(&Scratch::limits(migration.timeout().map(|timeout| timeout.as_millis())));
        if !self.has_history {
            script.statement(&statements::create_history(&schema)?);
            self.has_history = true;
        }
        script.statement(&script::set_search_path(&schema, &self.source.header().search_path)?);
        if first {
            hook::append(&mut script, self.source, way, When::Before);
        }
        script.file(&migration.file_name(way), text_of_file);
        if last {
            hook::append(&mut script, self.source, way, When::After);
        }
        // A run commits here, and the server looks at what was deferred.
        script.statement(&Statement::of(format_args!("set constraints all immediate;")));
        script.statement(&proof::after(schema.name()));
        let rows = self.scratch.session.rows(script.to_statement()).await.map_err(|e| match e.sqlstate() {
            Some("26000") => self.failed(migration, "the file removed prepared statements that its proof needs"),
            Some(ACTIVE_TRANSACTION) => e,
            Some(NEW_LABEL) if self.labels => {
                let file = migration.file_name(way);
                let reason = format!("{file} uses a label that a file before it adds, which has to be committed first");
                e.as_kind(ErrorKind::NotRehearsable { reason })
            }
            _ => script.explain(e, self.tenant, migration.version),
        })?;
        let [.., place, sign] = rows.as_slice() else { return Err(ErrorKind::ConnectionLost.into()) };
        if text(place, 1) != self.scratch.transaction {
            return Err(self.failed(migration, "the file ended its transaction; nothing can be proven about it"));
        }
        if text(place, 0).as_deref() != Some(schema.name()) {
            return Err(self.failed(migration, "the file changed search_path; nothing can be proven about it"));
        }
        let (added, labels) = lint::new_labels(text_of_file);
        self.labels |= added;
        if !labels.is_empty() && !migration.no_transaction(way) {
            let (file, labels) = (migration.file_name(way), labels.join(", "));
            let message = format!(
                "{file} adds {labels} to an enumeration and mentions it again: in a type that is older than the transaction, \
                 the server refuses to use a new label before the end of it. In the copy every type is new, which PostgreSQL 17 and \
                 later take for an excuse."
            );
            let params = [("file", file), ("labels", labels)];
            self.notes.push(Check::new(CheckLevel::Warning, "rehearsal_new_label", message, &params));
        }
        self.touched.extend(self.source.touches(migration));
        if text(sign, 0).as_deref() != Some("false") {
            self.prove(migration).await?;
        }
        self.record(way, migration).await
    }

    /// Nothing outside the copy was changed but what the files may change.
    async fn prove(&mut self, migration: &Migration) -> Result<()> {
        let touched: Vec<String> = self.touched.iter().cloned().collect();
        let changed = self.scratch.session.rows(proof::changed(self.scratch.schema.name(), &touched)).await?;
        let changed = changed.first();
        let mut objects = changed.and_then(|row| text(row, 0)).unwrap_or_default();
        if objects.is_empty() {
            objects = self.scratch.dropped_outside(&touched).await?;
        }
        let public = touched.iter().any(|name| name == "public");
        if objects.is_empty() && !public && changed.and_then(|row| text(row, 1)) != self.shared {
            objects = "functions, types or rights of public".into();
        }
        if objects.is_empty() {
            return Ok(());
        }
        let (schema, version) = (self.tenant.to_owned(), migration.version.to_string());
        Err(ErrorKind::TouchesOutside { schema, version, objects }.into())
    }

    /// The history row, and constraints as the next transaction finds them.
    async fn record(&mut self, way: Direction, migration: &Migration) -> Result<()> {
        let schema = &self.scratch.schema;
        let mut record = match way {
            Direction::Up => statements::record(schema, migration, "0")?,
            Direction::Down => statements::erase(schema, migration.version)?,
        };
        let defer = include_str!("defer.sql").replace("{schema}", &crate::sql::literal(schema.name()));
        record.push(format_args!("{defer}"));
        self.scratch.session.execute(record).await
    }

    fn failed(&self, migration: &Migration, reason: &str) -> Error {
        let (schema, version) = (self.tenant.to_owned(), migration.version.to_string());
        ErrorKind::MigrationFailed { schema, version, reason: reason.into() }.into()
    }

    fn note(&mut self, code: &str, message: String, file: &str) {
        self.notes.push(Check::new(CheckLevel::Warning, code, message, &[("file", file.to_owned())]));
    }
}
