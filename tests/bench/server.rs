//! The private server, and psql as the measure of what the server can do.

use crate::clock::seconds;
use cadastre_core::demo::Cluster;
use cadastre_tests::process::installed;
use cadastre_tests::{Call, Cli, TestDatabase};
use std::path::Path;
use std::process::Stdio;
use tokio::process::Command;

/// A server that is made quickly, and keeps what it has confirmed when that is measured. Its own cleaning up waits until
/// it is told to, so that it falls on neither side of a comparison.
pub struct Server {
    cluster: Cluster,
}

impl Server {
    pub async fn start() -> Self {
        let builder = Cluster::builder().setting("autovacuum", "off").setting("max_wal_size", "8GB");
        Self { cluster: builder.start().await.expect("an installed PostgreSQL server: apt install postgresql") }
    }

    pub async fn database(&self) -> Base {
        let database = TestDatabase::on(&self.cluster).await.expect("a database");
        let cli = Cli::on(&database.url());
        Base { database, cli }
    }
}

/// A database with both ways to it.
pub struct Base {
    database: TestDatabase,
    pub cli: Cli,
}

impl Base {
    pub fn url(&self) -> String {
        self.database.url()
    }

    /// Runs the command line, which must succeed.
    pub async fn cadastre(&self, arguments: &[&str]) -> Call {
        let call = self.cli.run(arguments).await;
        assert_eq!(call.code, 0, "{call}");
        call
    }

    /// Seconds that a call of the command line takes.
    pub async fn cadastre_seconds(&self, arguments: &[&str]) -> f64 {
        self.cadastre(arguments).await.took.as_secs_f64()
    }

    /// Seconds that psql takes with these arguments; its output is thrown away.
    pub async fn psql_seconds(&self, arguments: &[&str]) -> f64 {
        let profile = self.database.profile();
        let mut psql = Command::new(installed("psql", "postgresql-client"));
        psql.args(["-X", "-v", "ON_ERROR_STOP=1"]).args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
        psql.env("PGHOST", profile.host).env("PGPORT", profile.port.to_string()).env("PGUSER", profile.user);
        psql.env("PGDATABASE", profile.database).env("PGOPTIONS", "-c client_min_messages=warning");
        seconds(async {
            let status = psql.status().await.expect("psql starts");
            assert!(status.success(), "psql {arguments:?} ended with {status}");
        })
        .await
    }

    /// Runs a script of psql's.
    pub async fn script(&self, text: &str) {
        let file = self.cli.write("script.sql", text);
        self.psql_seconds(&["-q", "-f", &file]).await;
    }

    /// Whether a commit waits for the disk, as it does on every real server. Thousands of new files would wait too, for
    /// minutes, in which nothing is measured.
    pub async fn durable(&self, durable: bool) {
        let set = format!("alter system set fsync = {durable};\nselect pg_reload_conf() \\gset\n");
        self.script(&set).await;
        let shown = if durable { "on" } else { "off" };
        while self.value("select current_setting('fsync')").await != shown {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    pub async fn values(&self, query: &str) -> Vec<String> {
        self.database.column(query).await
    }

    pub async fn value(&self, query: &str) -> String {
        self.database.value(query).await
    }

    /// A folder that both the command line and the window can read.
    pub fn folder(&self, name: &str) -> String {
        let folder = self.cli.path(name);
        std::fs::create_dir_all(Path::new(&folder)).expect("a folder");
        folder
    }
}
