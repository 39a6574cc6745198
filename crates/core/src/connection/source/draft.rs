//! Settings as they are collected, by libpq's keywords, before they become a profile.

use super::{ProcessEnv, invalid, options};
use crate::Result;
use crate::connection::{Profile, Tls, TlsMode};
use secrecy::SecretString;

/// What one place says; `None` where it is silent.
#[derive(Default, Clone)]
pub(super) struct Draft {
    pub host: Option<String>,
    pub host_address: Option<String>,
    pub port: Option<u16>,
    pub database: Option<String>,
    pub user: Option<String>,
    pub password: Option<SecretString>,
    pub password_file: Option<String>,
    pub service: Option<String>,
    tls_mode: Option<TlsMode>,
    root_certificate: Option<String>,
    client_certificate: Option<String>,
    client_key: Option<String>,
    options: Option<Vec<(String, String)>>,
    connect_timeout: Option<u16>,
}

impl Draft {
    /// Takes one of libpq's keywords. `setting` is what a message calls it; the value is never repeated.
    /// Returns false for a keyword that is not known.
    pub fn set(&mut self, keyword: &str, setting: &str, value: &str) -> Result<bool> {
        if value.contains('\0') {
            return Err(invalid(setting, "it contains a NUL character"));
        }
        let text = || (!value.is_empty()).then(|| value.to_owned());
        match keyword {
            "host" => self.host = text().map(|host| one_host(setting, host)).transpose()?,
            "hostaddr" => self.host_address = text().map(|host| one_host(setting, host)).transpose()?,
            "port" => self.port = text().map(|port| read_port(setting, &port)).transpose()?,
            "dbname" => self.database = text(),
            "user" => self.user = text(),
            "password" => self.password = text().map(SecretString::from),
            "passfile" => self.password_file = text(),
            "service" => self.service = text(),
            "sslmode" => self.tls_mode = text().map(|mode| read_mode(setting, &mode)).transpose()?,
            // The spelling of JDBC, which libpq's URLs accept too.
            "ssl" if value == "true" => self.tls_mode = Some(TlsMode::Require),
            "ssl" => return Err(invalid(setting, "only true is understood; use sslmode")),
            "sslrootcert" => self.root_certificate = text(),
            "sslcert" => self.client_certificate = text(),
            "sslkey" => self.client_key = text(),
            "options" => self.options = Some(options::parse(setting, value)?),
            "connect_timeout" => {
                let seconds: i64 = value.trim().parse().map_err(|_| invalid(setting, "it is no number of seconds"))?;
                // 0 and below mean "for ever" to libpq; nobody wants that from a window, so the default applies.
                self.connect_timeout = Some(seconds.clamp(0, i64::from(u16::MAX)) as u16);
            }
            // Every session says itself what it is for.
            "application_name" | "fallback_application_name" => {}
            // UTF-8 always; keep-alives are the operating system's.
            "client_encoding"
            | "keepalives"
            | "keepalives_idle"
            | "keepalives_interval"
            | "keepalives_count"
            | "tcp_user_timeout"
            | "sslcompression"
            | "sslsni" => {}
            "target_session_attrs" if value == "any" => {}
            "gssencmode" | "channel_binding" if matches!(value, "disable" | "prefer") => {}
            "load_balance_hosts" if value == "disable" => {}
            "sslnegotiation" if value == "postgres" => {}
            "sslcertmode" if value == "allow" => {}
            // TLS before 1.2 is never spoken.
            "ssl_min_protocol_version" if matches!(value, "TLSv1" | "TLSv1.1" | "TLSv1.2") => {}
            // Promises that cannot be kept are refused: some of them protect.
            "target_session_attrs"
            | "gssencmode"
            | "channel_binding"
            | "load_balance_hosts"
            | "sslnegotiation"
            | "sslcertmode"
            | "ssl_min_protocol_version"
            | "ssl_max_protocol_version"
            | "require_auth"
            | "requirepeer"
            | "sslpassword"
            | "sslcrl"
            | "sslcrldir"
            | "krbsrvname"
            | "gsslib"
            | "gssdelegation"
            | "replication" => {
                return Err(invalid(setting, "Cadastre does not support this value; leave it out"));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Fills what is missing from a place that counts less.
    pub fn or(mut self, other: Self) -> Self {
        // A host and its address belong together: the address of one place never joins the name of another.
        if self.host.is_none() && self.host_address.is_none() {
            self.host = other.host;
            self.host_address = other.host_address;
        }
        self.port = self.port.or(other.port);
        self.database = self.database.or(other.database);
        self.user = self.user.or(other.user);
        self.password = self.password.or(other.password);
        self.password_file = self.password_file.or(other.password_file);
        self.service = self.service.or(other.service);
        self.tls_mode = self.tls_mode.or(other.tls_mode);
        self.root_certificate = self.root_certificate.or(other.root_certificate);
        if self.client_certificate.is_none() && self.client_key.is_none() {
            self.client_certificate = other.client_certificate;
            self.client_key = other.client_key;
        }
        self.options = self.options.or(other.options);
        self.connect_timeout = self.connect_timeout.or(other.connect_timeout);
        self
    }

    /// Fills the rest as libpq does and makes a profile of it; the password stays apart.
    pub fn finish(self, env: &ProcessEnv) -> Result<(Profile, Option<SecretString>)> {
        let port = self.port.unwrap_or(5432);
        let tls = self.tls(env)?;
        if tls.mode == TlsMode::VerifyFull && self.host.is_some() && self.host_address.is_some() {
            return Err(invalid("hostaddr", "with verify-full the host name alone must lead to the server"));
        }
        let host = self.host_address.or(self.host).or_else(|| env.socket_folder(port));
        let host = host.unwrap_or_else(|| "localhost".into());
        let user = self.user.or_else(|| env.user().map(str::to_owned));
        let user = user.ok_or_else(|| invalid("user", "it is missing, and this computer does not tell yours"))?;
        let database = self.database.unwrap_or_else(|| user.clone());
        let profile = Profile {
            name: format!("{database} @ {host}"),
            host,
            port,
            database,
            user,
            tls,
            options: self.options.unwrap_or_default(),
            connect_timeout: self.connect_timeout.filter(|s| *s > 0).unwrap_or(Profile::default().connect_timeout),
            ..Profile::default()
        };
        profile.validate()?;
        Ok((profile, self.password))
    }

    /// TLS with the files that libpq looks for by itself in `~/.postgresql`.
    fn tls(&self, env: &ProcessEnv) -> Result<Tls> {
        let standard = |name: &str| {
            let file = env.personal_file(&format!(".postgresql/{name}"), name)?;
            file.exists().then(|| file.to_str().map(str::to_owned)).flatten()
        };
        let system_authorities = self.root_certificate.as_deref() == Some("system");
        let mode = match self.tls_mode {
            None if system_authorities => TlsMode::VerifyFull,
            Some(mode) if system_authorities && mode != TlsMode::VerifyFull => {
                return Err(invalid("sslrootcert", "system needs sslmode=verify-full"));
            }
            mode => mode.unwrap_or_default(),
        };
        let mut tls = Tls {
            mode,
            root_certificate: self.root_certificate.clone().filter(|_| !system_authorities),
            client_certificate: self.client_certificate.clone(),
            client_key: self.client_key.clone(),
        };
        if tls.root_certificate.is_none()
            && !system_authorities
            && matches!(mode, TlsMode::VerifyCa | TlsMode::VerifyFull)
        {
            tls.root_certificate = standard("root.crt");
        }
        if mode != TlsMode::Disable {
            match (&tls.client_certificate, &tls.client_key) {
                (Some(_), None) => tls.client_key = standard("postgresql.key"),
                (None, Some(_)) => tls.client_certificate = standard("postgresql.crt"),
                (None, None) => {
                    if let (Some(certificate), Some(key)) = (standard("postgresql.crt"), standard("postgresql.key")) {
                        tls.client_certificate = Some(certificate);
                        tls.client_key = Some(key);
                    }
                }
                _ => {}
            }
        }
        Ok(tls)
    }
}

fn one_host(setting: &str, host: String) -> Result<String> {
    if host.contains(',') {
        return Err(invalid(setting, "several hosts are given; name the one to administer"));
    }
    Ok(host)
}

fn read_port(setting: &str, text: &str) -> Result<u16> {
    if text.contains(',') {
        return Err(invalid(setting, "several ports are given; name one"));
    }
    text.trim().parse().ok().filter(|p| *p > 0).ok_or_else(|| invalid(setting, "it is not between 1 and 65535"))
}

fn read_mode(setting: &str, text: &str) -> Result<TlsMode> {
    Ok(match text {
        "disable" => TlsMode::Disable,
        // `allow` asks for TLS only when clear text is refused; asking first is never worse.
        "allow" | "prefer" => TlsMode::Prefer,
        "require" => TlsMode::Require,
        "verify-ca" => TlsMode::VerifyCa,
        "verify-full" => TlsMode::VerifyFull,
        _ => return Err(invalid(setting, "it is one of disable, prefer, require, verify-ca, verify-full")),
    })
}
