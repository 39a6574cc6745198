//! What is already set up on this computer.

use super::draft::Draft;
use super::resolve::{Origin, complete, environment_origin};
use super::{ProcessEnv, pgpass, service, url};
use crate::connection::Profile;
use crate::{ErrorKind, Result};
use secrecy::SecretString;
use serde::Serialize;

/// A connection that was found on this computer. The password, if there is one, stays where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FoundConnection {
    /// Where: `DATABASE_URL`, `PGHOST …`, `~/.pgpass`, or `service NAME`.
    pub origin: String,
    /// The settings.
    pub profile: Profile,
    /// A password is there too.
    pub has_password: bool,
}

/// Connections found in the environment, in `pg_service.conf` and in `~/.pgpass`, each place once. What cannot be
/// understood is left out; it is reported when somebody names it.
pub fn discover(env: &ProcessEnv) -> Vec<FoundConnection> {
    let mut found: Vec<FoundConnection> = Vec::new();
    let mut add = |origin: Origin, settings: Result<(Profile, Option<SecretString>)>| match settings {
        Ok((profile, password)) => {
            let same = |f: &FoundConnection| place(&f.profile) == place(&profile);
            if !found.iter().any(same) {
                let origin = origin.to_string();
                found.push(FoundConnection { origin, profile, has_password: password.is_some() });
            }
        }
        Err(error) => tracing::warn!(%origin, %error, "connection left out"),
    };
    if let Some(text) = env.get("DATABASE_URL") {
        add(Origin::DatabaseUrl, url::parse(text).and_then(|draft| complete(draft, env)));
    }
    if let Some(origin) = environment_origin(env) {
        add(origin, complete(Draft::default(), env));
    }
    for (name, draft) in service::all(env) {
        add(Origin::Service(name), complete(draft, env));
    }
    for entry in pgpass::path(env).map(|file| pgpass::entries(&file)).unwrap_or_default() {
        // A line for any host or anybody says nothing about where to connect.
        if entry.host == "*" || entry.user == "*" {
            continue;
        }
        add(Origin::PasswordFile, from_entry(entry, env));
    }
    found
}

/// Reads a URL that somebody pasted; nothing is filled from the environment but the person's name and the local socket.
///
/// # Errors
/// [`ErrorKind::UrlInvalid`] and [`ErrorKind::SettingInvalid`], without any part of the URL but a parameter's name.
pub fn from_url(text: &str, env: &ProcessEnv) -> Result<(FoundConnection, Option<SecretString>)> {
    let draft = url::parse(text)?;
    if draft.service.is_some() {
        let reason = "a service is not read from a URL; it is offered among the connections that were found";
        return Err(ErrorKind::UrlInvalid { reason: reason.into() }.into());
    }
    let (profile, password) = draft.finish(env)?;
    let found = FoundConnection { origin: Origin::Url.to_string(), profile, has_password: password.is_some() };
    Ok((found, password))
}

fn from_entry(entry: pgpass::Entry, env: &ProcessEnv) -> Result<(Profile, Option<SecretString>)> {
    let mut draft = Draft::default();
    let file = "~/.pgpass";
    draft.set("host", file, &entry.host)?;
    draft.set("user", file, &entry.user)?;
    if entry.port != "*" {
        draft.set("port", file, &entry.port)?;
    }
    draft.set("dbname", file, if entry.database == "*" { "postgres" } else { &entry.database })?;
    let (profile, _) = draft.finish(env)?;
    Ok((profile, Some(entry.password)))
}

fn place(profile: &Profile) -> (&str, u16, &str, &str) {
    (&profile.host, profile.port, &profile.database, &profile.user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_on_this_computer_is_found_once_and_no_password_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let file = folder.path().join(name);
            std::fs::write(&file, text).unwrap();
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
            }
        };
        write(".pgpass", "*:*:*:*:c4nary\nfile-host:*:*:app:c4nary\nurl-host:5432:lycees:app:c4nary\n");
        write(".pg_service.conf", "[colleges]\nhost=service-host\nuser=app\n[broken]\nwhat=c4nary\n");
        let env = ProcessEnv::of([
            ("DATABASE_URL", "postgres://app:c4nary@url-host/lycees"),
            ("PGHOST", "env-host"),
            ("PGUSER", "other"),
        ]);
        let found = discover(&env.with_home(folder.path()).with_user("me"));
        let shown: Vec<_> =
            found.iter().map(|f| (f.origin.as_str(), f.profile.host.as_str(), f.has_password)).collect();
        assert_eq!(
            shown,
            [
                ("DATABASE_URL", "url-host", true),
                ("PGHOST …", "env-host", true),
                ("service colleges", "service-host", true),
                ("~/.pgpass", "file-host", true),
            ]
        );
        assert!(!format!("{found:?} {}", serde_json::to_string(&found).unwrap()).contains("c4nary"));
    }

    #[test]
    fn a_pasted_url_gives_a_profile_and_its_password_apart() {
        let env = ProcessEnv::of([("PGPASSWORD", "other"), ("PGPORT", "6000")]).with_user("me");
        let (found, password) = from_url("postgres://app:c4nary@db/lycees", &env).unwrap();
        assert_eq!((found.profile.name.as_str(), found.profile.port), ("lycees @ db", 5432));
        assert!(found.has_password && password.is_some());
        assert!(!format!("{found:?} {password:?}").contains("c4nary"));
        assert!(from_url("postgres://db/?service=x", &env).is_err());
    }
}
