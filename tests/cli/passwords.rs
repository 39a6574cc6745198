//! Passwords that nobody has kept: asked for on a terminal, and only there.

use crate::server::{PASSWORD, Server};
use cadastre_tests::Cli;
use serde_json::json;

const PROMPT: &str = "Password for app at 127.0.0.1: ";

fn url(server: &Server, person: &str) -> String {
    format!("postgres://{person}@127.0.0.1:{}/lycees", server.cluster.port())
}

#[tokio::test]
async fn a_password_that_is_nowhere_is_asked_for_on_a_terminal_and_never_shown() {
    let server = Server::shared().await;
    let cli = Cli::new();
    let added = cli.json(&["profile", "add", "pw", "--url", &url(server, "app")]).await;
    assert_eq!(added["has_password"], false);
    for arguments in
        [&["server", "--profile", "pw"][..], &["profile", "test", "pw"], &["server", "--profile", "pw", "--yes"]]
    {
        let call = cli.on_terminal(arguments, PROMPT, PASSWORD).await;
        assert_eq!(call.code, 0, "{call}");
        assert!(!call.stdout.contains(PASSWORD), "{call}");
    }
    let wrong = cli.on_terminal(&["server", "--profile", "pw"], PROMPT, "wrong").await;
    assert_eq!(wrong.code, 4, "{wrong}");
    assert!(wrong.stdout.contains("The server refused the password of app."), "{wrong}");
}

#[tokio::test]
async fn nobody_is_asked_where_nobody_sits() {
    let server = Server::shared().await;
    let cli = Cli::on(&url(server, "app"));
    for arguments in [&["server"][..], &["server", "--yes"]] {
        let call = cli.run_with(arguments, &format!("{PASSWORD}\n")).await;
        assert_eq!(call.code, 4, "{call}");
        assert!(call.stderr.contains("On a terminal it is asked for."), "{call}");
        assert!(!call.stderr.contains("Password for"), "{call}");
    }
    let answer = cli.refused(&["server"], 4, "password_required").await;
    assert!(!answer["hint"].as_str().unwrap_or_default().contains("give it with --password-stdin"), "{answer}");
}

#[tokio::test]
async fn a_password_in_the_url_works_and_a_terminal_is_told_who_can_see_it() {
    let server = Server::shared().await;
    let url = url(server, &format!("app:{}", PASSWORD.replace('%', "%25").replace('€', "%E2%82%AC")));
    let warning = "can be seen by everybody on this computer";
    let call = Cli::new().on_terminal(&["server", "--url", &url], "", "").await;
    assert_eq!((call.code, call.stdout.matches(warning).count()), (0, 1), "{call}");
    assert!(!call.stdout.contains(PASSWORD), "{call}");
    let call = Cli::new().run(&["server", "--url", &url]).await;
    assert_eq!((call.code, call.stderr.as_str()), (0, ""), "{call}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_password_file_that_others_may_read_is_named_as_the_reason() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::shared().await;
    let cli = Cli::on(&url(server, "app"));
    let file = cli.write("pgpass", &format!("*:*:*:app:{PASSWORD}\n"));
    let cli = cli.env("PGPASSFILE", &file);
    let mode = |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("the mode is set");
    mode(0o644);
    let answer = cli.refused(&["server"], 4, "password_required").await;
    let detail = answer["detail"].as_str().unwrap_or_default();
    assert!(detail.contains(&file) && detail.contains("chmod 600"), "{answer}");
    mode(0o600);
    assert_eq!(cli.json(&["server"]).await["role"], json!("app"));
}
