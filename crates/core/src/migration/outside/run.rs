//! Taking a tenant through a file, statement by statement.

use super::look::{self, Place};
use super::progress::Progress;
use super::split::{self, Kind, Step};
use crate::connection::Session;
use crate::fleet::LOCK_CLASS;
use crate::fleet::Worker;
use crate::migration::apply::{Migrate, Move};
use crate::migration::script::{self, remedy, server_error};
use crate::migration::{Direction, statements};
use crate::sql::{Ident, Qualified, Statement, literal};
use crate::{Error, ErrorKind, Result};
use sqlx::postgres::PgErrorPosition;
use std::time::Instant;

/// Whoever builds or drops an index concurrently waits for older transactions of the whole database, and nobody who reads
/// or writes waits behind it: giving way after seconds would only throw the work away. Milliseconds.
const PATIENCE_MS: u32 = 600_000;

/// Runs the file of this move. The history row is there before the first statement, marked as not successful.
pub(in crate::migration) async fn run(migrate: &Migrate, worker: &mut Worker, step: &Move<'_>) -> Result<()> {
    let file = step.migration.file_name(migrate.direction);
    let steps = split::steps(step.text).map_err(|(line, reason)| ErrorKind::MigrationFileInvalid {
        file: file.clone(),
        reason: format!("line {line}: {reason}"),
    })?;
    let version = step.migration.version;
    worker.set_begun(version)?;
    let fresh = worker.database().fresh_session();
    let session = worker.session().await?;
    let entered = enter(migrate, session, step, fresh).await;
    let entered = match entered {
        Ok(entered) => entered,
        Err(e) => {
            // Harmless when the connection is gone or no transaction is open.
            let _ = session.execute("rollback").await;
            return Err(e);
        }
    };
    let history = step.schema.qualify(&Ident::new("_sqlx_migrations")?);
    let schema = &step.target.schema;
    let lock_timeout_ms = migrate.lock_timeout_ms;
    let Entered { progress, resumed, former } = entered;
    let mut walk = Walk {
        schema,
        version,
        history: &history,
        file,
        steps: &steps,
        progress,
        resumed,
        lock_timeout_ms,
        left: false,
    };
    let started = Instant::now();
    let mut result = settings(migrate, session, step).await;
    if result.is_ok() {
        result = walk.steps(worker).await;
    }
    if result.is_ok() {
        result = worker.set_in_doubt(version);
    }
    let mut after = Statement::new();
    match (&result, migrate.direction) {
        (Ok(()), Direction::Up) => {
            after.push(format_args!(
                "update {history} set success = true, execution_time = {} where version = {version};",
                started.elapsed().as_nanos(),
            ));
        }
        (Ok(()), Direction::Down) => {
            after.push(format_args!("{}", statements::erase(&step.schema, version)?));
        }
        // The server has refused the first statement, and nothing of it is left.
        (Err(e), direction) if walk.progress.done == 0 && !walk.progress.sent && is_refusal(e) && !walk.left => {
            match (direction, &former) {
                (Direction::Up, _) => {
                    after.push(format_args!("{}", statements::erase(&step.schema, version)?));
                }
                (Direction::Down, Some((success, time))) => {
                    after.push(format_args!(
                        "update {history} set success = {success}, execution_time = {time} where version = {version};"
                    ));
                }
                (Direction::Down, None) => {}
            }
        }
        (Err(_), _) => {}
    }
    after.push(format_args!("set search_path = pg_catalog, pg_temp; select pg_catalog.pg_advisory_unlock_all();"));
    match (result, worker.open_session()) {
        (Ok(()), Some(session)) => session.execute(after).await,
        (Ok(()), None) => Err(ErrorKind::ConnectionLost.into()),
        (Err(e), session) => {
            if let Some(session) = session {
                // What the row says is true with it and without it.
                let _ = session.execute(after).await;
            }
            Err(e)
        }
    }
}

/// The server has answered, and the statement did not happen.
fn is_refusal(error: &Error) -> bool {
    error.sqlstate().is_some()
}

struct Entered {
    progress: Progress,
    /// The row was there already.
    resumed: bool,
    /// `success` and `execution_time` of a row that is about to be taken away.
    former: Option<(String, String)>,
}

/// Takes the tenant's lock, for the session, and makes sure that the history row says that the file is not at its end.
async fn enter(migrate: &Migrate, session: &mut Session, step: &Move<'_>, fresh: Statement) -> Result<Entered> {
    let version = step.migration.version;
    let history = step.schema.qualify(&Ident::new("_sqlx_migrations")?);
    let now = migrate.lock(session, step, fresh).await?.history;
    let row = now.get(version).cloned();
    let planned = step.expected.get(version);
    let (mut others, mut expected) = (now, step.expected.clone());
    others.remove(version);
    expected.remove(version);
    let way = row.as_ref().and_then(|row| row.progress);
    let direction = migrate.direction;
    let (mut begin, entered) = match (direction, row) {
        _ if others != expected => return Err(stale(step)),
        (Direction::Up, None) if planned.is_none() => {
            let mut begin = statements::record(&step.schema, step.migration, "-1")?;
            begin.push(format_args!("update {history} set success = false where version = {version};"));
            (begin, Entered { progress: Progress::begin(direction), resumed: false, former: None })
        }
        // Left by this run's last try, or by an earlier run.
        (_, Some(row)) if way.is_some_and(|way| way.direction == direction) => {
            let progress = way.filter(|_| direction == Direction::Down || step.migration.is_text_of(&row.checksum));
            let Some(progress) = progress else { return Err(stale(step)) };
            (Statement::new(), Entered { progress, resumed: true, former: None })
        }
        (Direction::Down, Some(row)) if planned.is_some_and(|planned| planned.checksum == row.checksum) => {
            let question =
                format_args!("select success::text, execution_time::text from {history} where version = {version}")
                    .to_string();
            let rows = session.rows(Statement::script(question)).await?;
            let former = rows.first().and_then(|row| Some((look::text(row, 0)?, look::text(row, 1)?)));
            let progress = Progress::begin(direction);
            let begin = Statement::of(format_args!(
                "update {history} set success = false, execution_time = {} where version = {version};",
                progress.to_time()
            ));
            (begin, Entered { progress, resumed: false, former })
        }
        _ => return Err(stale(step)),
    };
    // The transaction's lock ends with it; a session lock of the same key takes over.
    begin.push(format_args!(
        "select pg_catalog.pg_advisory_lock({LOCK_CLASS}, pg_catalog.hashtext({})); commit;",
        literal(&step.target.schema)
    ));
    session.execute(begin).await?;
    Ok(entered)
}

fn stale(step: &Move<'_>) -> Error {
    ErrorKind::PlanStale { what: format!("the migration history of {}", step.target.schema) }.into()
}

async fn settings(migrate: &Migrate, session: &mut Session, step: &Move<'_>) -> Result<()> {
    let path = script::set_search_path(&step.schema, &migrate.source.header().search_path)?;
    let mut settings = Statement::script(path.text().replacen("set local", "set", 1));
    let timeout = step.migration.timeout().map_or(0, |timeout| timeout.as_millis());
    let lock_timeout = migrate.lock_timeout_ms;
    settings.push(format_args!("set lock_timeout = '{lock_timeout}ms'; set statement_timeout = '{timeout}ms';"));
    session.execute(settings).await
}

/// A tenant on its way through a file.
struct Walk<'a> {
    schema: &'a str,
    version: i64,
    history: &'a Qualified,
    file: String,
    steps: &'a [Step],
    progress: Progress,
    resumed: bool,
    lock_timeout_ms: u32,
    /// An invalid index is there that could not be dropped.
    left: bool,
}

impl Walk<'_> {
    async fn steps(&mut self, worker: &mut Worker) -> Result<()> {
        let begun = self.progress.done as usize;
        for (number, step) in self.steps.iter().enumerate() {
            let session = worker.session().await?;
            if number < begun {
                if step.kind == Kind::Session {
                    self.alone(session, step).await?;
                }
                continue;
            }
            // Somebody was at this statement before, and may have come to its end.
            let again = self.resumed && number == begun;
            if again && self.is_done(session, step).await? {
                self.record(session, self.progress.at(number + 1)).await?;
                continue;
            }
            self.step(worker, step, number, again).await?;
        }
        Ok(())
    }

    /// What the statement is for is there, as the catalogs tell.
    async fn is_done(&self, session: &mut Session, step: &Step) -> Result<bool> {
        match &step.kind {
            Kind::CreateIndex { name, table } => {
                let found = look::indexes(session, &self.place(), name.as_deref(), table).await?;
                Ok(found.iter().filter(|index| index.valid && index.newer).count() == 1)
            }
            Kind::DropIndex { name } => Ok(!look::has_index(session, self.schema, name).await?),
            Kind::Detach { table, partition } => match look::detaching(session, self.schema, table, partition).await? {
                Some(true) => {
                    self.finish_detaching(session, table, partition).await.map_err(|e| self.explain(e, step, 0))?;
                    Ok(true)
                }
                there => Ok(there.is_none()),
            },
            Kind::AddValue { name, label } => look::has_label(session, self.schema, name, label).await,
            _ => Ok(false),
        }
    }

    async fn step(&mut self, worker: &mut Worker, step: &Step, number: usize, again: bool) -> Result<()> {
        let session = worker.session().await?;
        let done = self.progress.at(number + 1);
        match &step.kind {
            Kind::CreateIndex { name, table } => {
                self.make_room(session, step, name.as_deref(), table).await?;
                if let Err(e) = self.alone(session, step).await {
                    return Err(self.clear_away(worker, name.as_deref(), table, e).await);
                }
            }
            Kind::DropIndex { .. } | Kind::Detach { .. } | Kind::Session | Kind::Repeatable => {
                self.alone(session, step).await?;
            }
            Kind::Block => return self.together(session, step, done).await,
            Kind::AddValue { .. } | Kind::Other => {
                if again && self.progress.sent {
                    return Err(self.in_doubt(step, number));
                }
                match self.together(session, step, done).await {
                    // active_sql_transaction, invalid_transaction_termination: it has to be alone after all.
                    Err(e) if matches!(e.sqlstate(), Some("25001" | "2D000")) => {}
                    result => return result,
                }
                self.record(session, Progress { sent: true, ..self.progress }).await?;
                if let Err(e) = self.alone(session, step).await {
                    if is_refusal(&e) {
                        self.record(session, Progress { sent: false, ..self.progress }).await?;
                    }
                    return Err(e);
                }
            }
        }
        self.record(session, done).await
    }

    /// An index of that name that is not valid is what a `create index concurrently` leaves that did not come to its end.
    async fn make_room(&self, session: &mut Session, step: &Step, name: Option<&str>, table: &str) -> Result<()> {
        for index in look::indexes(session, &self.place(), name, table).await?.iter().filter(|index| !index.valid) {
            if let Some(pid) = &index.builder {
                let holder = format!("pid {pid} builds the index {}", index.name);
                return Err(ErrorKind::TenantBusy { schema: self.schema.to_owned(), holder }.into());
            }
            self.drop_index(session, &index.name).await.map_err(|e| self.explain(e, step, 0))?;
        }
        Ok(())
    }

    /// After a failure, takes away the invalid index that it left: nobody reads it, and whoever writes pays for it.
    async fn clear_away(&mut self, worker: &mut Worker, name: Option<&str>, table: &str, error: Error) -> Error {
        if !is_refusal(&error) {
            return error;
        }
        self.left = true;
        let cancelled = worker.check_cancelled().is_err();
        let Some(session) = worker.open_session() else { return error };
        let place = Place { schema: self.schema, version: self.version, history: self.history };
        let Ok(found) = look::indexes(session, &place, name, table).await else { return error };
        let mut sentences: Vec<String> = error.detail_text().map(str::to_owned).into_iter().collect();
        self.left = false;
        for index in found.iter().filter(|index| !index.valid && index.newer) {
            let dropped = !cancelled && self.drop_index(session, &index.name).await.is_ok();
            self.left |= !dropped;
            sentences.push(match dropped {
                true => format!("The invalid index {} that it left was dropped.", index.name),
                false => format!("It left the invalid index {}.", index.name),
            });
        }
        if sentences.is_empty() { error } else { error.detail(sentences.join(" ")) }
    }

    /// What the server asks for after a `detach … concurrently` that did not come to its end.
    async fn finish_detaching(&self, session: &mut Session, table: &str, partition: &str) -> Result<()> {
        let schema = Ident::new(self.schema)?;
        let (table, partition) = (schema.qualify(&Ident::new(table)?), schema.qualify(&Ident::new(partition)?));
        let finish = Statement::of(format_args!("alter table {table} detach partition {partition} finalize"));
        session.execute(finish).await
    }

    async fn drop_index(&self, session: &mut Session, name: &str) -> Result<()> {
        let index = Ident::new(self.schema)?.qualify(&Ident::new(name)?);
        let patience = Statement::of(format_args!("set lock_timeout = '{PATIENCE_MS}ms'"));
        session.execute(patience).await?;
        let drop = Statement::of(format_args!("drop index concurrently if exists {index}"));
        session.execute(drop).await
    }

    /// Sends a statement as a message of its own: with a second one in it, the server would open a transaction after all.
    async fn alone(&self, session: &mut Session, step: &Step) -> Result<()> {
        let patient = step.kind != Kind::Session;
        let timeout = if patient && step.is_concurrent() { PATIENCE_MS } else { self.lock_timeout_ms };
        if patient {
            let patience = Statement::of(format_args!("set lock_timeout = '{timeout}ms'"));
            session.execute(patience).await?;
        }
        session.execute(Statement::script(step.text.clone())).await.map_err(|e| self.explain(e, step, 0))
    }

    /// Sends a statement in one transaction with the record that it was done.
    async fn together(&mut self, session: &mut Session, step: &Step, done: Progress) -> Result<()> {
        let timeout = format!("set local lock_timeout = '{}ms'; ", self.lock_timeout_ms);
        let record = self.update(done);
        let (begin, text, end) = match step.kind {
            // It has its own beginning and end; the record goes in before its end.
            Kind::Block => {
                let end = split::last_statement(&step.text);
                let (text, commit) = step.text.split_at(end);
                ("", text, format!("{record}; {commit}"))
            }
            _ => ("begin; ", step.text.as_str(), format!("\n; {record}; commit")),
        };
        let head = if begin.is_empty() { String::new() } else { format!("{begin}{timeout}") };
        let message = Statement::script(format!("{head}{text}{end}"));
        let result = session.execute(message).await.map_err(|e| self.explain(e, step, head.chars().count()));
        match result {
            Ok(()) => self.progress = done,
            Err(_) => {
                // Harmless when the connection is gone.
                let _ = session.execute("rollback").await;
            }
        }
        result
    }

    async fn record(&mut self, session: &mut Session, progress: Progress) -> Result<()> {
        session.execute(Statement::script(self.update(progress))).await?;
        self.progress = progress;
        Ok(())
    }

    fn update(&self, progress: Progress) -> String {
        let Self { history, version, .. } = self;
        format!("update {history} set execution_time = {} where version = {version}", progress.to_time())
    }

    fn place(&self) -> Place<'_> {
        Place { schema: self.schema, version: self.version, history: self.history }
    }

    /// Names the file, the line, and what of the file is done. `before` are the characters of the message before the
    /// statement.
    fn explain(&self, error: Error, step: &Step, before: usize) -> Error {
        let Some(server) = server_error(&error) else { return error };
        if !matches!(error.kind(), ErrorKind::Server { .. }) {
            return error;
        }
        let mut line = step.line as usize;
        if let Some(PgErrorPosition::Original(position)) = server.position()
            && let Some(at) = position.checked_sub(before + 1)
        {
            line += step.text.chars().take(at).filter(|c| *c == '\n').count();
        }
        let reason = format!("{} ({}, line {line})", server.message(), self.file);
        let remedy = remedy(server.code()).filter(|_| error.hint_text().is_none());
        let (schema, version) = (self.schema.to_owned(), self.version.to_string());
        let done = self.progress.done;
        if done == 0 {
            let error = error.as_kind(ErrorKind::MigrationFailed { schema, version, reason });
            return if let Some(remedy) = remedy { error.hint(remedy) } else { error };
        }
        let statements = self.steps.len() as u32;
        error.as_kind(ErrorKind::MigrationStopped { schema, version, done, statements, reason })
    }

    fn in_doubt(&self, step: &Step, number: usize) -> Error {
        let (file, line) = (self.file.clone(), step.line);
        super::in_doubt(self.schema, self.version, self.progress, file, line, number)
    }
}
