//! A saved connection, without its password.

use serde::{Deserialize, Serialize};
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
