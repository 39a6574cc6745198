//! Opening sessions: what is sent to the server, and what the profile's TLS means.

use super::failure;
use super::pooler::{self, Route};
use super::tls_files::TlsFiles;
use super::{Profile, Purpose, Session, TlsMode};
use crate::{Error, ErrorKind, Result};
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{ConnectOptions, Connection};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where sessions are opened. sqlx's own options are made for each attempt and dropped after it: their `Debug` form
/// shows the password.
pub(super) struct Target {
    pub profile: Profile,
    password: Option<SecretString>,
    /// A pooler refused start-up options; what they would have set is set by statements only.
    options_refused: AtomicBool,
    /// Found out by the first session.
    route: OnceLock<Route>,
}

impl Target {
    pub fn new(profile: Profile, password: Option<SecretString>) -> Self {
        // An empty password is none: the server would refuse it with the same words.
        let password = password.filter(|p| !p.expose_secret().is_empty());
        Self { profile, password, options_refused: AtomicBool::new(false), route: OnceLock::new() }
    }

    /// The password that the sessions are opened with.
    pub fn password(&self) -> Option<&SecretString> {
        self.password.as_ref()
    }

    /// What is between here and the server; known after the first session.
    pub fn route(&self) -> Option<Route> {
        self.route.get().copied()
    }

    /// A session, within the profile's time-out for the whole attempt.
    pub async fn session(&self, purpose: Purpose) -> Result<Session> {
        if self.profile.read_only && purpose.writes() {
            let operation = format!("a session for {}", purpose.application_name());
            return Err(ErrorKind::ReadOnly { operation }.into());
        }
        let attempt = self.attempt(purpose);
        match tokio::time::timeout(self.profile.timeout(), attempt).await {
            Ok(result) => result.map_err(failure::of_time_out),
            Err(_) => Err(failure::timed_out(&self.profile)),
        }
    }

    async fn attempt(&self, purpose: Purpose) -> Result<Session> {
        let mut connection = self.connect(purpose).await?;
        if self.route.get().is_none() {
            // Before any setting is made: a pooler would hand it on to other people's sessions.
            let route = match pooler::is_direct(&mut connection).await? {
                true => Route::Direct,
                false => pooler::find_out(&mut connection, &mut self.connect(purpose).await?, &self.profile).await?,
            };
            let _ = self.route.set(route);
        }
        let prepared = Session::prepare(connection, &self.profile, purpose).await;
        prepared.map_err(|e| failure::of_settings(e, &self.profile))
    }

    /// A connection with nothing set.
    async fn connect(&self, purpose: Purpose) -> Result<PgConnection> {
        let files = TlsFiles::read(&self.profile).await?;
        let mut mode = ssl_mode(&self.profile);
        loop {
            match PgConnection::connect_with(&self.options(purpose, mode, &files)).await {
                Ok(connection) => return Ok(connection),
                // As with libpq, `prefer` does without TLS when it cannot be agreed on.
                Err(error) if matches!(mode, PgSslMode::Prefer) && failure::is_tls(&error) => {
                    mode = PgSslMode::Disable;
                }
                Err(error) if failure::is_refused_option(&error) && self.sends_options() => {
                    self.options_refused.store(true, Ordering::Relaxed);
                }
                Err(error) => return Err(failure::explain(error, &self.profile, self.password.is_some()).await),
            }
        }
    }

    fn sends_options(&self) -> bool {
        self.profile.read_only && !self.options_refused.load(Ordering::Relaxed)
    }

    fn options(&self, purpose: Purpose, mode: PgSslMode, files: &TlsFiles) -> PgConnectOptions {
        let profile = &self.profile;
        // Starts from PG* variables; every one that matters is replaced, above all PGPASSWORD: whoever calls has
        // already decided which password this profile gets. What remains is PGOPTIONS, and PGSSLCERT with PGSSLKEY for a
        // profile that has no client certificate: they add, as with libpq, and what follows overrules them.
        let mut options = PgConnectOptions::new_without_pgpass()
            .host(&profile.host)
            .port(profile.port)
            .username(&profile.user)
            .database(&profile.database)
            .password(self.password.as_ref().map(ExposeSecret::expose_secret).unwrap_or_default())
            // Never set again by a statement: who has set it tells whether a pooler is in between.
            .application_name(purpose.application_name())
            // Poolers refuse it at the start; it is set by a statement.
            .extra_float_digits(None)
            .ssl_mode(mode)
            .ssl_root_cert_from_pem(files.root_certificate.clone().unwrap_or_default())
            // Statements carry names and literals that do not belong into a log.
            .disable_statement_logging();
        if let Some((certificate, key)) = &files.client {
            options = options.ssl_client_cert_from_pem(certificate).ssl_client_key_from_pem(key.expose_secret());
        }
        if self.sends_options() {
            // Given at the start it is what RESET and DISCARD go back to, so no statement loses it by accident.
            options = options.options([("default_transaction_read_only", "on")]);
        }
        options
    }
}

fn ssl_mode(profile: &Profile) -> PgSslMode {
    if profile.is_local_socket() {
        // Nothing leaves the computer; libpq ignores sslmode there too.
        return PgSslMode::Disable;
    }
    match profile.tls.mode {
        TlsMode::Disable => PgSslMode::Disable,
        TlsMode::Prefer => PgSslMode::Prefer,
        // libpq's rule: who gives a certificate of an authority wants it checked.
        TlsMode::Require if profile.tls.root_certificate.is_some() => PgSslMode::VerifyCa,
        TlsMode::Require => PgSslMode::Require,
        TlsMode::VerifyCa => PgSslMode::VerifyCa,
        TlsMode::VerifyFull => PgSslMode::VerifyFull,
    }
}

/// Refuses a server that is older than what core's queries are written for.
pub(super) fn check_version(number: i32, text: &str) -> Result<(), Error> {
    const MINIMUM: i32 = 14;
    if number < MINIMUM * 10_000 {
        let version = text.to_owned();
        return Err(ErrorKind::ServerTooOld { version, minimum: MINIMUM.to_string() }.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_before_14_are_refused() {
        assert!(check_version(140_000, "14.0").is_ok());
        assert!(check_version(180_003, "18.3").is_ok());
        let error = check_version(130_022, "13.22").unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::ServerTooOld { version: "13.22".into(), minimum: "14".into() });
    }

    #[tokio::test]
    async fn a_read_only_profile_opens_no_session_for_writing() {
        let target = Target::new(Profile { read_only: true, ..Profile::default() }, None);
        for purpose in [Purpose::Migrate, Purpose::Create] {
            let error = target.session(purpose).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::ReadOnly { .. }));
        }
    }

    #[test]
    fn require_with_an_authority_checks_it_and_sockets_need_no_tls() {
        let mut profile = Profile { host: "db".into(), ..Profile::default() };
        profile.tls.mode = TlsMode::Require;
        assert!(matches!(ssl_mode(&profile), PgSslMode::Require));
        profile.tls.root_certificate = Some("/ca.crt".into());
        assert!(matches!(ssl_mode(&profile), PgSslMode::VerifyCa));
        profile.host = "/tmp".into();
        assert!(matches!(ssl_mode(&profile), PgSslMode::Disable));
    }
}
