//! A server whose disk fills up while it restores or clones a tenant.

use crate::targets::file_system;
use cadastre_core::demo::Cluster;
use cadastre_tests::{Cli, TestDatabase};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// Size of the file system of the server's table space.
const SIZE: &str = "size=12m";

/// `pg_ctl` that gives the server, and nobody else, a small file system on a folder.
const PG_CTL: &str = r#"#!/bin/sh
case " $* " in
*" start "*)
    exec unshare --user --map-current-user --keep-caps --mount --propagation private \
        sh -c 'mount -t tmpfs -o SIZE x "FOLDER" && chmod 700 "FOLDER" && exec "$0" "$@"' "PROGRAM" "$@" ;;
*) exec "PROGRAM" "$@" ;;
esac
"#;

/// The folder of the newest server's programs that are installed.
fn programs() -> PathBuf {
    let folder = std::process::Command::new("pg_config").arg("--bindir").output();
    let folder = folder.expect("pg_config runs: apt install libpq-dev");
    PathBuf::from(String::from_utf8(folder.stdout).expect("a path").trim())
}

/// A server with the table space `small`.
pub async fn server(folder: &Path) -> Cluster {
    // The same means, and the same words where the kernel does not permit them.
    file_system("/mnt", SIZE);
    let (programs, bin, small) = (programs(), folder.join("bin"), folder.join("small"));
    for made in [&bin, &small] {
        std::fs::create_dir(made).expect("a folder");
    }
    for program in std::fs::read_dir(&programs).expect("the server's programs").flatten() {
        symlink(program.path(), bin.join(program.file_name())).expect("a link");
    }
    // Where `postgres` is a link, the folder that it leads to is taken.
    for (name, script) in [("pg_ctl", PG_CTL), ("postgres", "#!/bin/sh\nexec PROGRAM \"$@\"\n")] {
        let program = programs.join(name);
        let script = script
            .replace("SIZE", SIZE)
            .replace("FOLDER", small.to_str().expect("a path"))
            .replace("PROGRAM", program.to_str().expect("a path"));
        std::fs::remove_file(bin.join(name)).expect("a link");
        std::fs::write(bin.join(name), script).expect("a script");
    }
    // The server runs as another account where this is root.
    for path in [folder, &bin, &bin.join("pg_ctl"), &bin.join("postgres"), &small] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o777)).expect("permissions");
    }
    Cluster::builder().bin(bin).start().await.expect("the server starts")
}

#[tokio::test]
async fn a_full_disk_of_the_server_leaves_no_half_tenant_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let cluster = server(folder.path()).await;
    let database = TestDatabase::on(&cluster).await.expect("a database");
    let cli = Cli::on(&database.url());
    database
        .execute(
            "create schema origin; create table origin.item (id int primary key, note text);
             insert into origin.item select g, repeat(md5(g::text), 5) from generate_series(1, 60000) g",
        )
        .await;
    let small = folder.path().join("small");
    database.execute(&format!("create tablespace small location '{}'", small.display())).await;
    database.execute(&format!("alter database {} set default_tablespace = small", database.name())).await;
    let file = cli.json(&["export", "origin", "--to", &cli.path("")]).await["files"][0].clone();
    let path = file["path"].as_str().expect("a path");
    let before = database.state().await;
    for call in [&["workbook", "restore", path, "--as", "copy"][..], &["tenant", "clone", "origin", "copy"][..]] {
        let call = cli.run(&[call, &["--json"]].concat()).await;
        assert_eq!(call.code, 1, "{call}");
        let document = call.document();
        let run = if document["run"].is_object() { &document["run"] } else { &document };
        assert_eq!(run["tenants"][0]["error"]["code"], "server_disk_full", "{call}");
        assert_eq!(database.state().await, before, "{call}");
    }
    // With room enough both go well.
    database.execute(&format!("alter database {} reset default_tablespace", database.name())).await;
    cli.json(&["workbook", "restore", path, "--as", "copy"]).await;
    cli.json(&["tenant", "clone", "origin", "copy_2"]).await;
    for copy in ["copy", "copy_2"] {
        let compared = cli.json(&["workbook", "verify", path, "--against", copy]).await;
        assert_eq!(compared["tables"][0]["equal"], true, "{compared}");
    }
}
