//! The settings behind the text forms of values. They are part of the digest's definition.

use crate::Result;
use crate::connection::Session;
use crate::sql::{Ident, Statement};

/// Text forms for the rest of the transaction that a session is in. A profile may set the session otherwise. Rows that a
/// policy would hide are an error, not a silent gap.
pub(crate) const fn text_forms() -> &'static str {
    "set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; \
     set local extra_float_digits = 1; set local bytea_output = 'hex'; set local xmloption = 'content'; \
     set local lc_monetary = 'C'; set local quote_all_identifiers = off; set local array_nulls = on; \
     set local row_security = off; set local statement_timeout = 0; "
}

/// Begins the transaction in which a tenant is read: one snapshot, taken by the first query, and the text forms.
///
/// # Errors
/// What the connection reports.
pub async fn begin_snapshot(session: &mut Session) -> Result<()> {
    let mut begin = Statement::of(format_args!("begin isolation level repeatable read read only; "));
    begin.push(format_args!("{}set local search_path = pg_catalog, pg_temp", text_forms()));
    session.execute(begin).await
}

/// While rows travel, the tenant's own schema is in the path behind `pg_catalog`: a `regclass` then has a text without
/// the schema's name, which means the same in a copy. No query of ours runs with it.
pub(crate) fn own_path(schema: &Ident) -> Statement {
    Statement::of(format_args!("set local search_path = pg_catalog, {schema}, pg_temp"))
}

/// The path of all other statements.
pub(crate) fn no_path() -> &'static str {
    "set local search_path = pg_catalog, pg_temp"
}
