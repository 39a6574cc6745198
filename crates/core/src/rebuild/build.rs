//! The transaction in which a schema is made.

use super::load::{self, Load};
use super::phase;
use super::remark::Remark;
use crate::boundary;
use crate::connection::{Database, Purpose, Session};
use crate::content::{self, SequenceState, Table, TableContent};
use crate::shape::{self, Change, Difference, HISTORY, ObjectId, ObjectKind, Options, Property, Repair, Shape, Step};
use crate::sql::{Ident, Statement, literal};
use crate::{Error, ErrorKind, Result};
use std::collections::BTreeSet;

/// A schema that is being made. Dropping it leaves the transaction open: the caller rolls back.
pub(crate) struct Rebuild<'s> {
    pub(super) session: &'s mut Session,
    pub(super) schema: Ident,
    pub(super) wanted: Shape,
    /// The server that the shape was read from prints expressions as this one does.
    pub(super) same_server: bool,
    /// Taken out of what is wanted.
    unfinished: Vec<ObjectId>,
    /// The schema was there: its comment and the rights on it stay what they are.
    found: bool,
}

/// What holds until the end of the transaction.
pub(super) const SETTINGS: &str = "set local search_path = pg_catalog, pg_temp; set local check_function_bodies = off; \
     set local lock_timeout = '10s'; set local statement_timeout = 0; \
     set local idle_in_transaction_session_timeout = 0;";

/// Tables that one `LOCK` statement names.
const LOCKED_AT_ONCE: usize = 500;

/// Column order counts: rows are compared column by column.
pub(super) const COMPARED: Options = Options { column_order: true, grants: false };

impl<'s> Rebuild<'s> {
    /// Begins the transaction and makes the schema. `name` becomes its comment; `server_version` is `server_version_num`
    /// of the server that the shape was read from.
    ///
    /// # Errors
    /// [`ErrorKind::SchemaNameTaken`], [`ErrorKind::PermissionDenied`], and what the connection reports.
    pub(crate) async fn begin(
        session: &'s mut Session,
        schema: &str,
        name: &str,
        wanted: Shape,
        server_version: i32,
    ) -> Result<Self> {
        let quoted = Ident::new(schema)?;
        let mut begin = Statement::of(format_args!("begin; {SETTINGS} create schema {quoted};"));
        if let Some(comment) = comment_on(&quoted, name) {
            begin.push(format_args!("{}", comment.text()));
        }
        session.execute(begin).await.map_err(|error| match error.sqlstate() {
            Some("42P06") => {
                error.as_kind(ErrorKind::SchemaNameTaken { name: schema.to_owned(), existing: schema.to_owned() })
            }
            _ => error,
        })?;
        Ok(Self::of(session, quoted, wanted, server_version, false))
    }

    /// Begins the transaction in a schema that is there and whose tables hold no rows, that of the migrations aside: it is
    /// emptied where rows for it are to come. Nobody else gets at the tables until the end.
    ///
    /// # Errors
    /// [`ErrorKind::TenantMissing`], [`ErrorKind::TargetNotEmpty`], and what the connection reports.
    pub(crate) async fn begin_in(
        session: &'s mut Session,
        schema: &str,
        wanted: Shape,
        server_version: i32,
        coming: &[&str],
    ) -> Result<Self> {
        let quoted = Ident::new(schema)?;
        let begin = Statement::of(format_args!("begin; {SETTINGS}"));
        session.execute(begin).await?;
        let namespace = content::namespace(session, schema).await?;
        let tables = tables_of(session, namespace).await?;
        for some in tables.chunks(LOCKED_AT_ONCE) {
            let names: Vec<String> = some
                .iter()
                .map(|name| Ok(format!("only {}", quoted.qualify(&Ident::new(name.as_str())?))))
                .collect::<Result<_>>()?;
            let lock = Statement::of(format_args!("lock table {} in access exclusive mode", names.join(", ")));
            session.execute(lock).await?;
        }
        if let Some(table) = first_with_rows(session, &quoted, &tables).await? {
            return Err(ErrorKind::TargetNotEmpty { schema: schema.to_owned(), table }.into());
        }
        if coming.contains(&HISTORY) && tables.iter().any(|table| table == HISTORY) {
            let history = quoted.qualify(&Ident::new(HISTORY)?);
            let empty = Statement::of(format_args!("delete from {history}"));
            session.execute(empty).await?;
        }
        Ok(Self::of(session, quoted, wanted, server_version, true))
    }

    pub(super) fn of(
        session: &'s mut Session,
        schema: Ident,
        mut wanted: Shape,
        server_version: i32,
        found: bool,
    ) -> Self {
        let unfinished = wanted.take_unfinished_indexes();
        let same_server = server_version / 10_000 == session.server_version() / 10_000;
        Self { session, schema, wanted, unfinished, same_server, found }
    }

    /// Everything that rows need.
    pub(crate) async fn before_rows(&mut self) -> Result<()> {
        let early = phase::early(&self.wanted);
        let there = self.there().await?;
        let repair = shape::repair(&early, &there, COMPARED)?;
        self.run(&repair).await
    }

    /// The tables as they are now, in the order of their names.
    pub(crate) async fn tables(&mut self) -> Result<Vec<Table>> {
        let namespace = content::namespace(self.session, self.schema.name()).await?;
        let relations = content::relations(self.session, namespace).await?;
        let (chosen, _) = content::choose(self.schema.name(), relations, &[])?;
        content::columns(self.session, chosen).await
    }

    /// Prepares for rows; [`Rebuild::load`] and [`Rebuild::digest`] follow.
    pub(crate) async fn begin_rows(&mut self) -> Result<()> {
        self.session.execute(load::settings(&self.schema)).await
    }

    /// Begins to load a table's columns.
    pub(crate) async fn load(&mut self, table: &str, columns: &[&str]) -> Result<Load<'_>> {
        Load::begin(self.session, &self.schema, table, columns).await
    }

    /// What a table holds now.
    pub(crate) async fn digest(
        &mut self,
        table: &Table,
        progress: &(dyn Fn(u64) -> bool + Send + Sync),
    ) -> Result<TableContent> {
        content::digest_of(self.session, self.schema.name(), table, progress).await
    }

    /// Everything that comes behind the rows, and the comparison of the whole. Says what is not as wanted and need not be: grants
    /// to roles that this server does not have, texts that another version of the server prints otherwise.
    ///
    /// # Errors
    /// [`ErrorKind::RestoreDiffers`], [`ErrorKind::NotRestorable`], and what the server says of a constraint that the rows
    /// do not keep.
    pub(crate) async fn after_rows(&mut self, sequences: &[SequenceState]) -> Result<Vec<Remark>> {
        self.session.execute(content::no_path()).await?;
        load::set_sequences(self.session, &self.schema, sequences).await?;
        let there = self.there().await?;
        let repair = shape::repair(&self.wanted, &there, COMPARED)?;
        self.run(&repair).await?;
        let mut remarks = self.fill(&repair).await?;
        remarks.extend(self.unfinished.iter().map(|index| Remark::NeverFinished { object: index.to_string() }));
        remarks.extend(self.grants().await?);
        let there = self.there().await?;
        for change in shape::diff(&self.wanted, &there, COMPARED) {
            if self.same_server || !only_printed_otherwise(&change) {
                return Err(self.differs(format!("{} is not as it was", change.object)));
            }
            remarks.push(Remark::PrintedOtherwise { object: change.object.to_string() });
        }
        let namespace = content::namespace(self.session, self.schema.name()).await?;
        let found = content::sequences(self.session, &self.schema, namespace).await?;
        let mut known = sequences.iter().filter(|state| state.last_value.is_some());
        match known.find(|state| !found.contains(state)) {
            Some(state) => Err(self.differs(format!("the sequence {} stands elsewhere", state.name))),
            None => Ok(remarks),
        }
    }

    /// Switches the triggers of every table off that has some: what such a tenant is used for is not to send anything.
    /// Answers the names of the tables.
    pub(crate) async fn triggers_off(&mut self) -> Result<Vec<String>> {
        let with_triggers = self.wanted.objects.keys().filter(|id| id.kind == ObjectKind::Trigger);
        let tables: BTreeSet<String> = with_triggers.filter_map(|id| id.parent.clone()).collect();
        let mut done = Vec::new();
        for table in tables {
            // Those of views cannot be switched off.
            let is_table = |id: &ObjectId| id.kind == ObjectKind::Table && id.name == table;
            if self.wanted.objects.keys().any(is_table) {
                let name = self.schema.qualify(&Ident::new(table.as_str())?);
                let off = Statement::of(format_args!("alter table {name} disable trigger user"));
                self.session.execute(off).await?;
                done.push(table);
            }
        }
        Ok(done)
    }

    /// The error for what is not as wanted.
    pub(crate) fn differs(&self, reason: String) -> Error {
        ErrorKind::RestoreDiffers { schema: self.schema.name().to_owned(), reason }.into()
    }

    /// Commits, unless something outside the schema was changed: definitions come from a file, and may call anything. Where
    /// the answer is lost, another session asks the server what became of it.
    ///
    /// # Errors
    /// [`ErrorKind::CopyTouchesOutside`];
    /// What the server says when it did not commit; [`ErrorKind::ConnectionLost`] when nobody can tell.
    pub(crate) async fn commit(self, database: &Database) -> Result<()> {
        let outside = boundary::changed_outside(self.session, database, self.schema.name()).await?;
        if !outside.is_empty() {
            let schema = self.schema.name().to_owned();
            return Err(ErrorKind::CopyTouchesOutside { schema, objects: outside }.into());
        }
        let number = sqlx::query_scalar("select pg_catalog.pg_current_xact_id()::text");
        let number: String = number.fetch_one(self.session.connection()).await?;
        let Err(error) = self.session.execute("commit").await else { return Ok(()) };
        if !matches!(error.kind(), ErrorKind::ConnectionLost | ErrorKind::ServerUnavailable) {
            return Err(error);
        }
        let Ok(mut other) = database.session(Purpose::Control).await else { return Err(error) };
        let became =
            sqlx::query_scalar::<_, Option<String>>("select pg_catalog.pg_xact_status($1::text::xid8)").bind(number);
        match became.fetch_one(other.connection()).await {
            Ok(Some(status)) if status == "committed" => Ok(()),
            _ => Err(error),
        }
    }

    pub(super) async fn there(&mut self) -> Result<Shape> {
        shape::read_with_history_in(self.session, self.schema.name()).await
    }

    async fn run(&mut self, repair: &Repair) -> Result<()> {
        for step in &repair.steps {
            // One statement each: the text of a file is not to hold a second one.
            let done = sqlx::query(statement(step)).persistent(false).execute(self.session.connection()).await;
            done.map_err(|error| not_made(self.schema.name(), &step.object, Error::from(error)))?;
        }
        Ok(())
    }

    /// Fills materialized views, each by itself: what one showed may come from rows that have changed since, and what it would
    /// show now may break an index of its own. Such a one stays empty.
    async fn fill(&mut self, repair: &Repair) -> Result<Vec<Remark>> {
        let mut remarks = Vec::new();
        for (object, refresh) in fillings(repair, &self.schema)? {
            self.session.execute("savepoint filling").await?;
            match self.session.execute(&refresh).await {
                Ok(()) => self.session.execute("release savepoint filling").await?,
                Err(error) if matches!(error.kind(), ErrorKind::Server { .. }) => {
                    let (object, reason) = (object.to_string(), error.to_string());
                    remarks.push(Remark::NotFilled { object, reason });
                    self.session.execute("rollback to savepoint filling; release savepoint filling").await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(remarks)
    }

    /// Grants, each by itself: a role may not be there.
    async fn grants(&mut self) -> Result<Vec<Remark>> {
        let there = self.there().await?;
        let repair = shape::repair(&self.wanted, &there, Options { column_order: true, grants: true })?;
        let mut remarks = Vec::new();
        for step in repair.steps.iter().filter(|step| !self.found || step.object.kind != ObjectKind::Schema) {
            self.session.execute("savepoint grants").await?;
            match self.session.execute(&step.sql).await {
                Ok(()) => self.session.execute("release savepoint grants").await?,
                Err(error) if matches!(error.sqlstate(), Some("42704" | "42501" | "0LP01")) => {
                    let (object, reason) = (step.object.to_string(), error.to_string());
                    remarks.push(Remark::NotGranted { object, reason });
                    self.session.execute("rollback to savepoint grants; release savepoint grants").await?;
                }
                Err(error) => return Err(not_made(self.schema.name(), &step.object, error)),
            }
        }
        Ok(remarks)
    }
}

/// The statement of a step. A materialized view is made empty.
fn statement(step: &Step) -> Statement {
    match step.object.kind {
        ObjectKind::MaterializedView if step.sql.text().starts_with("create ") => {
            Statement::of(format_args!("{} with no data", step.sql))
        }
        _ => step.sql.clone(),
    }
}

/// What fills the materialized views of a schema, in their order.
fn fillings(repair: &Repair, schema: &Ident) -> Result<Vec<(ObjectId, Statement)>> {
    let made = repair.steps.iter().filter(|step| step.object.kind == ObjectKind::MaterializedView);
    made.filter(|step| step.sql.text().starts_with("create "))
        .map(|step| {
            let view = schema.qualify(&Ident::new(step.object.name.as_str())?);
            Ok((step.object.clone(), Statement::of(format_args!("refresh materialized view {view}"))))
        })
        .collect()
}

/// Says which object the server did not make; what may work at another time stays what it is.
fn not_made(schema: &str, object: &ObjectId, error: Error) -> Error {
    if error.kind().is_transient() || !matches!(error.kind(), ErrorKind::Server { .. }) {
        return error;
    }
    let reason = format!("{object}: {error}");
    // Rows that do not keep a key or a check, as a person may have left them.
    let rows = error.sqlstate().is_some_and(|state| state.starts_with("23"));
    let schema = schema.to_owned();
    error.as_kind(if rows { ErrorKind::RestoreDiffers { schema, reason } } else { ErrorKind::NotRestorable { reason } })
}

/// Texts of expressions differ between versions of the server.
pub(super) fn only_printed_otherwise(change: &Change) -> bool {
    use Property::{
        Body, CheckExpression, DefaultValue, Definition, Generated, PartitionBound, PartitionKey, UsingExpression,
    };
    let printed =
        [Body, CheckExpression, DefaultValue, Definition, Generated, PartitionBound, PartitionKey, UsingExpression];
    matches!(&change.difference, Difference::Changed { property, before: Some(_), after: Some(_) } if printed.contains(property))
}

/// The statements as a plan shows them, for a schema that is not there yet.
pub(crate) fn planned_statements(
    wanted: &Shape,
    (schema, name): (&str, &str),
    owner: &str,
    tables: &[&str],
) -> Result<String> {
    let quoted = Ident::new(schema)?;
    let mut begin = format!("begin;\ncreate schema {quoted};\n");
    if let Some(comment) = comment_on(&quoted, name) {
        begin.push_str(&format!("{}\n", comment.text()));
    }
    planned(begin, "", wanted, &Shape::empty(schema, owner), tables)
}

/// The same for a schema that is there.
pub(crate) fn planned_statements_in(wanted: &Shape, there: &Shape, tables: &[&str]) -> Result<String> {
    let quoted = Ident::new(there.schema.as_str())?;
    let mut begin = "begin;\n".to_owned();
    let held = |id: &&ObjectId| id.kind == ObjectKind::Table;
    for table in there.objects.keys().filter(held) {
        let name = quoted.qualify(&Ident::new(table.name.as_str())?);
        begin.push_str(&format!("lock table only {name} in access exclusive mode;\n"));
        if table.name == HISTORY && tables.contains(&HISTORY) {
            begin.push_str(&format!("delete from {name};\n"));
        }
    }
    planned(begin, "", wanted, there, tables)
}

/// What of a schema the wanted structure does not have: making the one like the other would remove it.
pub(crate) fn beyond(wanted: &Shape, there: &Shape) -> Vec<String> {
    let changes = shape::diff(wanted, there, COMPARED);
    let added = changes.iter().filter(|change| matches!(change.difference, Difference::Added));
    added.map(|change| change.object.to_string()).collect()
}

/// The tables of a schema, partitions included.
async fn tables_of(session: &mut Session, namespace: u32) -> Result<Vec<String>> {
    let relations = content::relations(session, namespace).await?;
    Ok(relations.into_iter().filter(|relation| relation.kind.is_table()).map(|relation| relation.name).collect())
}

/// The first table with rows; the migrations' history is none.
async fn first_with_rows(session: &mut Session, schema: &Ident, tables: &[String]) -> Result<Option<String>> {
    for table in tables.iter().filter(|table| *table != HISTORY) {
        let name = schema.qualify(&Ident::new(table.as_str())?);
        let ask = Statement::of(format_args!("select exists (select from only {name})"));
        let found: bool = sqlx::query_scalar(ask).persistent(false).fetch_one(session.connection()).await?;
        if found {
            return Ok(Some(table.clone()));
        }
    }
    Ok(None)
}

/// The first table with rows of a schema that is there.
pub(crate) async fn not_empty(session: &mut Session, schema: &str) -> Result<Option<String>> {
    let namespace = content::namespace(session, schema).await?;
    let tables = tables_of(session, namespace).await?;
    first_with_rows(session, &Ident::new(schema)?, &tables).await
}

/// From `there` to the wanted structure with the rows; `emptied` stands where everything that goes with rows is gone.
pub(super) fn planned(
    mut sql: String,
    emptied: &str,
    wanted: &Shape,
    there: &Shape,
    tables: &[&str],
) -> Result<String> {
    let quoted = Ident::new(there.schema.as_str())?;
    let mut wanted = wanted.clone();
    wanted.take_unfinished_indexes();
    let early = phase::early(&wanted);
    let before = shape::repair(&early, there, COMPARED)?;
    let mut built = early;
    (built.schema, built.owner) = (there.schema.clone(), there.owner.clone());
    let after = shape::repair(&wanted, &built, COMPARED)?;
    // Its comment is the name of this tenant, not of the one that it was made from.
    let own = |step: &&Step| step.object.kind != ObjectKind::Schema;
    before.steps.iter().filter(own).for_each(|step| sql.push_str(&format!("{};\n", step.sql)));
    sql.push_str(emptied);
    for table in tables {
        sql.push_str(&format!("copy {} from stdin;\n", quoted.qualify(&Ident::new(*table)?)));
    }
    after.steps.iter().filter(own).for_each(|step| sql.push_str(&format!("{};\n", statement(step))));
    fillings(&after, &quoted)?.iter().for_each(|(_, refresh)| sql.push_str(&format!("{refresh};\n")));
    sql.push_str("commit;\n");
    Ok(sql)
}

/// What keeps a display name, where it is not that of the schema.
fn comment_on(schema: &Ident, name: &str) -> Option<Statement> {
    let own = name != schema.name() && !name.is_empty();
    own.then(|| Statement::of(format_args!("comment on schema {schema} is {};", literal(name))))
}

/// What of a structure neither a restore nor a clone makes by itself: it is told before anything is relied on.
pub(crate) fn by_hand(shape: &Shape) -> Result<Vec<String>> {
    let whole = Options { column_order: true, grants: true };
    let repair = shape::repair(shape, &Shape::empty(&shape.schema, &shape.owner), whole)?;
    Ok(repair.unrepaired.iter().map(|change| change.object.to_string()).collect())
}
