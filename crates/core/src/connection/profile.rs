//! A saved connection, without its password.

use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// Where a database is and how to reach it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Profile {
    /// Identifies the profile and its keyring entry; stays when the profile is renamed.
    pub id: Uuid,
    /// Unique among the profiles of this computer.
    pub name: String,
    /// Host name, address, or the folder of a Unix socket.
    pub host: String,
    /// TCP port, or the number in the socket's name.
    pub port: u16,
    /// The database to administer.
    pub database: String,
    /// The role to connect as.
    pub user: String,
    /// How the connection is protected.
    pub tls: Tls,
    /// Server settings sent at the start of each session, for example `search_path`, as name and value.
    pub options: Vec<(String, String)>,
    /// Every session is read-only on the server, and core refuses writing operations before it sends anything.
    pub read_only: bool,
    /// What kind of data is behind it; production is shown loudly.
    pub environment: Environment,
    /// The frame's colour as `#rrggbb`; `None` takes the environment's.
    pub colour: Option<String>,
    /// Seconds until a connection attempt is given up.
    pub connect_timeout: u16,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            id: Uuid::new_v4(),
            name: String::new(),
            host: "localhost".into(),
            port: 5432,
            database: "postgres".into(),
            user: "postgres".into(),
            tls: Tls::default(),
            options: Vec::new(),
            read_only: false,
            environment: Environment::Development,
            colour: None,
            connect_timeout: 10,
        }
    }
}

impl Profile {
    /// The folder of a Unix socket stands in the place of a host name.
    pub fn is_local_socket(&self) -> bool {
        self.host.starts_with('/')
    }

    /// How long a connection attempt may take as a whole; 0 in the profile means the default, 10 s.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(if self.connect_timeout == 0 { 10 } else { u64::from(self.connect_timeout) })
    }

    /// Refuses what cannot work, or would put a secret where it does not belong.
    ///
    /// # Errors
    /// [`ErrorKind::SettingInvalid`] naming the field, never its value.
    pub fn validate(&self) -> Result<()> {
        for (field, text) in [
            ("name", Some(&self.name)),
            ("host", Some(&self.host)),
            ("database", Some(&self.database)),
            ("user", Some(&self.user)),
            ("sslrootcert", self.tls.root_certificate.as_ref()),
            ("sslcert", self.tls.client_certificate.as_ref()),
            ("sslkey", self.tls.client_key.as_ref()),
        ] {
            let Some(text) = text else { continue };
            if text.contains('\0') {
                return Err(invalid(field, "it contains a NUL character"));
            }
            // Somebody pasted a URL where a name belongs; its password must not end up in a file or a message.
            if text.contains("://") {
                return Err(invalid(field, "it holds a URL; paste a URL where one is asked for"));
            }
            if text.contains("-----BEGIN") {
                return Err(invalid(field, "it holds a key or certificate; give the path of the file"));
            }
        }
        for (field, text) in [("host", &self.host), ("database", &self.database), ("user", &self.user)] {
            if text.is_empty() {
                return Err(invalid(field, "it is empty"));
            }
        }
        if !self.is_local_socket() && self.host.contains([',', '@', ' ', '/']) {
            return Err(invalid("host", "it is no host name, address or folder; several hosts are not supported"));
        }
        if self.port == 0 {
            return Err(invalid("port", "it is not between 1 and 65535"));
        }
        self.tls.validate()?;
        for (name, value) in &self.options {
            if !is_setting_name(name) || value.contains('\0') {
                return Err(invalid("options", "each is the name of a server setting and its value"));
            }
        }
        if let Some(colour) = &self.colour {
            let digits = colour.strip_prefix('#').unwrap_or_default();
            if digits.len() != 6 || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
                return Err(invalid("colour", "it is not of the form #rrggbb"));
            }
        }
        Ok(())
    }
}

impl Tls {
    fn validate(&self) -> Result<()> {
        match (&self.client_certificate, &self.client_key) {
            (Some(_), None) => return Err(invalid("sslkey", "a client certificate needs its key")),
            (None, Some(_)) => return Err(invalid("sslcert", "a client key needs its certificate")),
            _ => {}
        }
        if self.mode == TlsMode::VerifyCa && self.root_certificate.is_none() {
            let reason = "verify-ca needs it: without one, any public authority could vouch for any server";
            return Err(invalid("sslrootcert", reason));
        }
        Ok(())
    }
}

/// PostgreSQL's rule for names of settings, with the dot of an extension's own.
pub(super) fn is_setting_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$'))
}

fn invalid(setting: &str, reason: &str) -> Error {
    Error::new(ErrorKind::SettingInvalid { setting: setting.into(), reason: reason.into() })
}

/// TLS mode and files. Paths only: keys stay where they are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Tls {
    /// libpq's `sslmode`.
    pub mode: TlsMode,
    /// Certificates of the authorities to trust, PEM (`sslrootcert`).
    pub root_certificate: Option<String>,
    /// The client's certificate, PEM (`sslcert`).
    pub client_certificate: Option<String>,
    /// The client's unencrypted key, PEM (`sslkey`).
    pub client_key: Option<String>,
}

/// libpq's `sslmode` without `allow`, which protects nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum TlsMode {
    /// Never.
    Disable,
    /// If the server offers it; falls back to clear text silently.
    #[default]
    Prefer,
    /// Always, whoever the server is.
    Require,
    /// Always, and a trusted authority signed the certificate.
    VerifyCa,
    /// Always, and the certificate names this host.
    VerifyFull,
}

/// What kind of data a profile leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum Environment {
    /// Data that exists nowhere else.
    Production,
    /// A rehearsal stage.
    Staging,
    /// Anything that may be thrown away.
    #[default]
    Development,
}
