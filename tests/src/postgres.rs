//! One private server per test process, one database per test.

use cadastre_core::Result;
use cadastre_core::connection::{Database, Profile, Purpose};
use cadastre_core::demo::Cluster;
use cadastre_core::sql::Statement;
use std::path::PathBuf;
use tokio::sync::OnceCell;

static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();

/// The server of this process, started by whoever asks first. It ends with the process.
///
/// # Panics
/// Without a PostgreSQL server on this computer: a test that cannot run fails.
pub async fn cluster() -> &'static Cluster {
    let start = || Cluster::builder().setting("max_connections", "200").start();
    CLUSTER.get_or_try_init(start).await.expect("tests need an installed PostgreSQL server: apt install postgresql")
}

/// A server of another version, whose programs `cargo xtask test` has fetched.
///
/// # Panics
/// When the variable `CADASTRE_TEST_PG_<major>` does not name their folder, or the server does not start.
pub async fn cluster_of_version(major: u32) -> Cluster {
    let variable = format!("CADASTRE_TEST_PG_{major}");
    let Some(folder) = std::env::var_os(&variable) else {
        panic!("{variable} names no folder with PostgreSQL {major}'s programs: run this through `cargo xtask test`")
    };
    let cluster = Cluster::builder().bin(PathBuf::from(folder)).start().await;
    cluster.unwrap_or_else(|error| panic!("PostgreSQL {major} starts: {error:?}"))
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

    /// The same as a URL.
    pub fn url(&self) -> String {
        self.url_as("postgres")
    }

    /// A URL for another role.
    pub fn url_as(&self, user: &str) -> String {
        url(&Profile { user: user.into(), ..self.profile() })
    }

    /// Runs a script as superuser.
    ///
    /// # Panics
    /// When the server refuses it.
    pub async fn execute(&self, script: &str) {
        let mut session = self.database.session(Purpose::Create).await.expect("a session");
        session.execute(Statement::script(script)).await.unwrap_or_else(|error| panic!("{script}: {error:?}"));
        session.close().await;
    }

    /// The first column of a query, as text; NULL is empty.
    ///
    /// # Panics
    /// When the server refuses it.
    pub async fn column(&self, query: &str) -> Vec<String> {
        let mut session = self.database.session(Purpose::Catalog).await.expect("a session");
        let rows = session.rows(Statement::script(query)).await.unwrap_or_else(|error| panic!("{query}: {error:?}"));
        session.close().await;
        let text = |row: &sqlx::postgres::PgRow| {
            sqlx::Row::try_get_raw(row, 0).ok().and_then(|value| value.as_str().ok().map(str::to_owned))
        };
        rows.iter().map(|row| text(row).unwrap_or_default()).collect()
    }

    /// The first value of a query, as text.
    ///
    /// # Panics
    /// When there is none.
    pub async fn value(&self, query: &str) -> String {
        self.column(query).await.into_iter().next().unwrap_or_else(|| panic!("{query}: no row"))
    }

    /// Every schema, relation and column with its number, every comment, and every row of every migration history:
    /// what must be the same before and after something that was refused.
    pub async fn state(&self) -> Vec<String> {
        self.column(include_str!("state.sql")).await
    }

    /// Waits until a query says `t`.
    ///
    /// # Panics
    /// After 60 s.
    pub async fn wait_until(&self, query: &str) {
        let patience = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while self.value(query).await != "t" {
            assert!(std::time::Instant::now() < patience, "this never became true: {query}");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
}

/// A connection as a URL, without a password.
pub fn url(profile: &Profile) -> String {
    format!(
        "postgres://{}@{}:{}/{}",
        encode(&profile.user),
        encode(&profile.host),
        profile.port,
        encode(&profile.database)
    )
}

fn encode(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
