//! From what a person named to a profile and a password.

use super::draft::Draft;
use super::{ProcessEnv, pgpass, service, url};
use crate::connection::{Profile, ProfileStore, Secrets};
use crate::{Error, ErrorKind, Result};
use secrecy::SecretString;
use std::fmt;
use std::path::Path;

/// What was named on the command line.
#[derive(Clone, Copy, Default)]
pub struct Sources<'a> {
    /// Name or id of a saved profile.
    pub profile: Option<&'a str>,
    /// A connection URL.
    pub url: Option<&'a str>,
}

/// Where settings were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A saved profile.
    Profile,
    /// A URL that was given.
    Url,
    /// The variable `DATABASE_URL`.
    DatabaseUrl,
    /// `PGHOST` and its family.
    Environment,
    /// A service of `pg_service.conf`.
    Service(String),
    /// A line of `~/.pgpass`.
    PasswordFile,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile => f.write_str("profile"),
            Self::Url => f.write_str("URL"),
            Self::DatabaseUrl => f.write_str("DATABASE_URL"),
            Self::Environment => f.write_str("PGHOST …"),
            Self::Service(name) => write!(f, "service {name}"),
            Self::PasswordFile => f.write_str("~/.pgpass"),
        }
    }
}

/// A connection that can be tried.
#[derive(Debug)]
pub struct Resolved {
    /// The settings.
    pub profile: Profile,
    /// The password, if one was found anywhere.
    pub password: Option<SecretString>,
    /// Where the settings came from.
    pub origin: Origin,
    /// Why the keyring was of no use, when it was asked: worth saying when the server then wants a password.
    pub keyring_problem: Option<Error>,
}

/// Finds the connection: the profile or the URL that was named, else `DATABASE_URL`, else `PGSERVICE` and `PG*`.
/// What these leave out is filled like libpq does: service, environment, defaults. The password is looked for in the
/// URL or service, the keyring (profiles only), `PGPASSWORD`, `~/.pgpass`.
///
/// # Errors
/// [`ErrorKind::NoConnection`] when nothing names one; [`ErrorKind::ProfileMissing`]; [`ErrorKind::ServiceMissing`];
/// [`ErrorKind::UrlInvalid`] and [`ErrorKind::SettingInvalid`] without any value.
pub async fn resolve(
    sources: Sources<'_>,
    env: &ProcessEnv,
    store: &ProfileStore,
    secrets: &Secrets,
) -> Result<Resolved> {
    let (origin, named) = match (sources.profile, sources.url) {
        (Some(_), Some(_)) => {
            return Err(ErrorKind::Usage { reason: "Name either a profile or a URL, not both.".into() }.into());
        }
        (Some(name), None) => {
            let profile = store.find(name).await?.profile;
            let (password, keyring_problem) = find_password(&profile, env, Some(secrets)).await;
            return Ok(Resolved { profile, password, origin: Origin::Profile, keyring_problem });
        }
        (None, Some(text)) => (Origin::Url, url::parse(text)?),
        (None, None) => match env.get("DATABASE_URL") {
            Some(text) => (Origin::DatabaseUrl, url::parse(text).map_err(|e| e.detail("It comes from DATABASE_URL."))?),
            None => (environment_origin(env).ok_or(ErrorKind::NoConnection)?, Draft::default()),
        },
    };
    let (profile, password) = complete(named, env)?;
    Ok(Resolved { profile, password, origin, keyring_problem: None })
}

/// Looks for the password of a profile in the keyring (when one is given), in `PGPASSWORD` and in `~/.pgpass`. A keyring that
/// cannot be used does not end the search; why it could not is the second part of the answer.
pub async fn find_password(
    profile: &Profile,
    env: &ProcessEnv,
    keyring: Option<&Secrets>,
) -> (Option<SecretString>, Option<Error>) {
    let mut problem = None;
    if let Some(secrets) = keyring {
        match secrets.get(profile.id).await {
            Ok(Some(password)) => return (Some(password), None),
            Ok(None) => {}
            Err(error) => problem = Some(error),
        }
    }
    let password = env.get("PGPASSWORD").map(SecretString::from);
    (password.or_else(|| pgpass::find(&pgpass::path(env)?, profile, env)), problem)
}

/// What the environment alone leads to, if it says anything about where.
pub(super) fn environment_origin(env: &ProcessEnv) -> Option<Origin> {
    if let Some(service) = env.get("PGSERVICE") {
        return Some(Origin::Service(service.to_owned()));
    }
    let named = ["PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGDATABASE"].iter().any(|name| env.get(name).is_some());
    named.then_some(Origin::Environment)
}

/// Fills a draft from service and environment, and finds its password.
pub(super) fn complete(named: Draft, env: &ProcessEnv) -> Result<(Profile, Option<SecretString>)> {
    let environment = from_environment(env)?;
    let service = match named.service.as_ref().or(environment.service.as_ref()) {
        Some(name) => service::find(env, name)?,
        None => Draft::default(),
    };
    let draft = named.or(service).or(environment);
    let password_file = draft.password_file.clone();
    let (profile, password) = draft.finish(env)?;
    let password = password.or_else(|| match &password_file {
        Some(file) => pgpass::find(Path::new(file), &profile, env),
        None => pgpass::find(&pgpass::path(env)?, &profile, env),
    });
    Ok((profile, password))
}

fn from_environment(env: &ProcessEnv) -> Result<Draft> {
    let mut draft = Draft::default();
    for (variable, keyword) in [
        ("PGHOST", "host"),
        ("PGHOSTADDR", "hostaddr"),
        ("PGPORT", "port"),
        ("PGDATABASE", "dbname"),
        ("PGUSER", "user"),
        ("PGPASSWORD", "password"),
        ("PGPASSFILE", "passfile"),
        ("PGSERVICE", "service"),
        ("PGSSLMODE", "sslmode"),
        ("PGSSLROOTCERT", "sslrootcert"),
        ("PGSSLCERT", "sslcert"),
        ("PGSSLKEY", "sslkey"),
        ("PGCONNECT_TIMEOUT", "connect_timeout"),
        ("PGOPTIONS", "options"),
        // What protects is not passed over in silence.
        ("PGCHANNELBINDING", "channel_binding"),
        ("PGREQUIREAUTH", "require_auth"),
        ("PGREQUIREPEER", "requirepeer"),
        ("PGGSSENCMODE", "gssencmode"),
        ("PGSSLCRL", "sslcrl"),
        ("PGSSLCRLDIR", "sslcrldir"),
        ("PGSSLCERTMODE", "sslcertmode"),
        ("PGSSLMINPROTOCOLVERSION", "ssl_min_protocol_version"),
    ] {
        if let Some(value) = env.get(variable) {
            draft.set(keyword, variable, value)?;
        }
    }
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::TlsMode;
    use crate::local::Home;
    use secrecy::ExposeSecret;

    struct Place {
        folder: tempfile::TempDir,
        store: ProfileStore,
        secrets: Secrets,
    }

    impl Place {
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let store = ProfileStore::new(&Home::open(folder.path()).await.unwrap());
            Self { folder, store, secrets: Secrets::in_memory() }
        }

        fn env(&self, variables: &[(&str, &str)]) -> ProcessEnv {
            ProcessEnv::of(variables.iter().copied()).with_home(self.folder.path()).with_user("me")
        }

        async fn resolve(&self, sources: Sources<'_>, variables: &[(&str, &str)]) -> Result<Resolved> {
            resolve(sources, &self.env(variables), &self.store, &self.secrets).await
        }

        fn write(&self, name: &str, text: &str) -> String {
            let file = self.folder.path().join(name);
            std::fs::write(&file, text).unwrap();
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
            }
            file.display().to_string()
        }
    }

    fn shown(resolved: &Resolved) -> Option<&str> {
        resolved.password.as_ref().map(ExposeSecret::expose_secret)
    }

    const URL: Sources<'_> = Sources { profile: None, url: Some("postgres://app@db/lycees") };
    const NOTHING: Sources<'_> = Sources { profile: None, url: None };

    #[tokio::test]
    async fn nothing_named_is_an_error_of_its_own() {
        let place = Place::new().await;
        let error = place.resolve(NOTHING, &[("PGPASSWORD", "c4nary"), ("PGHOST", "")]).await.unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::NoConnection);
        let both = Sources { profile: Some("p"), url: Some("postgres://") };
        assert!(matches!(place.resolve(both, &[]).await.unwrap_err().kind(), ErrorKind::Usage { .. }));
    }

    #[tokio::test]
    async fn a_url_comes_before_database_url_and_that_before_pg_variables() {
        let place = Place::new().await;
        let all = [("DATABASE_URL", "postgres://x@second/"), ("PGHOST", "third"), ("PGPORT", "6000")];
        let first = place.resolve(URL, &all).await.unwrap();
        assert_eq!((first.profile.host.as_str(), &first.origin), ("db", &Origin::Url));
        // What a URL does not say is filled from the environment, as libpq does.
        assert_eq!(first.profile.port, 6000);
        let second = place.resolve(NOTHING, &all).await.unwrap();
        assert_eq!((second.profile.host.as_str(), &second.origin), ("second", &Origin::DatabaseUrl));
        let third = place.resolve(NOTHING, &all[1..]).await.unwrap();
        assert_eq!((third.profile.host.as_str(), &third.origin), ("third", &Origin::Environment));
        assert_eq!((third.profile.user.as_str(), third.profile.database.as_str()), ("me", "me"));
    }

    #[tokio::test]
    async fn every_pg_variable_has_its_effect() {
        let place = Place::new().await;
        let resolved = place
            .resolve(
                NOTHING,
                &[
                    ("PGHOST", "db"),
                    ("PGHOSTADDR", "10.0.0.1"),
                    ("PGPORT", "6000"),
                    ("PGUSER", "app"),
                    ("PGDATABASE", "lycees"),
                    ("PGPASSWORD", "secret"),
                    ("PGSSLMODE", "verify-ca"),
                    ("PGSSLROOTCERT", "/ca.crt"),
                    ("PGSSLCERT", "/me.crt"),
                    ("PGSSLKEY", "/me.key"),
                    ("PGCONNECT_TIMEOUT", "4"),
                    ("PGOPTIONS", "-c lock_timeout=1s"),
                ],
            )
            .await
            .unwrap();
        let profile = &resolved.profile;
        assert_eq!((profile.host.as_str(), profile.port, profile.connect_timeout), ("10.0.0.1", 6000, 4));
        assert_eq!((profile.user.as_str(), profile.database.as_str()), ("app", "lycees"));
        assert_eq!(profile.tls.mode, TlsMode::VerifyCa);
        assert_eq!(profile.tls.root_certificate.as_deref(), Some("/ca.crt"));
        assert_eq!(profile.tls.client_certificate.as_deref(), Some("/me.crt"));
        assert_eq!(profile.tls.client_key.as_deref(), Some("/me.key"));
        assert_eq!(profile.options, [("lock_timeout".to_owned(), "1s".to_owned())]);
        assert_eq!(shown(&resolved), Some("secret"));
        assert!(!format!("{resolved:?}").contains("secret"));
    }

    #[tokio::test]
    async fn a_service_fills_before_the_environment() {
        let place = Place::new().await;
        place.write(".pg_service.conf", "[lycees]\nhost=from-service\nport=6001\npassword=service-secret\n");
        let variables = [("PGSERVICE", "lycees"), ("PGPORT", "6002"), ("PGUSER", "app"), ("PGPASSWORD", "other")];
        let resolved = place.resolve(NOTHING, &variables).await.unwrap();
        assert_eq!(resolved.origin, Origin::Service("lycees".into()));
        assert_eq!((resolved.profile.host.as_str(), resolved.profile.port), ("from-service", 6001));
        assert_eq!(resolved.profile.user, "app");
        assert_eq!(shown(&resolved), Some("service-secret"));
        let missing = place.resolve(NOTHING, &[("PGSERVICE", "none")]).await.unwrap_err();
        assert_eq!(missing.kind(), &ErrorKind::ServiceMissing { service: "none".into() });
    }

    #[tokio::test]
    async fn the_password_is_looked_for_from_near_to_far() {
        let place = Place::new().await;
        let pgpass = place.write(".pgpass", "db:*:*:app:from-file\n");
        let profile = Profile { name: "p".into(), host: "db".into(), user: "app".into(), ..Profile::default() };
        place.store.save(&profile).await.unwrap();
        let by_name = Sources { profile: Some("p"), url: None };

        place.secrets.set(profile.id, &"from-keyring".into()).await.unwrap();
        assert_eq!(shown(&place.resolve(by_name, &[("PGPASSWORD", "env")]).await.unwrap()), Some("from-keyring"));
        place.secrets.remove(profile.id).await.unwrap();
        assert_eq!(shown(&place.resolve(by_name, &[("PGPASSWORD", "env")]).await.unwrap()), Some("env"));
        assert_eq!(shown(&place.resolve(by_name, &[]).await.unwrap()), Some("from-file"));

        let with_password = Sources { profile: None, url: Some("postgres://app:from-url@db/") };
        let variables = [("PGPASSWORD", "env")];
        assert_eq!(shown(&place.resolve(with_password, &variables).await.unwrap()), Some("from-url"));
        assert_eq!(shown(&place.resolve(URL, &variables).await.unwrap()), Some("env"));
        assert_eq!(shown(&place.resolve(URL, &[]).await.unwrap()), Some("from-file"));
        let elsewhere = place.resolve(URL, &[("PGPASSFILE", "/nowhere")]).await.unwrap();
        assert_eq!(shown(&elsewhere), None);
        let named = format!("postgres://app@db/lycees?passfile={pgpass}");
        let named = Sources { profile: None, url: Some(&named) };
        assert_eq!(shown(&place.resolve(named, &[("PGPASSFILE", "/nowhere")]).await.unwrap()), Some("from-file"));
    }

    #[tokio::test]
    async fn libpqs_own_certificate_files_are_found() {
        let place = Place::new().await;
        std::fs::create_dir(place.folder.path().join(".postgresql")).unwrap();
        for name in ["root.crt", "postgresql.crt", "postgresql.key"] {
            place.write(&format!(".postgresql/{name}"), "");
        }
        let full = Sources { profile: None, url: Some("postgres://db/?sslmode=verify-full") };
        let tls = place.resolve(full, &[]).await.unwrap().profile.tls;
        assert!(tls.root_certificate.unwrap().ends_with("root.crt"));
        assert!(tls.client_key.unwrap().ends_with("postgresql.key"));
        let system = Sources { profile: None, url: Some("postgres://db/?sslrootcert=system") };
        let tls = place.resolve(system, &[]).await.unwrap().profile.tls;
        assert_eq!((tls.mode, tls.root_certificate), (TlsMode::VerifyFull, None));
        let none = Sources { profile: None, url: Some("postgres://db/?sslmode=disable") };
        assert_eq!(place.resolve(none, &[]).await.unwrap().profile.tls.client_certificate, None);
    }

    #[tokio::test]
    async fn a_broken_environment_is_named_without_its_value() {
        let place = Place::new().await;
        for variables in
            [[("DATABASE_URL", "postgres://u:c4nary@h:x/")], [("PGPORT", "c4nary")], [("PGHOST", "c4nary,other")]]
        {
            let error = place.resolve(NOTHING, &[variables[0], ("PGUSER", "u")]).await.unwrap_err();
            let text = format!("{error} {error:?} {:?}", error.detail_text());
            assert!(text.contains(variables[0].0) && !text.contains("c4nary"), "{text}");
        }
    }
}
