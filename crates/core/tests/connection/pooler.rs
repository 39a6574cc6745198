//! A real PgBouncer in between.

use crate::server::value;
use cadastre_core::ErrorKind;
use cadastre_core::connection::{Database, Layer, Profile, Purpose, test};
use cadastre_core::demo::Cluster;
use cadastre_core::health::doctor::{self, DoctorCheck, Level};
use cadastre_core::sql::Statement;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A PgBouncer in front of a server; it ends with the test.
struct Pooler {
    process: Child,
    port: u16,
}

impl Pooler {
    fn start(cluster: &Cluster, mode: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = cluster.folder();
        let file = folder.join(format!("pgbouncer-{mode}.ini"));
        let text = format!(
            "[databases]\n* = host={} port={} user=postgres\n[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port={port}\n\
             unix_socket_dir=\nauth_type=any\npool_mode={mode}\n",
            folder.display(),
            cluster.port()
        );
        std::fs::write(&file, text).unwrap();
        let owner = std::fs::metadata(cluster.data_folder()).unwrap();
        std::os::unix::fs::chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
        // Debian puts it where only root looks.
        let path = format!("{}:/usr/sbin:/usr/local/sbin", std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("pgbouncer");
        command.arg(&file).env("PATH", path).current_dir(folder).stderr(Stdio::null()).stdout(Stdio::null());
        if owner.uid() != std::fs::metadata("/proc/self").unwrap().uid() {
            command.uid(owner.uid()).gid(owner.gid());
        }
        let process = command.spawn().expect("these tests need the pgbouncer program");
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "pgbouncer does not answer");
        }
        Self { process, port }
    }

    fn profile(&self, cluster: &Cluster) -> Profile {
        Profile { host: "127.0.0.1".into(), port: self.port, ..cluster.profile("postgres") }
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn a_pooler_that_shares_sessions_is_refused_before_anything_is_set_in_them() {
    let cluster = Cluster::builder().start().await.unwrap();
    for mode in ["transaction", "statement"] {
        let pooler = Pooler::start(&cluster, mode);
        // Twice: the second time, server processes are waiting in the pool.
        for _ in 0..2 {
            for read_only in [false, true] {
                let profile = Profile { read_only, ..pooler.profile(&cluster) };
                let error = Database::connect(profile.clone(), None).await.unwrap_err();
                assert!(matches!(error.kind(), ErrorKind::PoolerSharesSessions { .. }), "{mode}: {error:?}");
                // The doctor makes a finding of it, the one that it can have.
                let found = doctor::refused(&error).unwrap().findings;
                assert_eq!((found.len(), found[0].check, found[0].level), (1, DoctorCheck::Pooler, Level::Error));
                let report = test(profile, None).await;
                assert_eq!(report.steps.last().unwrap().layer, Layer::Database);
            }
        }
    }
    // Whoever uses the pool next finds the server's own settings.
    let pooler = Pooler::start(&cluster, "transaction");
    Database::connect(pooler.profile(&cluster), None).await.unwrap_err();
    let direct = cluster.connect("postgres").await.unwrap();
    let query =
        "select count(*)::text from pg_stat_activity where query ~* 'set_config|^set ' and pid <> pg_backend_pid()";
    assert_eq!(value(&direct, query).await, "0");
    assert_eq!(direct.server().pooler, None);
}

#[tokio::test]
async fn a_pooler_that_keeps_sessions_is_shown_and_a_read_only_profile_holds_through_it() {
    let cluster = Cluster::builder().start().await.unwrap();
    let pooler = Pooler::start(&cluster, "session");
    for _ in 0..2 {
        let database = Database::connect(pooler.profile(&cluster), None).await.unwrap();
        assert_eq!(database.server().pooler.as_deref(), Some("session pooling"));
        assert_eq!(value(&database, "show search_path").await, "pg_catalog, pg_temp");
        assert_eq!(value(&database, "show timezone").await, "UTC");
    }
    let support = Profile { read_only: true, ..pooler.profile(&cluster) };
    let support = Database::connect(support, None).await.unwrap();
    assert!(support.server().read_only);
    let mut session = support.session(Purpose::Export).await.unwrap();
    let error = session.execute(Statement::script("create table public.proof ()")).await.unwrap_err();
    assert_eq!(error.sqlstate(), Some("25006"));
    session.close().await;
    drop(support);
    // The next one in this pool may write again.
    let database = Database::connect(pooler.profile(&cluster), None).await.unwrap();
    assert!(!database.server().read_only);
}
