//! The transaction in which a schema is made.

use super::load::{self, Load};
use super::phase;
use crate::connection::{Database, Purpose, Session};
use crate::content::{self, SequenceState, Table, TableContent};
use crate::shape::{self, Change, Difference, ObjectId, Options, Property, Repair, Shape};
use crate::sql::{Ident, Statement, literal};
use crate::{Error, ErrorKind, Result};

/// A schema that is being made. Dropping it leaves the transaction open: the caller rolls back.
pub(crate) struct Rebuild<'s> {
    session: &'s mut Session,
    schema: Ident,
    wanted: Shape,
    /// The server that the shape was read from prints expressions as this one does.
    same_server: bool,
}

/// Column order counts: rows are compared column by column.
const COMPARED: Options = Options { column_order: true, grants: false };

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
        let mut begin = Statement::of(format_args!(
            "begin; set local search_path = pg_catalog, pg_temp; set local check_function_bodies = off; \
             set local lock_timeout = '10s'; set local statement_timeout = 0; \
             set local idle_in_transaction_session_timeout = 0; create schema {quoted};"
        ));
        if name != schema && !name.is_empty() {
            begin.push(format_args!("comment on schema {quoted} is {};", literal(name)));
        }
        session.execute(begin).await.map_err(|error| match error.sqlstate() {
            Some("42P06") => {
                error.as_kind(ErrorKind::SchemaNameTaken { name: schema.to_owned(), existing: schema.to_owned() })
            }
            _ => error,
        })?;
        let same_server = server_version / 10_000 == session.server_version() / 10_000;
        Ok(Self { session, schema: quoted, wanted, same_server })
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
    pub(crate) async fn after_rows(&mut self, sequences: &[SequenceState]) -> Result<Vec<String>> {
        self.session.execute(content::no_path()).await?;
        load::set_sequences(self.session, &self.schema, sequences).await?;
        let there = self.there().await?;
        let repair = shape::repair(&self.wanted, &there, COMPARED)?;
        self.run(&repair).await?;
        let mut remarks = self.grants().await?;
        let there = self.there().await?;
        for change in shape::diff(&self.wanted, &there, COMPARED) {
            if self.same_server || !only_printed_otherwise(&change) {
                return Err(self.differs(format!("{} is not as it was", change.object)));
            }
            remarks.push(format!("{}: this version of the server prints it in other words", change.object));
        }
        let namespace = content::namespace(self.session, self.schema.name()).await?;
        let found = content::sequences(self.session, &self.schema, namespace).await?;
        let mut known = sequences.iter().filter(|state| state.last_value.is_some());
        match known.find(|state| !found.contains(state)) {
            Some(state) => Err(self.differs(format!("the sequence {} stands elsewhere", state.name))),
            None => Ok(remarks),
        }
    }

    /// The error for what is not as wanted.
    pub(crate) fn differs(&self, reason: String) -> Error {
        ErrorKind::RestoreDiffers { schema: self.schema.name().to_owned(), reason }.into()
    }

    /// Commits. Where the answer is lost, another session asks the server what became of it.
    ///
    /// # Errors
    /// What the server says when it did not commit; [`ErrorKind::ConnectionLost`] when nobody can tell.
    pub(crate) async fn commit(self, database: &Database) -> Result<()> {
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

    async fn there(&mut self) -> Result<Shape> {
        shape::read_with_history_in(self.session, self.schema.name()).await
    }

    async fn run(&mut self, repair: &Repair) -> Result<()> {
        for step in &repair.steps {
            // One statement each: the text of a file is not to hold a second one.
            let done = sqlx::query(step.sql.clone()).persistent(false).execute(self.session.connection()).await;
            done.map_err(|error| not_made(self.schema.name(), &step.object, Error::from(error)))?;
        }
        Ok(())
    }

    /// Grants, each by itself: a role may not be there.
    async fn grants(&mut self) -> Result<Vec<String>> {
        let there = self.there().await?;
        let repair = shape::repair(&self.wanted, &there, Options { column_order: true, grants: true })?;
        let mut remarks = Vec::new();
        for step in &repair.steps {
            self.session.execute("savepoint grants").await?;
            match self.session.execute(&step.sql).await {
                Ok(()) => self.session.execute("release savepoint grants").await?,
                Err(error) if matches!(error.sqlstate(), Some("42704" | "42501" | "0LP01")) => {
                    remarks.push(format!("{}: {error}", step.object));
                    self.session.execute("rollback to savepoint grants; release savepoint grants").await?;
                }
                Err(error) => return Err(not_made(self.schema.name(), &step.object, error)),
            }
        }
        Ok(remarks)
    }
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
fn only_printed_otherwise(change: &Change) -> bool {
    use Property::{
        Body, CheckExpression, DefaultValue, Definition, Generated, PartitionBound, PartitionKey, UsingExpression,
    };
    let printed =
        [Body, CheckExpression, DefaultValue, Definition, Generated, PartitionBound, PartitionKey, UsingExpression];
    matches!(&change.difference, Difference::Changed { property, before: Some(_), after: Some(_) } if printed.contains(property))
}

/// The statements as a plan shows them, for a schema that is not there yet.
pub(crate) fn planned_statements(wanted: &Shape, schema: &str, owner: &str, tables: &[&str]) -> Result<String> {
    let quoted = Ident::new(schema)?;
    let early = phase::early(wanted);
    let before = shape::repair(&early, &Shape::empty(schema, owner), COMPARED)?;
    let mut built = early;
    (built.schema, built.owner) = (schema.to_owned(), owner.to_owned());
    let after = shape::repair(wanted, &built, COMPARED)?;
    let mut sql = format!("begin;\ncreate schema {quoted};\n");
    before.steps.iter().for_each(|step| sql.push_str(&format!("{};\n", step.sql)));
    for table in tables {
        sql.push_str(&format!("copy {} from stdin;\n", quoted.qualify(&Ident::new(*table)?)));
    }
    after.steps.iter().for_each(|step| sql.push_str(&format!("{};\n", step.sql)));
    sql.push_str("commit;\n");
    Ok(sql)
}

/// What of a structure neither a restore nor a clone makes by itself: it is told before anything is relied on.
pub(crate) fn by_hand(shape: &Shape) -> Result<Vec<String>> {
    let whole = Options { column_order: true, grants: true };
    let repair = shape::repair(shape, &Shape::empty(&shape.schema, &shape.owner), whole)?;
    Ok(repair.unrepaired.iter().map(|change| change.object.to_string()).collect())
}
