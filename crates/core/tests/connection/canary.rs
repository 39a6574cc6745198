//! A password that was used everywhere is found nowhere: in no file of Cadastre's, no output, no process list.

use crate::server::{PASSWORD, Server};
use cadastre_core::ErrorKind;
use cadastre_core::connection::{
    Database, ProcessEnv, Profile, ProfileStore, Purpose, Secrets, Sources, TlsMode, discover, from_url, resolve, test,
};
use cadastre_core::local::{Home, init_logging};
use std::path::Path;
use std::process::{Command, Stdio};

/// The canary as it stands in a URL.
fn encoded() -> String {
    PASSWORD.replace('%', "%25").replace('€', "%E2%82%AC")
}

/// Run by the next test in a process of its own, which logs as the programs do.
#[tokio::test]
#[ignore = "started by another test"]
async fn uses_the_password_in_every_way() {
    let server = Server::start().await;
    let home = Home::open(std::env::var("CADASTRE_TEST_HOME").unwrap()).await.unwrap();
    let guard = init_logging(&home).unwrap();
    let (store, secrets) = (ProfileStore::new(&home), Secrets::in_memory());
    let (port, url) = (server.cluster.port(), encoded());

    let env = ProcessEnv::of([
        ("DATABASE_URL", format!("postgres://app:{url}@127.0.0.1:{port}/lycees")),
        ("PGPASSWORD", PASSWORD.to_owned()),
    ]);
    println!("{:?}", discover(&env));
    let found = resolve(Sources::default(), &env, &store, &secrets).await.unwrap();
    println!("{found:?}");
    let profile = Profile { name: "lycees".into(), ..found.profile.clone() };
    store.save(&profile).await.unwrap();
    secrets.set(profile.id, found.password.as_ref().unwrap()).await.unwrap();
    let named = Sources { profile: Some("lycees"), url: None };
    let found = resolve(named, &ProcessEnv::default(), &store, &secrets).await.unwrap();
    let database = Database::connect(found.profile, found.password.clone()).await.unwrap();
    println!("{database:?} {:?}", database.server());
    println!("{:?}", database.session(Purpose::Export).await.unwrap());
    store.mark_used(profile.id).await.unwrap();
    println!("{:?}", test(profile.clone(), found.password.clone()).await);

    // Where somebody mistook one field for another, and what the server or sqlx say about it.
    let wrong = || Some(format!("{PASSWORD}\u{7}").into());
    for profile in [
        Profile { user: "nobody".into(), ..profile.clone() },
        Profile { database: "missing".into(), ..profile.clone() },
        Profile { host: "no-such-host.invalid".into(), ..profile.clone() },
        Profile { host: format!("app:{PASSWORD}@h"), ..profile.clone() },
        Profile { host: format!("postgres://app:{url}@h"), ..profile.clone() },
        Profile { port: 1, ..profile.clone() },
        Profile { options: vec![("no_such".into(), "1".into())], ..profile.clone() },
        Profile { tls: server.tls("app", TlsMode::VerifyFull).tls, host: "127.0.0.1".into(), ..profile.clone() },
        profile.clone(),
    ] {
        for password in [found.password.clone(), wrong(), None] {
            let report = test(profile.clone(), password.clone()).await;
            println!("{report:?} {}", serde_json::to_string(&report).unwrap());
            if let Err(error) = Database::connect(profile.clone(), password).await {
                println!("{error} {error:?} {:?}", error.hint_text());
                tracing::error!(%error, ?error, "not connected");
            }
        }
        let _ = store.save(&Profile { name: "other".into(), id: uuid::Uuid::new_v4(), ..profile }).await;
    }
    for text in [
        format!("postgres://app:{url}@127.0.0.1:{port}/lycees?sslmode=no"),
        format!("postgres://app:{PASSWORD}@h/x"),
        format!("postgres://app:12/{PASSWORD}@h/x"),
        format!("postgres://app@h/x?{PASSWORD}=1"),
        format!("postgres://app@h/x?secret={url}"),
        PASSWORD.to_owned(),
    ] {
        match from_url(&text, &ProcessEnv::default()) {
            Ok((found, password)) => println!("{found:?} {password:?}"),
            Err(error) => println!("{error} {error:?}"),
        }
        println!("{:?}", store.find(&format!("postgres://{text}")).await.err());
    }
    let error = Database::connect(profile, wrong()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::SettingInvalid { setting, .. } if setting == "password"), "{error:?}");
    println!("{}", std::fs::read_to_string("/proc/self/cmdline").unwrap());
    drop(guard);
}

#[test]
fn the_password_is_in_no_file_and_no_output() {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "canary::uses_the_password_in_every_way"])
        .env("CADASTRE_TEST_HOME", home.path())
        .env("CADASTRE_LOG", "trace,sqlx=trace,tokio=trace,rustls=trace,hyper=trace")
        .env("RUST_LOG", "trace")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let words = [&output.stdout[..], &output.stderr[..]].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&words));
    assert!(words.windows(6).any(|w| w == b"lycees"));
    assert_absent("output", &words);
    let mut files = 0;
    look_through(home.path(), &mut files);
    assert!(files >= 2, "state and log were looked through");
}

fn look_through(folder: &Path, files: &mut usize) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            look_through(&path, files);
        } else {
            *files += 1;
            assert_absent(&path.display().to_string(), &std::fs::read(&path).unwrap());
        }
    }
}

fn assert_absent(what: &str, bytes: &[u8]) {
    for secret in ["c4nary", "S3cret", "c4nary".to_uppercase().as_str()] {
        if let Some(position) = bytes.windows(secret.len()).position(|w| w == secret.as_bytes()) {
            let around = &bytes[position.saturating_sub(200)..(position + 60).min(bytes.len())];
            panic!("{what}: {}", String::from_utf8_lossy(around));
        }
    }
}
