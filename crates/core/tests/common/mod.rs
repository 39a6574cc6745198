//! One private server for a test program, and a database of its own for each test.

use cadastre_core::connection::{Database, Profile, Purpose, Session};
use cadastre_core::demo::Cluster;
use cadastre_core::sql::Statement;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::OnceCell;

/// The server of this process, started by whoever asks first. Its watchdog ends it with the process.
pub async fn cluster() -> &'static Cluster {
    static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();
    let start = || Cluster::builder().start();
    CLUSTER.get_or_try_init(start).await.expect("tests need an installed PostgreSQL server")
}

/// An empty database, and a session in it.
pub async fn database() -> (Database, Session) {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let cluster = cluster().await;
    cluster.create_database(&name).await.unwrap();
    let database = cluster.connect(&name).await.unwrap();
    let session = database.session(Purpose::Create).await.unwrap();
    (database, session)
}

/// The same database through another role.
pub async fn database_as(database: &Database, user: &str) -> Database {
    Database::connect(Profile { user: user.into(), ..database.profile().clone() }, None).await.unwrap()
}

/// Runs a script.
pub async fn run(session: &mut Session, script: &str) {
    session.execute(Statement::script(script)).await.unwrap();
}
