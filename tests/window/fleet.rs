//! A small fleet behind on its migrations, on a server that wants a password.

use cadastre_core::connection::{Database, Profile, Purpose};
use cadastre_core::demo::Cluster;
use cadastre_core::sql::Statement;
use cadastre_tests::canary::Canary;
use cadastre_tests::{Cli, TestDatabase};
use secrecy::SecretString;
use std::path::Path;

pub struct Fleet {
    pub cluster: Cluster,
    pub database: TestDatabase,
    pub password: Canary,
}

/// The last version that the tenants have; two more wait.
pub const BEFORE: &str = "20250908083000";
/// The same as the window shows it.
pub const BEFORE_DAY: &str = "2025-09-08";
pub const NEWEST: &str = "20251117080000";

impl Fleet {
    /// Makes it: three tenants, two migrations behind.
    pub async fn new() -> Self {
        let fleet = Self::empty().await;
        let cli = fleet.cli();
        let older = older_template(&cli);
        fleet.create(&cli, &["Agence Bretagne", "Bureau Lyon", "Cabinet Nord"], &older).await;
        fleet
    }

    /// A server with a role that may create tenants, and none yet.
    pub async fn empty() -> Self {
        let cluster = Cluster::builder().tcp(true).start().await.expect("tests need an installed PostgreSQL server");
        let database = TestDatabase::on(&cluster).await.expect("a database");
        let password = Canary::new();
        let name = database.name();
        database
            .execute(&format!(
                "create role registrar login password {}; grant create on database {name} to registrar",
                password.sql_literal()
            ))
            .await;
        Self { cluster, database, password }
    }

    /// Makes tenants from a folder of migrations.
    pub async fn create(&self, cli: &Cli, tenants: &[&str], template: &str) {
        let made = cli.json(&[&["tenant", "create"], tenants, &["--template", template]].concat()).await;
        assert_eq!(made["done"], tenants.len(), "{made}");
    }

    /// The command line as the same role.
    pub fn cli(&self) -> Cli {
        let url = format!("postgres://registrar@127.0.0.1:{}/{}", self.cluster.port(), self.database.name());
        Cli::on(&url).env("PGPASSWORD", &self.password.text())
    }

    /// Holds a table of one tenant until the answer is dropped or told to let go.
    pub async fn hold(&self, table: &str) -> Held {
        let mut session = self.database.database.session(Purpose::Create).await.expect("a session");
        let lock = Statement::script(format!("begin; lock table {table} in access exclusive mode"));
        session.execute(lock).await.expect("the lock");
        Held { session }
    }

    /// The same by the role that the window connects as, which may therefore see and end it.
    pub async fn hold_as_registrar(&self, table: &str) -> Held {
        let profile = Profile {
            host: "127.0.0.1".into(),
            port: self.cluster.port(),
            user: "registrar".into(),
            ..self.database.profile()
        };
        let password = SecretString::from(self.password.text());
        let database = Database::connect(profile, Some(password)).await.expect("a connection");
        let mut session = database.session(Purpose::Create).await.expect("a session");
        let lock = Statement::script(format!("begin; lock table {table} in access exclusive mode"));
        session.execute(lock).await.expect("the lock");
        Held { session }
    }

    /// Newest version and number of migrations of a tenant.
    pub async fn version(&self, schema: &str) -> String {
        let query = format!("select max(version) || ' ' || count(*) from {schema}._sqlx_migrations where success");
        self.database.value(&query).await
    }
}

/// A lock that somebody else has.
pub struct Held {
    session: cadastre_core::connection::Session,
}

impl Held {
    /// The server process that holds it.
    pub fn pid(&self) -> i32 {
        self.session.backend()
    }

    pub async fn let_go(mut self) {
        self.session.execute("rollback").await.expect("the end of the lock");
        self.session.close().await;
    }
}

/// The shipped template as it was two migrations ago.
fn older_template(cli: &Cli) -> String {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/templates/talentmatch");
    for entry in std::fs::read_dir(shipped).expect("the shipped template") {
        let path = entry.expect("the shipped template").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        if name.as_str() < BEFORE || name.starts_with(BEFORE) {
            cli.write(&format!("older/{name}"), &std::fs::read_to_string(&path).expect("a file"));
        }
    }
    cli.path("older")
}
