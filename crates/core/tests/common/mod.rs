//! A private PostgreSQL for one test program, and a database of its own for each test.

use cadastre_core::connection::{Database, Profile, Purpose, Session};
use cadastre_core::sql::Statement;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

struct Server {
    socket: PathBuf,
}

/// Starts the server once. A watcher stops it and removes its files when this process ends, however it ends.
fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let bin = programs();
        let folder = tempfile::Builder::new().prefix("cadastre-test-").tempdir().unwrap().keep();
        let script = r#"
            set -e
            "$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N >/dev/null
            "$1/pg_ctl" -D "$2/data" -w -l "$2/log" -s \
                -o "-c listen_addresses='' -c unix_socket_directories='$2' -c fsync=off" start
        "#;
        let started = as_server_account(&folder).arg(script).arg("sh").arg(&bin).arg(&folder).status().unwrap();
        assert!(started.success(), "the test server did not start: {}", folder.display());
        let watch = r#"cat >/dev/null; "$1/pg_ctl" -D "$2/data" -m immediate -s stop; rm -rf "$2""#;
        let watcher =
            as_server_account(&folder).arg(watch).arg("sh").arg(&bin).arg(&folder).stdin(Stdio::piped()).spawn();
        // Its standard input closes with this process.
        std::mem::forget(watcher.unwrap());
        Server { socket: folder }
    })
}

fn programs() -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL's server programs are needed: apt install postgresql")
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop().expect("PostgreSQL's server programs are needed: apt install postgresql")
}

/// `sh -c` as somebody who may run PostgreSQL, which refuses root.
fn as_server_account(folder: &Path) -> Command {
    let root = Command::new("id").arg("-u").output().unwrap().stdout.starts_with(b"0\n");
    if root {
        let owned = Command::new("chown").arg("postgres:").arg(folder).status().unwrap();
        assert!(owned.success());
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh", "-c"]);
        command
    } else {
        let mut command = Command::new("sh");
        command.arg("-c");
        command
    }
}

/// An empty database of its own, and a session in it.
pub async fn database() -> (Database, Session) {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let server = server();
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut maker = connect(server, "postgres").await.session(Purpose::Create).await.unwrap();
    maker.execute(Statement::script(format!("create database {name}"))).await.unwrap();
    maker.close().await;
    let database = connect(server, &name).await;
    let session = database.session(Purpose::Create).await.unwrap();
    (database, session)
}

/// The same database through another role.
pub async fn database_as(database: &Database, user: &str) -> Database {
    Database::connect(Profile { user: user.into(), ..database.profile().clone() }, None).await.unwrap()
}

async fn connect(server: &Server, name: &str) -> Database {
    let host = server.socket.display().to_string();
    Database::connect(Profile { host, database: name.into(), ..Profile::default() }, None).await.unwrap()
}

/// Runs a script.
pub async fn run(session: &mut Session, script: &str) {
    session.execute(Statement::script(script)).await.unwrap();
}
