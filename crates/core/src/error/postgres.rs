//! The one place where sqlx errors and SQLSTATEs become kinds.

use super::{Error, ErrorKind};

/// Turns an sqlx error into ours. Callers that know the object (tenant, file, host) refine it with
/// [`Error::as_kind`]; the server's DETAIL, HINT and SQLSTATE are kept.
pub fn from_sqlx(error: sqlx::Error) -> Error {
    let sqlx::Error::Database(database) = &error else {
        return Error::new(local_kind(&error)).source(error);
    };
    let Some(pg) = database.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() else {
        let message = database.message().to_owned();
        return Error::new(ErrorKind::Internal { what: message }).source(error);
    };
    let kind = if is_concurrent(pg) { ErrorKind::Concurrent } else { kind_of(pg.code(), pg.message()) };
    let mut ours = Error::new(kind).with_sqlstate(pg.code());
    if let Some(detail) = pg.detail() {
        ours = ours.detail(detail);
    }
    if let Some(context) = pg.r#where() {
        ours = ours.with_context(context);
    }
    if let Some(hint) = pg.hint() {
        ours = ours.hint(hint);
    }
    ours.source(error)
}

/// The server's own message, where this is its error: sqlx's text adds a line of the server's source code to it.
pub(super) fn words(cause: &(dyn std::error::Error + 'static)) -> Option<String> {
    match cause.downcast_ref::<sqlx::Error>()? {
        sqlx::Error::Database(error) => Some(error.message().to_owned()),
        _ => None,
    }
}

fn local_kind(error: &sqlx::Error) -> ErrorKind {
    use sqlx::Error as E;
    match error {
        E::Io(_) | E::PoolClosed | E::WorkerCrashed | E::Protocol(_) => ErrorKind::ConnectionLost,
        E::PoolTimedOut => ErrorKind::TooManyConnections,
        E::Tls(_) => ErrorKind::TlsCertificate { host: String::new(), reason: "the handshake failed".into() },
        other => ErrorKind::Internal { what: other.to_string() },
    }
}

/// Two sessions changed the same at the same moment: a serialisation failure, or, between two definitions, a row of the
/// catalogs that the other one has just written (two `create … if not exists` of one shared table, two grants).
fn is_concurrent(error: &sqlx::postgres::PgDatabaseError) -> bool {
    match error.code() {
        "40001" => true,
        "23505" => error.schema() == Some("pg_catalog"),
        "XX000" => error.routine().is_some_and(|routine| routine.starts_with("simple_heap_")),
        _ => false,
    }
}

/// SQLSTATE → kind (PostgreSQL, Appendix A).
fn kind_of(sqlstate: &str, message: &str) -> ErrorKind {
    match sqlstate {
        "28P01" | "28000" => ErrorKind::AuthenticationFailed { user: quoted(message) },
        "3D000" => ErrorKind::DatabaseMissing { database: quoted(message) },
        "53300" => ErrorKind::TooManyConnections,
        "57P03" | "57P01" | "57P02" => ErrorKind::ServerUnavailable,
        "08000" | "08003" | "08006" => ErrorKind::ConnectionLost,
        "25006" => ErrorKind::ReadOnly { operation: message.to_owned() },
        "55P03" => ErrorKind::LockTimeout { timeout: "lock_timeout".into() },
        "40P01" => ErrorKind::Deadlock,
        // A statement_timeout and a pg_cancel_backend share this state; only the text differs, and it is translated.
        "57014" if message.contains("statement timeout") => ErrorKind::StatementTimeout,
        "57014" => ErrorKind::Cancelled,
        "53100" => ErrorKind::ServerDiskFull,
        // character_not_in_repertoire: bytes that are no UTF-8; untranslatable_character: the database has no such character
        "22021" | "22P05" => ErrorKind::EncodingMismatch { reason: message.to_owned() },
        _ => ErrorKind::Server { message: message.to_owned() },
    }
}

fn quoted(message: &str) -> String {
    message.split('"').nth(1).unwrap_or_default().to_owned()
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        from_sqlx(error)
    }
}
