//! Passwords in a real Secret Service: kept, absent, locked, and one that never answers.

use crate::server::{PASSWORD, Server};
use cadastre_tests::{Call, Cli, SecretService};
use serde_json::json;
use std::time::Duration;

/// However the keyring behaves, a call that only needs one answer of it ends within this.
const NEVER_HANGS: Duration = Duration::from_secs(10);

fn session(service: &SecretService) -> Cli {
    service.environment().iter().fold(Cli::new(), |cli, (name, value)| cli.env(name, value))
}

async fn add(cli: &Cli, server: &Server) -> Call {
    let url = format!("postgres://app@127.0.0.1:{}/lycees", server.cluster.port());
    let arguments = ["profile", "add", "Lycées", "--url", &url, "--password-stdin", "--json"];
    cli.run_with(&arguments, &format!("{PASSWORD}\n")).await
}

#[tokio::test]
async fn a_password_is_kept_used_and_removed() {
    let server = Server::shared().await;
    let service = SecretService::unlocked();
    let cli = session(&service);
    let call = add(&cli, server).await;
    assert_eq!((call.code, &call.document()["has_password"]), (0, &json!(true)), "{call}");
    assert_eq!(cli.json(&["profile", "show", "Lycées"]).await["has_password"], true);
    assert_eq!(cli.json(&["profile", "test", "Lycées"]).await["ok"], true);
    assert_eq!(cli.json(&["server", "--profile", "Lycées"]).await["role"], "app");
    assert_eq!(cli.run(&["profile", "remove", "Lycées", "--yes"]).await.code, 0);
    // Without the password of the first one, the second one has none.
    let url = format!("postgres://app@127.0.0.1:{}/lycees", server.cluster.port());
    let added = cli.json(&["profile", "add", "Lycées", "--url", &url]).await;
    assert_eq!(added["has_password"], false);
    cli.refused(&["server", "--profile", "Lycées"], 4, "password_required").await;
    let files = std::fs::read_dir(service.data().join("keyrings")).expect("the keyring's files");
    assert!(files.count() > 0, "gnome-keyring has written nothing: this was another keyring");
}

#[tokio::test]
async fn without_a_keyring_the_profile_is_kept_and_its_password_given_each_time() {
    let server = Server::shared().await;
    let absent = SecretService::absent();
    // A bus without a keyring, and no bus at all.
    for cli in [session(&absent), Cli::new()] {
        let call = add(&cli, server).await;
        assert!(call.took < NEVER_HANGS, "{call}");
        assert_eq!((call.code, &call.document()["has_password"]), (0, &json!(false)), "{call}");
        assert!(call.stderr.contains("The password was not kept.") && call.stderr.contains("keyring"), "{call}");
        needs_a_password(&cli, "Lycées", "keyring").await;
    }
}

#[tokio::test]
async fn a_locked_keyring_is_said_to_be_locked_and_holds_nothing_up() {
    let server = Server::shared().await;
    let mut service = SecretService::unlocked();
    let cli = session(&service);
    assert_eq!(add(&cli, server).await.code, 0);
    service.lock();
    needs_a_password(&cli, "Lycées", "locked").await;
    let shown = cli.json(&["profile", "show", "Lycées"]).await;
    assert_eq!(shown["has_password"], false, "what cannot be read is not there");
    // Another one cannot be kept either, which is said; its profile is saved.
    let url = format!("postgres://app@127.0.0.1:{}/lycees", server.cluster.port());
    let arguments = ["profile", "add", "Second", "--url", &url, "--password-stdin", "--json"];
    let call = cli.run_with(&arguments, PASSWORD).await;
    assert!(call.took < NEVER_HANGS, "{call}");
    assert_eq!((call.code, &call.document()["has_password"]), (0, &json!(false)), "{call}");
    assert!(call.stderr.contains("locked"), "{call}");
    assert_eq!(cli.json(&["profile", "list"]).await.as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_keyring_that_never_answers_counts_as_locked() {
    let server = Server::shared().await;
    let stuck = SecretService::stuck();
    let cli = session(&stuck);
    let call = add(&cli, server).await;
    assert!(call.took < NEVER_HANGS, "{call}");
    assert_eq!((call.code, &call.document()["has_password"]), (0, &json!(false)), "{call}");
    needs_a_password(&cli, "Lycées", "locked").await;
}

/// Without a password the call is refused and says that the keyring is why; with one in the environment it works.
async fn needs_a_password(cli: &Cli, profile: &str, word: &str) {
    let call = cli.run(&["server", "--profile", profile, "--json"]).await;
    assert!(call.took < NEVER_HANGS, "{call}");
    let error = call.document()["error"].clone();
    assert_eq!((call.code, &error["code"]), (4, &json!("password_required")), "{call}");
    assert!(
        error["detail"].as_str().is_some_and(|detail| detail.contains(word)),
        "the keyring is not mentioned: {call}"
    );
    let call = cli.start_with(&["server", "--profile", profile, "--json"], &[("PGPASSWORD", PASSWORD)]).end().await;
    assert_eq!(call.code, 0, "{call}");
    assert!(call.took < NEVER_HANGS, "{call}");
}
