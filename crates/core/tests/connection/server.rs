//! A private server with TLS, passwords and refusals of every kind.

use crate::certificates::Certificates;
use cadastre_core::connection::{Database, Profile, Purpose, Tls, TlsMode};
use cadastre_core::demo::Cluster;
use cadastre_core::sql::Statement;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use tokio::sync::OnceCell;

/// Appears in no error, no log and no debug output.
pub const PASSWORD: &str = "c4nary-S3cret%2F€";

const RULES: &str = "
local   all  all                       trust
hostssl all  certified  127.0.0.1/32   cert
hostssl all  encrypted  127.0.0.1/32   scram-sha-256
host    all  barred     127.0.0.1/32   reject
host    all  plain      127.0.0.1/32   password
host    all  older      127.0.0.1/32   md5
host    all  strange    127.0.0.1/32   ident
host    all  free       127.0.0.1/32   trust
host    all  postgres,app,nobody,asleep,late,limited,encrypted  127.0.0.1/32  scram-sha-256
";

const ROLES: &str = "
set password_encryption = 'scram-sha-256';
create role app login password '{p}';
create role asleep nologin password '{p}';
create role late login password '{p}' valid until '2020-01-01';
create role limited login password '{p}' connection limit 0;
create role encrypted login password '{p}';
create role certified login;
create role barred login password '{p}';
create role plain login password '{p}';
create role strange login;
create role free login;
set password_encryption = 'md5';
create role older login password '{p}';
";

pub struct Server {
    pub cluster: Cluster,
    pub certificates: Certificates,
}

static SHARED: OnceCell<Server> = OnceCell::const_new();

impl Server {
    /// The server of this process.
    pub async fn shared() -> &'static Self {
        SHARED.get_or_init(Self::start).await
    }

    pub async fn start() -> Self {
        let cluster = Cluster::builder().tcp(true).start().await.expect("tests need an installed PostgreSQL server");
        let certificates = Certificates::new(cluster.folder());
        certificates.signed(
            "server",
            "ca",
            "localhost",
            "DNS:localhost,IP:127.0.0.1",
            "20200101000000Z",
            "20491231000000Z",
        );
        let server = Self { cluster, certificates };
        server.use_certificate("server").await;
        server.execute("postgres", &ROLES.replace("{p}", PASSWORD)).await;
        for database in ["lycees", "closed", "sealed"] {
            server.cluster.create_database(database).await.unwrap();
        }
        server.execute("postgres", "revoke connect on database closed from public").await;
        server.execute("postgres", "alter database sealed allow_connections false").await;
        std::fs::write(server.cluster.data_folder().join("pg_hba.conf"), RULES).unwrap();
        server.reload().await;
        server
    }

    /// Has the server use `<name>.crt` from now on, and `ca.crt` for its clients.
    pub async fn use_certificate(&self, name: &str) {
        let file = |file: &str| self.certificates.path(file);
        let owner = std::fs::metadata(self.cluster.data_folder()).unwrap();
        for entry in std::fs::read_dir(self.cluster.folder()).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "key" || e == "crt") {
                std::os::unix::fs::chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
                std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
            }
        }
        for (setting, value) in [
            ("ssl_ca_file", file("ca.crt")),
            ("ssl_cert_file", file(&format!("{name}.crt"))),
            ("ssl_key_file", file(&format!("{name}.key"))),
            ("ssl", "on".to_owned()),
        ] {
            self.execute("postgres", &format!("alter system set {setting} = '{value}'")).await;
        }
        self.reload().await;
        let expected = file(&format!("{name}.crt"));
        // A new session shows what the main process has, which reads its files at the same moment.
        while self.value("show ssl_cert_file").await != expected {}
    }

    async fn reload(&self) {
        let before = self.value("select pg_catalog.pg_conf_load_time()::text").await;
        self.execute("postgres", "select pg_catalog.pg_reload_conf()").await;
        while self.value("select pg_catalog.pg_conf_load_time()::text").await == before {}
    }

    /// Through the socket, as superuser.
    pub fn administrator(&self, database: &str) -> Profile {
        let host = self.cluster.folder().display().to_string();
        Profile { host, database: database.into(), ..self.cluster.profile(database) }
    }

    /// On TCP, with TLS as libpq would by default.
    pub fn profile(&self, user: &str) -> Profile {
        Profile { user: user.into(), tls: Tls::default(), ..self.cluster.profile("lycees") }
    }

    /// On TCP, with this TLS mode and, where the mode checks it, the authority of the tests.
    pub fn tls(&self, user: &str, mode: TlsMode) -> Profile {
        let checks = matches!(mode, TlsMode::VerifyCa | TlsMode::VerifyFull);
        let root_certificate = checks.then(|| self.certificates.path("ca.crt"));
        Profile { tls: Tls { mode, root_certificate, ..Tls::default() }, ..self.profile(user) }
    }

    pub async fn execute(&self, database: &str, script: &str) {
        let database = Database::connect(self.administrator(database), None).await.unwrap();
        let mut session = database.session(Purpose::Create).await.unwrap();
        for statement in script.split(';').filter(|s| !s.trim().is_empty()) {
            session.execute(Statement::script(statement)).await.unwrap();
        }
        session.close().await;
    }

    pub async fn value(&self, query: &str) -> String {
        let database = Database::connect(self.administrator("postgres"), None).await.unwrap();
        value(&database, query).await
    }
}

/// The first value of the first row, as text.
pub async fn value(database: &Database, query: &str) -> String {
    let mut session = database.session(Purpose::Catalog).await.unwrap();
    let rows = session.rows(Statement::script(query)).await.unwrap();
    let text = sqlx::Row::try_get_raw(&rows[0], 0).unwrap().as_str().unwrap_or_default().to_owned();
    session.close().await;
    text
}

/// Fails where the canary is in any form in which an error may reach a person or a file.
pub fn assert_no_secret(what: &str, error: &cadastre_core::Error) {
    let wire = serde_json::to_string(&cadastre_core::error::WireError::from(error)).unwrap();
    let text = format!("{error} {error:?} {error:#?} {:?} {:?} {wire}", error.causes(), error.hint_text());
    assert!(!text.contains("c4nary") && !text.contains("S3cret"), "{what}: {text}");
}

/// Makes a file readable for everybody, or for its owner only.
pub fn set_mode(file: &Path, mode: u32) {
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
}
