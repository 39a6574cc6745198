//! One connection with known settings.

use super::Profile;
use crate::sql::{Ident, Statement, literal};
use crate::{Error, Result};
use futures::TryStreamExt;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{Connection, Row, SqlSafeStr};

/// What a session is for. Shown to other administrators as `application_name`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Short catalog reads.
    Catalog,
    /// Cancelling what other sessions of ours do.
    Control,
    /// Changing tenants.
    Migrate,
    /// Creating tenants.
    Create,
    /// Reading whole tables.
    Export,
}

impl Purpose {
    fn application_name(self) -> &'static str {
        match self {
            Self::Catalog => "cadastre",
            Self::Control => "cadastre control",
            Self::Migrate => "cadastre migrate",
            Self::Create => "cadastre create",
            Self::Export => "cadastre export",
        }
    }
}

/// A dedicated connection whose settings are set, not assumed (time zone, date style, search path, time-outs), and
/// whose server process is known, so that what it does can be cancelled from elsewhere.
#[derive(Debug)]
pub struct Session {
    connection: PgConnection,
    backend: i32,
}

impl Session {
    /// Connects and applies the settings in one round trip.
    pub(super) async fn open(options: &PgConnectOptions, profile: &Profile, purpose: Purpose) -> Result<Self> {
        // sqlx sends its own defaults at start-up; through a pooler they may be ignored, so ours follow as statements.
        let mut connection = PgConnection::connect_with(options).await?;
        let row = sqlx::raw_sql(settings(profile, purpose)?).fetch_one(&mut connection).await?;
        let backend = row.try_get_raw(0).ok().and_then(|v| v.as_str().ok().and_then(|t| t.parse().ok()));
        Ok(Self { connection, backend: backend.unwrap_or_default() })
    }

    /// The server process behind this session.
    pub fn backend(&self) -> i32 {
        self.backend
    }

    /// Runs one or more statements in one simple-query message and throws their rows away.
    ///
    /// # Errors
    /// What the server reports; without an explicit `begin` the whole message is one transaction and nothing of it stays.
    pub async fn execute(&mut self, statement: impl SqlSafeStr) -> Result<()> {
        sqlx::raw_sql(statement).execute(&mut self.connection).await?;
        Ok(())
    }

    /// Runs one or more statements in one simple-query message; all rows come back in text form.
    pub async fn rows(&mut self, statement: impl SqlSafeStr) -> Result<Vec<PgRow>> {
        sqlx::raw_sql(statement).fetch(&mut self.connection).try_collect().await.map_err(Error::from)
    }

    /// The connection itself, for prepared queries and streams.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Says goodbye to the server. Dropping a session closes the socket without a word.
    pub async fn close(self) {
        let _ = self.connection.close().await;
    }
}

/// The settings of every session, and the question which process answers it, as one message.
fn settings(profile: &Profile, purpose: Purpose) -> Result<Statement> {
    let mut s = Statement::of(format_args!(
        "set application_name = {}; set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; \
         set extra_float_digits = 1; set bytea_output = 'hex'; set xmloption = 'content'; set client_encoding = 'UTF8'; \
         set standard_conforming_strings = on; set row_security = on; set statement_timeout = 0; set lock_timeout = '10s'; \
         set idle_in_transaction_session_timeout = '10min'; set search_path = pg_catalog, pg_temp; ",
        literal(purpose.application_name()),
    ));
    for (name, value) in &profile.options {
        // A tenant's statements carry their own search_path; the profile's is for what the server evaluates itself.
        s.push(format_args!("set {} = {}; ", Ident::new(name.as_str())?, literal(value)));
    }
    if profile.read_only {
        s.push(format_args!("set default_transaction_read_only = on; "));
    }
    s.push(format_args!("select pg_catalog.pg_backend_pid()"));
    Ok(s)
}
