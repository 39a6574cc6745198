//! Rows into a table, and sequences to their places.

use crate::connection::Session;
use crate::content::{self, SequenceState};
use crate::sql::{Ident, Statement, literal};
use crate::{Error, Result};

/// So many sequences are set by one statement.
const AT_ONCE: usize = 200;

/// `COPY … FROM STDIN` under way.
pub(crate) struct Load<'s> {
    copy: sqlx::postgres::PgCopyIn<&'s mut sqlx::PgConnection>,
}

/// What the server says about a line that it refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CopyFailure {
    /// From 1, in the order of loading.
    pub(crate) line: u64,
    /// The column, where one value is the reason.
    pub(crate) column: Option<String>,
}

impl<'s> Load<'s> {
    /// Begins to load a table. The text forms must be those of [`content`].
    pub(crate) async fn begin(session: &'s mut Session, schema: &Ident, table: &str, columns: &[&str]) -> Result<Self> {
        let table = schema.qualify(&Ident::new(table)?);
        let mut names = String::new();
        for (index, column) in columns.iter().enumerate() {
            names += if index > 0 { ", " } else { "" };
            names += &Ident::new(*column)?.to_string();
        }
        let columns = if names.is_empty() { String::new() } else { format!(" ({names})") };
        let statement = Statement::of(format_args!("copy {table}{columns} from stdin"));
        Ok(Self { copy: session.connection().copy_in_raw(statement.text()).await? })
    }

    /// Whole lines, each with its newline.
    pub(crate) async fn lines(&mut self, lines: &[u8]) -> Result<()> {
        self.copy.send(lines).await?;
        Ok(())
    }

    /// The end; how many rows there are.
    pub(crate) async fn finish(self) -> Result<u64> {
        Ok(self.copy.finish().await?)
    }

    /// Ends it without its rows. The transaction has failed then.
    pub(crate) async fn abort(self) {
        let _ = self.copy.abort("stopped").await;
    }
}

impl CopyFailure {
    /// Reads the server's context, `COPY t, line 3, column a: "x"`, which is in the language of the server; its order of
    /// table, number and column is not.
    pub(crate) fn of(error: &Error, table: &str) -> Option<Self> {
        Self::of_context(error.context()?, table)
    }

    fn of_context(context: &str, table: &str) -> Option<Self> {
        let context = context.lines().find(|line| line.starts_with("COPY ")).or_else(|| context.lines().last())?;
        let rest = &context[context.find(table)? + table.len()..];
        let digits: String =
            rest.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        let line = digits.parse().ok()?;
        let after = &rest[rest.find(&digits)? + digits.len()..];
        let column = after.strip_prefix(", ").and_then(|after| after.split_once(' ')).map(|(_, name)| {
            let end = name.find(": ").unwrap_or(name.len());
            name[..end].to_owned()
        });
        Some(Self { line, column })
    }
}

/// Sets sequences to their places; those whose place is not known are left where they begin.
pub(crate) async fn set_sequences(session: &mut Session, schema: &Ident, states: &[SequenceState]) -> Result<()> {
    let known: Vec<(&SequenceState, i64)> =
        states.iter().filter_map(|state| Some((state, state.last_value?))).collect();
    for chunk in known.chunks(AT_ONCE) {
        let mut statement = Statement::of(format_args!("select "));
        for (number, (state, value)) in chunk.iter().enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            let sequence = literal(&schema.qualify(&Ident::new(state.name.as_str())?).to_string());
            let called = state.is_called;
            statement
                .push(format_args!("{comma}pg_catalog.setval({sequence}::pg_catalog.regclass, {value}, {called})"));
        }
        session.execute(&statement).await?;
    }
    Ok(())
}

/// The fields of a line that are sent; a tab in a value is escaped.
pub(crate) fn push_chosen(line: &[u8], sent: &[bool], out: &mut Vec<u8>) {
    if sent.iter().all(|sent| *sent) {
        out.extend_from_slice(line);
        return;
    }
    let mut first = true;
    for (field, sent) in line.split(|byte| *byte == b'\t').zip(sent) {
        if *sent {
            if !first {
                out.push(b'\t');
            }
            out.extend_from_slice(field);
            first = false;
        }
    }
}

/// The settings under which rows come in: the text forms, and the tenant's own path.
pub(super) fn settings(schema: &Ident) -> Statement {
    let mut settings = Statement::of(format_args!("{}", content::text_forms()));
    settings.push(format_args!("{}", content::own_path(schema)));
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(context: &str) -> Option<CopyFailure> {
        CopyFailure::of_context(context, "invoices")
    }

    #[test]
    fn only_columns_that_are_not_generated_are_sent() {
        let mut out = Vec::new();
        push_chosen(b"1\t\\N\ta\\tb\t", &[true, false, true, true], &mut out);
        assert_eq!(out, b"1\ta\\tb\t");
    }

    #[test]
    fn the_line_that_the_server_refused_is_found() {
        let found = |line, column: Option<&str>| Some(CopyFailure { line, column: column.map(Into::into) });
        assert_eq!(failure("COPY invoices, line 12, column total: \"x, y: z\""), found(12, Some("total")));
        assert_eq!(failure("COPY invoices, line 3: \"1\t2\""), found(3, None));
        assert_eq!(failure("COPY invoices, ligne 3, colonne a b : « x »"), found(3, Some("a b ")));
        assert_eq!(failure("SQL function \"f\""), None);
    }
}
