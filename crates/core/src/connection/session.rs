//! One connection with known settings.

use super::Profile;
use crate::adoption::Rules;
use crate::sql::{Statement, literal};
use crate::{Error, Result};
use futures::TryStreamExt;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Connection, Row, SqlSafeStr};
use std::sync::Arc;

/// What a session is for. Shown to other administrators as `application_name`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Short catalog reads.
    Catalog,
    /// Cancelling what other sessions of ours do.
    Control,
    /// Changing tenants.
    Migrate,
    /// Trying a change out on a copy of a tenant's structure.
    Rehearse,
    /// Creating tenants.
    Create,
    /// Reading whole tables.
    Export,
    /// Taking tenants out of use for good, and back.
    Quarantine,
    /// Writing archives, and trying them out in transactions that are rolled back.
    Backup,
    /// Making tenants again from a backup or a copy.
    Restore,
    /// Changing who may use a tenant, what it is called, and what is known of it.
    Administer,
    /// Repairing what the doctor has found.
    Repair,
    /// VACUUM, ANALYZE and REINDEX.
    Maintain,
    /// Looking through tables and indexes for damage.
    Check,
}

impl Purpose {
    pub(super) fn application_name(self) -> &'static str {
        match self {
            Self::Catalog => "cadastre",
            Self::Control => "cadastre control",
            Self::Migrate => "cadastre migrate",
            Self::Rehearse => "cadastre rehearsal",
            Self::Create => "cadastre create",
            Self::Export => "cadastre export",
            Self::Quarantine => "cadastre quarantine",
            Self::Backup => "cadastre backup",
            Self::Restore => "cadastre restore",
            Self::Administer => "cadastre administer",
            Self::Repair => "cadastre repair",
            Self::Maintain => "cadastre maintain",
            Self::Check => "cadastre check",
        }
    }

    /// A session for this is opened only to change something.
    pub(super) fn writes(self) -> bool {
        matches!(
            self,
            Self::Migrate
                | Self::Rehearse
                | Self::Create
                | Self::Restore
                | Self::Quarantine
                | Self::Administer
                | Self::Repair
                | Self::Maintain
        )
    }

    /// What it asks for takes long, and is of no use to anybody when this program is not there any more.
    fn ends_with_us(self) -> bool {
        matches!(self, Self::Catalog | Self::Export | Self::Maintain | Self::Check)
    }
}

const CHECK_INTERVAL: &str = "client_connection_check_interval";

/// The server looks whether its client is still there while it works, and stops if not. Not every system can tell it, and there
/// the setting is an error (PostgreSQL's documentation of `client_connection_check_interval`; macOS from 15 on).
const ENDS_WITH_US: &str = "select pg_catalog.set_config('client_connection_check_interval', '1s', false) \
    where pg_catalog.version() like '%linux%' or (pg_catalog.version() like '%apple%' \
    and pg_catalog.current_setting('server_version_num')::pg_catalog.int4 >= 150000); ";

/// A dedicated connection whose settings are set, not assumed (time zone, date style, search path, time-outs), and
/// whose server process is known, so that what it does can be cancelled from elsewhere.
#[derive(Debug)]
pub struct Session {
    connection: PgConnection,
    backend: i32,
    server_version: i32,
    prepared: Vec<&'static str>,
    rules: Arc<Rules>,
}

impl Session {
    /// Applies the settings to a new connection in one round trip.
    pub(super) async fn prepare(
        mut connection: PgConnection,
        profile: &Profile,
        purpose: Purpose,
    ) -> Result<Self, sqlx::Error> {
        let mut first = settings(profile);
        // After the settings, where the catalogs alone are looked into; a profile may have chosen its own.
        let chosen = profile.options.iter().any(|(name, _)| name.eq_ignore_ascii_case(CHECK_INTERVAL));
        if purpose.ends_with_us() && !chosen {
            first.push(format_args!("{ENDS_WITH_US}"));
        }
        first
            .push(format_args!("select pg_catalog.pg_backend_pid(), pg_catalog.current_setting('server_version_num')"));
        let rows: Vec<PgRow> = sqlx::raw_sql(first).fetch(&mut connection).try_collect().await?;
        let answer = rows.last().ok_or(sqlx::Error::RowNotFound)?;
        let number = |index| answer.try_get_raw(index).ok().and_then(|v| v.as_str().ok()?.parse().ok());
        let backend = number(0).unwrap_or_default();
        let server_version = number(1).unwrap_or_default();
        Ok(Self { connection, backend, server_version, prepared: Vec::new(), rules: Arc::default() })
    }

    /// Which schemas are tenants, as far as a person has said so.
    pub(crate) fn rules(&self) -> Arc<Rules> {
        self.rules.clone()
    }

    pub(crate) fn follow(&mut self, rules: Arc<Rules>) {
        self.rules = rules;
    }

    /// The server process behind this session.
    pub fn backend(&self) -> i32 {
        self.backend
    }

    /// `server_version_num`.
    pub(crate) fn server_version(&self) -> i32 {
        self.server_version
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

    /// Prepares statements under these names, unless this session has: for questions that every tenant is asked inside a
    /// message with other statements. They are planned once, as long as each `execute` finds the `search_path` of core.
    pub(crate) async fn prepare_named(&mut self, statements: &[(&'static str, &str)]) -> Result<()> {
        let mut message = Statement::new();
        for (name, statement) in statements.iter().filter(|(name, _)| !self.prepared.contains(name)) {
            message.push(format_args!("prepare {name} as {statement};"));
        }
        if message.text().is_empty() {
            return Ok(());
        }
        self.execute(message).await?;
        self.prepared.extend(statements.iter().map(|(name, _)| *name));
        Ok(())
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

/// The settings of every session, as the beginning of a message.
///
/// The order decides who wins. Time-outs come first, so that a profile may choose its own, and just-in-time
/// compilation: a fleet makes queries of catalogs look dear, and compiling them takes several times as long as running
/// them. The profile's options come next; `set_config` reads a list such as a `search_path` as a list, which `set name
/// = 'text'` does not. Last comes what core relies on: the text forms of values, and a `search_path` with nothing in it
/// but the catalogs. A profile's `search_path` is therefore for what Cadastre starts or shows (hooks, external
/// migrators, connection snippets), never for core's own statements, which name the schema of everything that they
/// touch.
fn settings(profile: &Profile) -> Statement {
    let mut s = Statement::of(format_args!(
        "set statement_timeout = 0; set lock_timeout = '10s'; set idle_in_transaction_session_timeout = '10min'; \
         set jit = off; "
    ));
    for (name, value) in &profile.options {
        s.push(format_args!("select pg_catalog.set_config({}, {}, false); ", literal(name), literal(value)));
    }
    s.push(format_args!(
        "set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set extra_float_digits = 1; \
         set bytea_output = 'hex'; set xmloption = 'content'; set client_encoding = 'UTF8'; \
         set standard_conforming_strings = on; set row_security = on; set search_path = pg_catalog, pg_temp; "
    ));
    if profile.read_only {
        s.push(format_args!("set default_transaction_read_only = on; "));
    }
    s
}

/// What a session needs before a person's SQL runs in it: nothing of what earlier SQL left behind (settings, roles,
/// temporary tables, cursors, locks), and our own settings. The parts of `DISCARD ALL` that a transaction allows, so that it can
/// stand at the head of a message; prepared statements stay.
pub(super) fn fresh(profile: &Profile) -> Statement {
    let mut s = Statement::of(format_args!("select pg_catalog.pg_advisory_unlock_all(); "));
    s.push(format_args!("{}", fresh_but_for_locks(profile)));
    s
}

/// The same for a session that goes on holding its advisory locks.
pub(super) fn fresh_but_for_locks(profile: &Profile) -> Statement {
    let mut s = Statement::of(format_args!(
        "close all; set session authorization default; reset role; reset all; unlisten *; discard temp; \
         discard sequences; "
    ));
    s.push(format_args!("{}", settings(profile)));
    s
}
