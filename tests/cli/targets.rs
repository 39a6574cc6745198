//! Folders that an export cannot write to, or not to the end.

use crate::fleet::two_tenants;
use cadastre_tests::Cli;
use cadastre_tests::process::installed;
use serde_json::json;
use std::process::Command;

/// Runs the rest of its arguments with a file system of its own on the folder `$1`, of kind `$2`; says on standard error what is
/// left in it. The mount ends with the process.
const ON_A_FILE_SYSTEM: &str = r#"
folder=$1; options=$2; shift 2
mount -t tmpfs -o "$options" cadastre-test "$folder" || exit 99
"$@"
code=$?
echo "left behind: [$(ls -A "$folder")]" >&2
exit $code
"#;

/// A launcher that puts a small file system on a folder, in a mount name space of its own.
pub fn file_system<'a>(folder: &'a str, options: &'a str) -> Vec<&'a str> {
    installed("unshare", "util-linux");
    let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
    let mut words = vec!["unshare", "--mount", "--propagation", "private"];
    if !root {
        words.extend(["--user", "--map-root-user"]);
    }
    let allowed = Command::new(words[0]).args(&words[1..]).args(["sh", "-c", "mount -t tmpfs x /mnt"]).output();
    let allowed = allowed.expect("unshare runs");
    assert!(
        allowed.status.success(),
        "this test needs a small file system of its own, and the kernel does not permit the mount: {} \
         Run it as root, in a container with CAP_SYS_ADMIN, or with `sysctl kernel.unprivileged_userns_clone=1`.",
        String::from_utf8_lossy(&allowed.stderr)
    );
    words.extend(["sh", "-c", ON_A_FILE_SYSTEM, "sh", folder, options]);
    words
}

#[tokio::test]
async fn a_folder_that_is_none_or_missing_is_refused() {
    let (database, cli) = two_tenants().await;
    let file = cli.write("file", "kept");
    let runs = cli.json(&["run", "list"]).await;
    let (before, listed) = (database.state().await, cli.listing());
    cli.refused(&["export", "alpha", "--to", &cli.path("missing")], 4, "folder_missing").await;
    cli.refused(&["export", "alpha", "--to", &file], 4, "folder_missing").await;
    cli.refused(&["export", "nobody", "--to", &cli.path("")], 4, "tenant_missing").await;
    let call = cli.run(&["compare", "alpha", "beta", "--to", &cli.path("missing/x.xlsx"), "--json"]).await;
    assert_eq!(call.code, 4, "{call}");
    assert_eq!((database.state().await, cli.listing()), (before, listed));
    assert_eq!(std::fs::read_to_string(file).expect("the file"), "kept");
    assert_eq!(cli.json(&["run", "list"]).await, runs);
}

#[tokio::test]
async fn a_folder_on_a_read_only_disk_is_refused() {
    let (database, _) = two_tenants().await;
    let cli = Cli::on(&database.url());
    std::fs::create_dir(cli.path("disk")).expect("a folder");
    let folder = cli.path("disk");
    let cli = cli.launched_by(&file_system(&folder, "ro"));
    let call = cli.run(&["export", "alpha", "--to", &folder, "--json"]).await;
    assert_eq!((call.code, &call.document()["error"]["code"]), (4, &json!("target_not_writable")), "{call}");
    assert!(call.stderr.contains("left behind: []"), "{call}");
    assert!(call.stderr.contains("Hint: "), "{call}");
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_left_on_it() {
    let (database, _) = two_tenants().await;
    database
        .execute(
            "create table alpha.noise as select g as id, sha512(g::text::bytea) as noise \
                      from generate_series(1, 60000) g",
        )
        .await;
    let cli = Cli::on(&database.url());
    std::fs::create_dir(cli.path("disk")).expect("a folder");
    let folder = cli.path("disk");
    let cli = cli.launched_by(&file_system(&folder, "size=1m"));
    let call = cli.run(&["export", "alpha", "--to", &folder, "--json"]).await;
    assert_eq!(call.code, 1, "{call}");
    let document = call.document();
    let tenant = &document["run"]["tenants"][0];
    assert_eq!((&tenant["outcome"], &tenant["error"]["code"]), (&json!("failed"), &json!("disk_full")), "{call}");
    assert_eq!(document["files"], json!([]));
    assert!(call.stderr.contains("left behind: []"), "{call}");
    // A person reads the same.
    let call = cli.run(&["export", "alpha", "--to", &folder]).await;
    assert!(call.code == 1 && call.stderr.contains("full") && call.stderr.contains("Hint: "), "{call}");
    // The other tenant fits, and what became of both.
    let call = cli.run(&["export", "--to", &folder, "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let fleet = call.document()["fleet_workbook"].as_str().expect("a path").replace(&format!("{folder}/"), "");
    assert!(call.stderr.contains(&format!("left behind: [beta.xlsx\n{fleet}]")), "{call}");
}
