//! How a program that Cadastre starts reaches a tenant: by its environment, never by its arguments, which every user of
//! the computer can read.

use super::target::Target;
use super::{Database, Profile, TlsMode};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use tokio::process::Command;

/// Variables for a child process. No `Debug` form shows them: two of them hold the password.
pub(crate) struct ChildEnvironment {
    /// Those that may be shown.
    open: Vec<(&'static str, String)>,
    url: SecretString,
    password: Option<SecretString>,
}

impl Database {
    /// The environment for a program whose unqualified names shall lead to `search_path` (quoted identifiers), and which
    /// gives way to a lock after `lock_timeout_ms`. Other administrators see it as `application_name`.
    pub(crate) fn child_environment(
        &self,
        search_path: &str,
        lock_timeout_ms: u32,
        application_name: &str,
    ) -> ChildEnvironment {
        environment(self.target(), search_path, lock_timeout_ms, application_name)
    }

    /// The password of this connection, for taking it out of what other programs write.
    pub(crate) fn password(&self) -> Option<&SecretString> {
        self.target().password()
    }
}

fn environment(target: &Target, search_path: &str, lock_timeout_ms: u32, application_name: &str) -> ChildEnvironment {
    let profile = &target.profile;
    let ours = [("search_path", search_path.to_owned()), ("lock_timeout", format!("{lock_timeout_ms}ms"))];
    let theirs = profile.options.iter().filter(|(name, _)| ours.iter().all(|(own, _)| !own.eq_ignore_ascii_case(name)));
    let settings = ours.iter().map(|(name, value)| (*name, value.as_str()));
    let settings = settings.chain(theirs.map(|(name, value)| (name.as_str(), value.as_str())));
    let options: Vec<String> = settings.map(|(name, value)| format!("-c{name}={}", escape(value))).collect();
    let options = options.join(" ");
    let tls = tls(profile);
    let mut parameters = vec![("application_name", application_name), ("options", options.as_str())];
    parameters.extend(tls.iter().map(|(name, value)| (parameter(name), value.as_str())));
    let mut open = vec![
        ("PGHOST", profile.host.clone()),
        ("PGPORT", profile.port.to_string()),
        ("PGUSER", profile.user.clone()),
        ("PGDATABASE", profile.database.clone()),
        ("PGOPTIONS", options.clone()),
        ("PGAPPNAME", application_name.to_owned()),
        ("PGCONNECT_TIMEOUT", profile.timeout().as_secs().to_string()),
    ];
    let url = SecretString::from(url(profile, target.password(), &parameters));
    open.extend(tls);
    ChildEnvironment { open, url, password: target.password().cloned() }
}

/// libpq's variables for TLS.
fn tls(profile: &Profile) -> Vec<(&'static str, String)> {
    if profile.is_local_socket() {
        return vec![("PGSSLMODE", "disable".into())];
    }
    let mode = match profile.tls.mode {
        TlsMode::Disable => "disable",
        TlsMode::Prefer => "prefer",
        TlsMode::Require => "require",
        TlsMode::VerifyCa => "verify-ca",
        TlsMode::VerifyFull => "verify-full",
    };
    let mut variables = vec![("PGSSLMODE", mode.to_owned())];
    let files = &profile.tls;
    match &files.root_certificate {
        Some(path) => variables.push(("PGSSLROOTCERT", path.clone())),
        // The authorities that this computer trusts, as in Cadastre's own sessions.
        None if files.mode == TlsMode::VerifyFull => variables.push(("PGSSLROOTCERT", "system".into())),
        None => {}
    }
    variables.extend(files.client_certificate.iter().map(|path| ("PGSSLCERT", path.clone())));
    variables.extend(files.client_key.iter().map(|path| ("PGSSLKEY", path.clone())));
    variables
}

/// The name in a URL of what a variable says.
fn parameter(variable: &str) -> &'static str {
    match variable {
        "PGSSLROOTCERT" => "sslrootcert",
        "PGSSLCERT" => "sslcert",
        "PGSSLKEY" => "sslkey",
        _ => "sslmode",
    }
}

/// `postgresql://`, since SQLAlchemy does not know the short form.
fn url(profile: &Profile, password: Option<&SecretString>, parameters: &[(&str, &str)]) -> String {
    let password = password.map(|p| format!(":{}", percent_encode(p.expose_secret()))).unwrap_or_default();
    let user = percent_encode(&profile.user);
    let (host, socket) = if profile.is_local_socket() {
        (String::new(), Some(("host", profile.host.as_str())))
    } else if profile.host.contains(':') {
        (format!("[{}]:{}", profile.host, profile.port), None)
    } else {
        (format!("{}:{}", percent_encode(&profile.host), profile.port), None)
    };
    let port = profile.port.to_string();
    let port = socket.map(|_| ("port", port.as_str()));
    let all = socket.into_iter().chain(port).chain(parameters.iter().copied());
    let query: Vec<String> = all.map(|(name, value)| format!("{name}={}", percent_encode(value))).collect();
    format!("postgresql://{user}{password}@{host}/{}?{}", percent_encode(&profile.database), query.join("&"))
}

/// Every byte that is not certain to stand for itself.
pub(crate) fn percent_encode(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// A value among libpq's `options`, where a space ends it.
fn escape(value: &str) -> String {
    value.chars().flat_map(|c| (c == '\\' || c.is_ascii_whitespace()).then_some('\\').into_iter().chain([c])).collect()
}

impl ChildEnvironment {
    /// Sets the variables. What the command would inherit of libpq's own goes: it could lead somewhere else.
    pub(crate) fn apply(&self, command: &mut Command) {
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("PG") && name != "PGPASSFILE") {
                command.env_remove(name);
            }
        }
        command.envs(self.open.iter().map(|(name, value)| (name, value)));
        command.env("DATABASE_URL", self.url.expose_secret());
        if let Some(password) = &self.password {
            command.env("PGPASSWORD", password.expose_secret());
        }
    }

    /// What may be shown of it: everything but `DATABASE_URL` and `PGPASSWORD`.
    pub(crate) fn shown(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.open.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

impl fmt::Debug for ChildEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChildEnvironment").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::{ProcessEnv, from_url};

    fn target(profile: Profile) -> Target {
        Target::new(profile, Some("p@ss word/\\'".into()))
    }

    #[test]
    fn the_url_leads_where_the_profile_leads() {
        for host in ["db.example.org", "::1", "/var/run/postgresql"] {
            let profile = Profile { host: host.into(), port: 5433, user: "a b".into(), ..Profile::default() };
            let child = environment(&target(profile.clone()), "\"my tenant\", public", 2000, "x");
            let (read, _) = from_url(child.url.expose_secret(), &ProcessEnv::default()).unwrap();
            assert_eq!((&read.profile.host, read.profile.port), (&profile.host, 5433));
            assert_eq!((&read.profile.user, &read.profile.database), (&profile.user, &profile.database));
            let path = read.profile.options.iter().find(|(name, _)| name == "search_path").unwrap();
            assert_eq!(path.1, "\"my tenant\", public");
        }
    }

    #[test]
    fn what_may_be_shown_holds_no_password() {
        let child = environment(&target(Profile::default()), "t", 2000, "x");
        assert!(child.shown().all(|(_, value)| !value.contains("ss")));
        assert!(!format!("{child:?}").contains("ss word"));
        assert!(child.url.expose_secret().contains("p%40ss%20word%2F%5C%27"));
    }

    #[test]
    fn a_profiles_search_path_does_not_lead_away_from_the_tenant() {
        let options = vec![("Search_Path".into(), "other".into()), ("role".into(), "app".into())];
        let child = environment(&target(Profile { options, ..Profile::default() }), "\"t\"", 500, "x");
        let options = child.shown().find(|(name, _)| *name == "PGOPTIONS").unwrap().1.to_owned();
        assert_eq!(options, "-csearch_path=\"t\" -clock_timeout=500ms -crole=app");
    }
}
