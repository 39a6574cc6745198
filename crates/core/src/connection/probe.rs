//! Testing a connection layer by layer, so that the one that fails can be named.

use super::database::read_server;
use super::failure;
use super::target::Target;
use super::{Profile, Purpose, ServerInfo, TlsMode};
use crate::error::WireError;
use crate::{Error, ErrorKind};
use secrecy::SecretString;
use serde::Serialize;
use std::net::SocketAddr;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a test of a connection found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TestReport {
    /// In the order tried; the last one is the one that failed, if any did.
    pub steps: Vec<TestStep>,
    /// Everything worked.
    pub ok: bool,
    /// What the server is, when it was reached.
    pub server: Option<ServerInfo>,
    /// What goes over the network is not encrypted: TLS is off in the profile, or the profile leaves it to the server, which does
    /// not offer it. `false` for a Unix socket, and for a server that was not asked because it was not reached.
    pub clear_text: bool,
}

/// One layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TestStep {
    /// What was tried.
    pub layer: Layer,
    /// Milliseconds.
    pub duration_ms: u32,
    /// For example the addresses found or the TLS version.
    pub detail: Option<String>,
    /// Why it failed.
    pub error: Option<WireError>,
}

/// The layers of a connection, outermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum Layer {
    /// The host name resolves.
    Name,
    /// The port accepts connections.
    Tcp,
    /// TLS as the profile wants it.
    Tls,
    /// User and password.
    Authentication,
    /// The database exists and may be connected to.
    Database,
    /// The role may read the catalogs.
    Permission,
}

/// Tries a connection layer by layer and stops at the one that fails. Name, port and the offer of TLS are tried by a connection
/// of its own; the certificate, the password and the rest by a real one.
pub async fn test(profile: Profile, password: Option<SecretString>) -> TestReport {
    let mut report = Report::default();
    let server = match run(&mut report, profile, password).await {
        Ok(server) => Some(server),
        Err((layer, error)) => {
            tracing::info!(?layer, code = error.kind().code(), "connection test failed");
            report.add(layer, None, Some(error.into()));
            None
        }
    };
    TestReport { ok: server.is_some(), steps: report.steps, server, clear_text: report.clear_text }
}

struct Report {
    steps: Vec<TestStep>,
    since: Instant,
    clear_text: bool,
}

impl Default for Report {
    fn default() -> Self {
        Self { steps: Vec::new(), since: Instant::now(), clear_text: false }
    }
}

impl Report {
    fn add(&mut self, layer: Layer, detail: Option<String>, error: Option<WireError>) {
        let duration_ms = u32::try_from(self.since.elapsed().as_millis()).unwrap_or(u32::MAX);
        self.since = Instant::now();
        self.steps.push(TestStep { layer, duration_ms, detail, error });
    }

    fn passed(&mut self, layer: Layer, detail: impl Into<String>) {
        self.add(layer, Some(detail.into()), None);
    }

    /// The layer of TLS where its version is not known: nothing but clear text can be told from what the server offered.
    fn passed_tls(&mut self) {
        let detail = if self.clear_text { "clear text: the server does not offer TLS" } else { "" };
        self.passed(Layer::Tls, detail);
    }
}

type Failed = (Layer, Error);

async fn run(report: &mut Report, profile: Profile, password: Option<SecretString>) -> Result<ServerInfo, Failed> {
    profile.validate().map_err(|e| (Layer::Name, e))?;
    let wants_tls = profile.tls.mode != TlsMode::Disable && !profile.is_local_socket();
    if !profile.is_local_socket() {
        report.clear_text = !reach(report, &profile, wants_tls).await?;
    }
    let target = Target::new(profile, password);
    let mut session = match target.session(Purpose::Catalog).await {
        Ok(session) => session,
        Err(error) => {
            let layer = layer_of(&error);
            before(report, &target.profile, layer, wants_tls);
            return Err((layer, error));
        }
    };
    let read = tokio::time::timeout(target.profile.timeout(), read_server(&target, &mut session)).await;
    let read = read.unwrap_or_else(|_| Err(failure::timed_out(&target.profile)));
    session.close().await;
    let tls = read.as_ref().ok().and_then(|server| server.tls.clone());
    match (wants_tls, tls) {
        (true, Some(version)) => report.passed(Layer::Tls, version),
        (true, None) if read.is_ok() => report.passed_tls(),
        _ => {}
    }
    before(report, &target.profile, Layer::Permission, false);
    let server = read.map_err(|error| match error.kind() {
        ErrorKind::ServerTooOld { .. } => (Layer::Database, error),
        _ => (Layer::Permission, error),
    })?;
    report.passed(Layer::Permission, format!("PostgreSQL {}", server.version));
    Ok(server)
}

/// Adds the layers that a real connection has passed before it failed in this one.
fn before(report: &mut Report, profile: &Profile, layer: Layer, wants_tls: bool) {
    if profile.is_local_socket() && layer > Layer::Tcp {
        report.passed(Layer::Tcp, format!("{}/.s.PGSQL.{}", profile.host, profile.port));
    }
    if wants_tls && layer > Layer::Tls {
        report.passed_tls();
    }
    if layer > Layer::Authentication {
        report.passed(Layer::Authentication, &profile.user);
    }
    if layer > Layer::Database {
        report.passed(Layer::Database, &profile.database);
    }
}

/// Name, port, and whether the connection will be encrypted: TLS is wanted and offered.
async fn reach(report: &mut Report, profile: &Profile, wants_tls: bool) -> Result<bool, Failed> {
    let timed_out = |layer| move |_| (layer, failure::timed_out(profile));
    let place = (profile.host.as_str(), profile.port);
    let found = tokio::time::timeout(profile.timeout(), tokio::net::lookup_host(place)).await;
    let addresses: Vec<SocketAddr> = match found.map_err(timed_out(Layer::Name))? {
        Ok(addresses) => addresses.collect(),
        Err(error) => {
            let kind = ErrorKind::NameNotResolved { host: profile.host.clone() };
            return Err((Layer::Name, Error::new(kind).source(error)));
        }
    };
    let shown: Vec<String> = addresses.iter().map(|a| a.ip().to_string()).collect();
    report.passed(Layer::Name, shown.join(", "));

    let connected = tokio::time::timeout(profile.timeout(), TcpStream::connect(&*addresses)).await;
    let mut stream = match connected.map_err(timed_out(Layer::Tcp))? {
        Ok(stream) => stream,
        Err(error) => return Err((Layer::Tcp, failure::explain(error.into(), profile, false).await)),
    };
    let peer = stream.peer_addr().map(|a| a.to_string()).unwrap_or_default();
    report.passed(Layer::Tcp, peer);

    if !wants_tls {
        return Ok(false);
    }
    let offered = tokio::time::timeout(profile.timeout(), offers_tls(&mut stream)).await;
    match offered.map_err(timed_out(Layer::Tls))? {
        Ok(false) if profile.tls.mode != TlsMode::Prefer => {
            Err((Layer::Tls, ErrorKind::TlsUnavailable { host: profile.host.clone() }.into()))
        }
        // What answers strangely is told by the real connection, which sees more of it.
        Ok(offered) => Ok(offered),
        Err(_) => Ok(true),
    }
}

/// `SSLRequest`: the server answers `S` or `N` with one byte.
async fn offers_tls(stream: &mut TcpStream) -> std::io::Result<bool> {
    const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
    stream.write_all(&SSL_REQUEST).await?;
    Ok(stream.read_u8().await? != b'N')
}

fn layer_of(error: &Error) -> Layer {
    match error.kind() {
        ErrorKind::NameNotResolved { .. } => Layer::Name,
        ErrorKind::ConnectionRefused { .. } | ErrorKind::ConnectionTimeout { .. } | ErrorKind::ConnectionLost => {
            Layer::Tcp
        }
        ErrorKind::TlsUnavailable { .. } | ErrorKind::TlsCertificate { .. } | ErrorKind::TlsFile { .. } => Layer::Tls,
        ErrorKind::DatabaseMissing { .. } | ErrorKind::PoolerSharesSessions { .. } => Layer::Database,
        // pg_hba.conf has no line for this role, or one that refuses it: no password was looked at.
        ErrorKind::ConnectNotAllowed { .. } if error.sqlstate() == Some("28000") => Layer::Authentication,
        ErrorKind::ConnectNotAllowed { .. } => Layer::Database,
        // The profile's options, which the server reads when it has let the role in.
        ErrorKind::SettingInvalid { setting, .. } if setting == "options" => Layer::Permission,
        // A server without room, or one that starts, does not say whether it would have taken the password.
        _ => Layer::Authentication,
    }
}
