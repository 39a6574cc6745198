//! Why a connection did not come about, in terms of what a person can do about it.

use super::Profile;
use crate::error::from_sqlx;
use crate::{Error, ErrorKind};
use rustls::{CertificateError, Error as TlsError};
use std::io;

/// The attempt took longer than the profile allows.
pub(super) fn timed_out(profile: &Profile) -> Error {
    let seconds = profile.timeout().as_secs();
    ErrorKind::ConnectionTimeout { host: profile.host.clone(), port: profile.port, seconds }.into()
}

/// What a failed attempt to connect means.
pub(super) async fn explain(error: sqlx::Error, profile: &Profile, had_password: bool) -> Error {
    match error {
        sqlx::Error::Database(_) => refusal(from_sqlx(error), profile, had_password),
        sqlx::Error::Io(error) => match tls_error(&error) {
            Some(tls) => of_tls(tls, profile).source(error),
            None => of_io(error, profile).await,
        },
        sqlx::Error::Tls(error) => match error.downcast_ref::<TlsError>() {
            Some(tls) => of_tls(tls, profile).source(error),
            None if error.to_string().contains("does not support TLS") => {
                ErrorKind::TlsUnavailable { host: profile.host.clone() }.into()
            }
            None => certificate(profile, "the handshake failed").source(error),
        },
        // Its text holds a character of the password: it is not kept.
        sqlx::Error::Configuration(error) if error.to_string().contains("saslprep password") => {
            let reason = "it holds a character that the server's method (SCRAM) does not allow";
            ErrorKind::SettingInvalid { setting: "password".into(), reason: reason.into() }.into()
        }
        // The profile's own files have been read by now.
        sqlx::Error::Configuration(error) => client_file_of_environment(profile).source(error),
        sqlx::Error::Protocol(text) if text.contains("authentication method") => {
            let detail = "The server wants a way of authentication that Cadastre does not know (GSSAPI, SSPI).";
            not_allowed(profile).detail(detail)
        }
        sqlx::Error::Protocol(_) => refused(profile)
            .detail("What answers there does not speak PostgreSQL's protocol.")
            .hint("Check the port; 5432 is the usual one."),
        other => from_sqlx(other),
    }
}

/// A statement that was cancelled before a session was there: nobody knew of it, so it was the role's statement_timeout.
/// The server itself calls a very short one a user's request.
pub(super) fn of_time_out(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Cancelled => error.as_kind(ErrorKind::StatementTimeout),
        _ => error,
    }
}

/// What it means that a session's settings were refused: the profile's options are the only ones that can be.
pub(super) fn of_settings(error: sqlx::Error, profile: &Profile) -> Error {
    let error = from_sqlx(error);
    let by_option = error.sqlstate().is_some_and(|s| ["22", "42", "55"].iter().any(|class| s.starts_with(class)));
    match error.kind() {
        ErrorKind::Server { message } if by_option && !profile.options.is_empty() => {
            let kind = ErrorKind::SettingInvalid { setting: "options".into(), reason: message.clone() };
            error.as_kind(kind)
        }
        _ => error,
    }
}

/// TLS could not be agreed on.
pub(super) fn is_tls(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Tls(_) => true,
        sqlx::Error::Io(error) => tls_error(error).is_some(),
        _ => false,
    }
}

/// A pooler does not know a start-up option (`protocol_violation`; PostgreSQL itself uses other states).
pub(super) fn is_refused_option(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "08P01")
}

fn tls_error(error: &io::Error) -> Option<&TlsError> {
    error.get_ref()?.downcast_ref()
}

/// The server answered, and said no.
fn refusal(error: Error, profile: &Profile, had_password: bool) -> Error {
    let user = profile.user.clone();
    let message = match error.kind() {
        ErrorKind::Server { message } => Some(message.clone()),
        _ => None,
    };
    match error.sqlstate() {
        // invalid_password
        Some("28P01") if had_password => error.as_kind(ErrorKind::AuthenticationFailed { user }),
        Some("28P01") => error.as_kind(ErrorKind::PasswordRequired { user }),
        // invalid_authorization_specification: no line in pg_hba.conf, no such role, no login, another peer
        Some("28000") => {
            let kind = not_allowed(profile).kind().clone();
            let words = server_words(&error);
            let error = error.as_kind(kind);
            if error.detail_text().is_none() { error.detail(words) } else { error }
        }
        // insufficient_privilege: no CONNECT on the database
        Some("42501") => error.as_kind(not_allowed(profile).kind().clone()),
        Some("3D000") => error.as_kind(ErrorKind::DatabaseMissing { database: profile.database.clone() }),
        // object_not_in_prerequisite_state: `datallowconn` is off
        Some("55000") => {
            let detail = message.unwrap_or_default();
            error.as_kind(not_allowed(profile).kind().clone()).detail(detail)
        }
        _ => error,
    }
}

/// The server's own message, which a kind of ours may have replaced.
fn server_words(error: &Error) -> String {
    error.causes().last().cloned().unwrap_or_default()
}

async fn of_io(error: io::Error, profile: &Profile) -> Error {
    use io::ErrorKind as Io;
    let socket = || format!("{}/.s.PGSQL.{}", profile.host, profile.port);
    let kind = error.kind();
    let explained = match kind {
        Io::NotFound if profile.is_local_socket() => {
            refused(profile).detail(format!("There is no socket {}.", socket()))
        }
        Io::PermissionDenied if profile.is_local_socket() => {
            refused(profile).detail(format!("You may not use the socket {}.", socket()))
        }
        Io::NotFound | Io::PermissionDenied => client_file_of_environment(profile),
        Io::ConnectionRefused => refused(profile),
        Io::TimedOut => timed_out(profile),
        Io::HostUnreachable | Io::NetworkUnreachable | Io::NetworkDown | Io::AddrNotAvailable => {
            refused(profile).detail("There is no way to it in the network.")
        }
        Io::ConnectionReset | Io::ConnectionAborted | Io::BrokenPipe | Io::UnexpectedEof => {
            Error::new(ErrorKind::ConnectionLost).detail("It was closed before a session began.")
        }
        // The resolver's failures have no kind of their own.
        _ if !profile.is_local_socket() && !resolves(profile).await => {
            ErrorKind::NameNotResolved { host: profile.host.clone() }.into()
        }
        _ => refused(profile),
    };
    explained.source(error)
}

/// sqlx, like libpq, takes a client certificate from the environment when the profile has none.
fn client_file_of_environment(profile: &Profile) -> Error {
    let path = profile.tls.client_key.clone().unwrap_or_else(|| "PGSSLCERT, PGSSLKEY".into());
    let reason = "certificate and key of the client cannot be read or do not go together".into();
    ErrorKind::TlsFile { path, reason }.into()
}

async fn resolves(profile: &Profile) -> bool {
    tokio::net::lookup_host((profile.host.as_str(), profile.port)).await.is_ok_and(|mut found| found.next().is_some())
}

fn of_tls(error: &TlsError, profile: &Profile) -> Error {
    let reason = match error {
        TlsError::InvalidCertificate(reason) => verdict(reason),
        TlsError::InconsistentKeys(_) => {
            let path = profile.tls.client_key.clone().unwrap_or_default();
            let reason = "it does not belong to the client certificate".to_owned();
            return ErrorKind::TlsFile { path, reason }.into();
        }
        TlsError::AlertReceived(alert) => match &profile.tls.client_certificate {
            Some(path) => {
                let reason = format!("the server refused it ({alert:?})");
                return ErrorKind::TlsFile { path: path.clone(), reason }.into();
            }
            None => format!("the server ended the handshake ({alert:?})"),
        },
        TlsError::InvalidMessage(_) => "what answers there does not speak TLS".to_owned(),
        TlsError::PeerIncompatible(_) => "the server offers only methods that are no longer safe".to_owned(),
        TlsError::UnsupportedNameType => "the host is no name that a certificate can hold".to_owned(),
        _ => "the handshake failed".to_owned(),
    };
    certificate(profile, &reason)
}

fn verdict(reason: &CertificateError) -> String {
    use CertificateError as E;
    match reason {
        E::Expired | E::ExpiredContext { .. } => "it has expired".into(),
        E::NotValidYet | E::NotValidYetContext { .. } => "it is not valid yet; check the clock of this computer".into(),
        E::UnknownIssuer => "it was signed by an authority that is not trusted here".into(),
        E::NotValidForName | E::NotValidForNameContext { .. } => "it was issued for another name".into(),
        E::Revoked => "it was revoked".into(),
        // Also what is left of an issuer with the right name and another key: a renewed authority.
        E::BadSignature | E::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "the key of the authority that is trusted here did not sign it; the authority's certificate may be outdated"
                .into()
        }
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => "it was not issued for servers".into(),
        E::UnsupportedSignatureAlgorithmContext { .. } => "its signature algorithm is not supported".into(),
        other => match format!("{other:?}") {
            // webpki's names, which rustls passes on as text.
            text if text.contains("UnsupportedCertVersion") => {
                "it has the old form X.509 version 1; have it issued again as version 3".into()
            }
            text if text.contains("CaUsedAsEndEntity") => {
                "it is an authority's own certificate (CA:TRUE); have one issued for the server".into()
            }
            _ => "it is damaged, or of a form that is not supported".into(),
        },
    }
}

fn certificate(profile: &Profile, reason: &str) -> Error {
    ErrorKind::TlsCertificate { host: profile.host.clone(), reason: reason.into() }.into()
}

fn refused(profile: &Profile) -> Error {
    ErrorKind::ConnectionRefused { host: profile.host.clone(), port: profile.port }.into()
}

fn not_allowed(profile: &Profile) -> Error {
    ErrorKind::ConnectNotAllowed { user: profile.user.clone(), database: profile.database.clone() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_can_have_cancelled_has_timed_out() {
        let error = of_time_out(ErrorKind::Cancelled.into());
        assert_eq!(*error.kind(), ErrorKind::StatementTimeout);
        assert!(error.hint_text().is_some_and(|hint| hint.contains("SET statement_timeout")));
    }
}
