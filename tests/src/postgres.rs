//! One private server per test process, one database per test.

use cadastre_core::Result;
use cadastre_core::connection::{Database, Profile};
use cadastre_core::demo::Cluster;
use tokio::sync::OnceCell;

static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();

/// The server of this process, started by whoever asks first. It ends with the process.
///
/// # Panics
/// Without a PostgreSQL server on this computer: a test that cannot run fails.
pub async fn cluster() -> &'static Cluster {
    let start = || Cluster::builder().setting("max_connections", "200").start();
    CLUSTER.get_or_try_init(start).await.expect("tests need an installed PostgreSQL server")
}

/// An empty database for one test.
pub struct TestDatabase {
    /// A connection as superuser.
    pub database: Database,
    name: String,
}

impl TestDatabase {
    /// Makes it on the shared server.
    ///
    /// # Panics
    /// When that does not work.
    pub async fn new() -> Self {
        Self::on(cluster().await).await.expect("a database for the test")
    }

    /// Makes it on a server of the caller's.
    pub async fn on(cluster: &Cluster) -> Result<Self> {
        let name = format!("test_{}", uuid::Uuid::new_v4().simple());
        cluster.create_database(&name).await?;
        Ok(Self { database: cluster.connect(&name).await?, name })
    }

    /// Its name on the server.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How to reach it as superuser, through the server's socket, without a password.
    pub fn profile(&self) -> Profile {
        self.database.profile().clone()
    }

    /// Runs a script as superuser.
    ///
    /// # Panics
    /// When the server refuses it.
    pub async fn execute(&self, script: &str) {
        let session = self.database.session(cadastre_core::connection::Purpose::Create).await;
        let mut session = session.expect("a session");
        session.execute(cadastre_core::sql::Statement::script(script)).await.expect("the script runs");
        session.close().await;
    }
}
