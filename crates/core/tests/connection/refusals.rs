//! Each refusal is told by its layer, and none tells the password.

use crate::server::{PASSWORD, Server, assert_no_secret};
use cadastre_core::connection::{Database, Profile, Purpose, Tls, TlsMode};
use cadastre_core::demo::Cluster;
use cadastre_core::{Error, ErrorKind};
use secrecy::SecretString;
use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

fn password() -> Option<SecretString> {
    Some(PASSWORD.into())
}

async fn refusal(profile: Profile, password: Option<SecretString>) -> Error {
    let what = format!("{profile:?}");
    let error = Database::connect(profile, password).await.expect_err(&what);
    assert_no_secret(&what, &error);
    error
}

#[tokio::test]
async fn the_servers_own_refusals_are_told_apart() {
    let server = Server::shared().await;
    let user = |user: &str| user.to_owned();
    let not_allowed =
        |user: &str, database: &str| ErrorKind::ConnectNotAllowed { user: user.into(), database: database.into() };
    let to = |database: &str| Profile { database: database.into(), ..server.profile("app") };
    let wrong = || Some(SecretString::from(format!("{PASSWORD}x")));
    for (profile, password, expected) in [
        (server.profile("app"), wrong(), ErrorKind::AuthenticationFailed { user: user("app") }),
        (server.profile("plain"), wrong(), ErrorKind::AuthenticationFailed { user: user("plain") }),
        (server.profile("older"), wrong(), ErrorKind::AuthenticationFailed { user: user("older") }),
        (server.profile("nobody"), password(), ErrorKind::AuthenticationFailed { user: user("nobody") }),
        (server.profile("late"), password(), ErrorKind::AuthenticationFailed { user: user("late") }),
        (server.profile("app"), None, ErrorKind::PasswordRequired { user: user("app") }),
        (server.profile("app"), Some("".into()), ErrorKind::PasswordRequired { user: user("app") }),
        (server.profile("plain"), None, ErrorKind::PasswordRequired { user: user("plain") }),
        (server.profile("older"), None, ErrorKind::PasswordRequired { user: user("older") }),
        (server.profile("asleep"), password(), not_allowed("asleep", "lycees")),
        (server.profile("barred"), password(), not_allowed("barred", "lycees")),
        (server.profile("unlisted"), password(), not_allowed("unlisted", "lycees")),
        (server.profile("strange"), None, not_allowed("strange", "lycees")),
        (to("closed"), password(), not_allowed("app", "closed")),
        (to("sealed"), password(), not_allowed("app", "sealed")),
        (to("missing"), password(), ErrorKind::DatabaseMissing { database: "missing".into() }),
        (server.profile("limited"), password(), ErrorKind::TooManyConnections),
    ] {
        let what = format!("{} to {}", profile.user, profile.database);
        let error = refusal(profile, password).await;
        assert_eq!(error.kind(), &expected, "{what}: {error:?}");
        assert!(error.hint_text().is_some(), "{what}");
        assert!(error.sqlstate().is_some(), "{what}");
    }
}

#[tokio::test]
async fn every_password_method_lets_the_right_password_in() {
    let server = Server::shared().await;
    for user in ["app", "plain", "older", "encrypted", "free"] {
        let database = Database::connect(server.profile(user), password()).await.unwrap();
        assert_eq!(database.server().role, user);
        assert_eq!(database.server().database, "lycees");
    }
}

#[tokio::test]
async fn what_fails_before_the_server_answers_is_told_apart() {
    let server = Server::shared().await;
    let at = |host: &str, port: u16| Profile { host: host.into(), port, ..server.profile("app") };
    let error = refusal(at("no-such-host.invalid", 5432), password()).await;
    assert_eq!(error.kind(), &ErrorKind::NameNotResolved { host: "no-such-host.invalid".into() });

    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = refusal(at("127.0.0.1", closed), password()).await;
    assert_eq!(error.kind(), &ErrorKind::ConnectionRefused { host: "127.0.0.1".into(), port: closed });

    let error = refusal(at("/nowhere", 5432), password()).await;
    assert_eq!(error.kind(), &ErrorKind::ConnectionRefused { host: "/nowhere".into(), port: 5432 });
    assert!(error.detail_text().unwrap().contains("/nowhere/.s.PGSQL.5432"));
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_in_time() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let profile = Profile { host: "127.0.0.1".into(), port, connect_timeout: 1, ..Profile::default() };
    let before = Instant::now();
    let error = refusal(profile, password()).await;
    assert_eq!(error.kind(), &ErrorKind::ConnectionTimeout { host: "127.0.0.1".into(), port, seconds: 1 });
    assert!(before.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn what_is_no_postgresql_server_is_recognised() {
    for greeting in ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", ""] {
        for mode in [TlsMode::Prefer, TlsMode::Require, TlsMode::Disable] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            let thread = std::thread::spawn(move || {
                // Twice: `prefer` comes back without TLS.
                for _ in 0..2 {
                    let Ok((mut stream, _)) = listener.accept() else { return };
                    let _ = stream.write_all(greeting.as_bytes());
                    let _ = std::io::Read::read(&mut stream, &mut [0; 64]);
                }
            });
            let tls = Tls { mode, ..Tls::default() };
            let profile = Profile { host: "127.0.0.1".into(), port, tls, connect_timeout: 5, ..Profile::default() };
            let error = refusal(profile, password()).await;
            let kind = error.kind();
            let recognised = matches!(
                kind,
                ErrorKind::ConnectionRefused { .. } | ErrorKind::ConnectionLost | ErrorKind::TlsCertificate { .. }
            );
            assert!(recognised, "{greeting:?} {mode:?}: {error:?}");
            let _ = std::net::TcpStream::connect(("127.0.0.1", port));
            let _ = std::net::TcpStream::connect(("127.0.0.1", port));
            thread.join().unwrap();
        }
    }
}

#[tokio::test]
async fn a_server_that_shuts_down_and_one_that_is_gone_are_told_apart() {
    let cluster = Cluster::builder().start().await.unwrap();
    let database = cluster.connect("postgres").await.unwrap();
    // A "smart" shutdown waits for this session and lets nobody else in.
    let pid = cluster.pid().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        match database.session(Purpose::Catalog).await {
            Err(error) => {
                assert_eq!(error.kind(), &ErrorKind::ServerUnavailable, "{error:?}");
                break;
            }
            Ok(session) => session.close().await,
        }
        assert!(Instant::now() < deadline, "the server still lets sessions in");
    }
    drop(database);
    cluster.stop().await.ok();
    while cluster.pid().is_some() {}
    let error = cluster.connect("postgres").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConnectionRefused { .. }), "{error:?}");
}

#[tokio::test]
async fn a_lost_catalog_session_is_replaced() {
    let server = Server::shared().await;
    let database = Database::connect(server.profile("app"), password()).await.unwrap();
    let backend = database.catalog().await.unwrap().backend();
    server.execute("postgres", &format!("select pg_catalog.pg_terminate_backend({backend}, 10000)")).await;
    assert_ne!(database.catalog().await.unwrap().backend(), backend);
}

/// Run by the next test in a process of its own, whose environment can be set.
#[tokio::test]
#[ignore = "started by another test"]
async fn connects_with_variables_of_other_servers_around() {
    let port = std::env::var("CADASTRE_TEST_PORT").unwrap().parse().unwrap();
    let profile = |user: &str| Profile {
        host: "127.0.0.1".into(),
        port,
        user: user.into(),
        database: "lycees".into(),
        ..Profile::default()
    };
    let error = refusal(profile("app"), None).await;
    assert_eq!(error.kind(), &ErrorKind::PasswordRequired { user: "app".into() });
    let database = Database::connect(profile("free"), None).await.unwrap();
    assert_eq!(database.server().role, "free");
    assert_eq!(database.server().database, "lycees");
}

#[tokio::test]
async fn a_password_in_the_environment_is_not_sent_unasked() {
    let server = Server::shared().await;
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "refusals::connects_with_variables_of_other_servers_around"])
        .env("CADASTRE_TEST_PORT", server.cluster.port().to_string())
        .envs([("PGPASSWORD", PASSWORD), ("PGHOST", "elsewhere.invalid"), ("PGUSER", "app"), ("PGDATABASE", "x")])
        .envs([("PGSSLMODE", "verify-full"), ("PGSSLROOTCERT", "/nowhere"), ("PGAPPNAME", "other")])
        .status()
        .unwrap();
    assert!(status.success());
}
