//! Each TLS mode against certificates of every kind.

use crate::certificates::Certificates;
use crate::server::{PASSWORD, Server, assert_no_secret, set_mode, value};
use cadastre_core::ErrorKind;
use cadastre_core::connection::{Database, Profile, Tls, TlsMode};
use cadastre_core::demo::Cluster;
use std::path::Path;

const MODES: [TlsMode; 5] =
    [TlsMode::Disable, TlsMode::Prefer, TlsMode::Require, TlsMode::VerifyCa, TlsMode::VerifyFull];

async fn outcome(profile: Profile) -> Result<Option<String>, ErrorKind> {
    match Database::connect(profile, Some(PASSWORD.into())).await {
        Ok(database) => Ok(database.server().tls.clone()),
        Err(error) => {
            assert_no_secret("TLS", &error);
            Err(error.kind().clone())
        }
    }
}

fn reason(outcome: Result<Option<String>, ErrorKind>) -> String {
    match outcome {
        Err(ErrorKind::TlsCertificate { reason, .. } | ErrorKind::TlsFile { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_mode_reaches_a_server_whose_certificate_is_right() {
    let server = Server::shared().await;
    for mode in MODES {
        let tls = outcome(server.tls("app", mode)).await.unwrap();
        assert_eq!(tls.is_some(), mode != TlsMode::Disable, "{mode:?}");
        assert!(tls.is_none_or(|version| version.starts_with("TLSv1.")));
    }
    let by_name = Profile { host: "localhost".into(), ..server.tls("app", TlsMode::VerifyFull) };
    assert!(outcome(by_name).await.unwrap().is_some());
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_tls_is_required() {
    let cluster = Cluster::builder().tcp(true).start().await.unwrap();
    for mode in [TlsMode::Require, TlsMode::VerifyFull] {
        let profile = Profile { tls: Tls { mode, ..Tls::default() }, ..cluster.profile("postgres") };
        let error = Database::connect(profile, cluster.password()).await.unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::TlsUnavailable { host: "127.0.0.1".into() });
    }
    let profile = Profile { tls: Tls::default(), ..cluster.profile("postgres") };
    assert_eq!(Database::connect(profile, cluster.password()).await.unwrap().server().tls, None);
}

#[tokio::test]
async fn a_socket_needs_no_tls_whatever_the_mode() {
    let server = Server::shared().await;
    for mode in MODES {
        let tls = Tls { mode, root_certificate: Some(server.certificates.path("ca.crt")), ..Tls::default() };
        let profile = Profile { tls, ..server.administrator("lycees") };
        assert_eq!(Database::connect(profile, None).await.unwrap().server().tls, None);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_named() {
    let server = Server::start().await;
    let certificates = &server.certificates;
    let (then, now, later) = ("20200101000000Z", "20200102000000Z", "20491231000000Z");
    let here = "DNS:localhost,IP:127.0.0.1";
    certificates.signed("expired", "ca", "localhost", here, then, now);
    certificates.signed("future", "ca", "localhost", here, "20480101000000Z", later);
    certificates.signed("elsewhere", "ca", "other.example", "DNS:other.example", then, later);
    certificates.signed("stranger", "other-ca", "localhost", here, then, later);
    certificates.self_signed("new-ca", "/CN=Cadastre test authority", &["basicConstraints=critical,CA:TRUE"]);
    certificates.signed("renewed", "new-ca", "localhost", here, then, later);
    let by_itself = |name, kind| {
        certificates.self_signed(name, "/CN=Of its own", &[&format!("subjectAltName={here}"), kind]);
    };
    by_itself("itself", "basicConstraints=critical,CA:FALSE");
    by_itself("authority", "basicConstraints=critical,CA:TRUE");
    // What checks the authority, what checks the name, and what a person reads.
    for (name, by_authority, by_name) in [
        ("expired", Some("expired"), Some("expired")),
        ("future", Some("not valid yet"), Some("not valid yet")),
        ("elsewhere", None, Some("another name")),
        ("stranger", Some("not trusted"), Some("not trusted")),
        ("renewed", Some("outdated"), Some("outdated")),
        ("authority", Some("authority's own"), Some("authority's own")),
        ("itself", Some("not trusted"), Some("not trusted")),
    ] {
        server.use_certificate(name).await;
        for (mode, expected) in [
            (TlsMode::Prefer, None),
            (TlsMode::Require, None),
            (TlsMode::VerifyCa, by_authority),
            (TlsMode::VerifyFull, by_name),
        ] {
            let outcome = outcome(server.tls("app", mode)).await;
            match expected {
                None => assert!(outcome.as_ref().unwrap().is_some(), "{name} {mode:?}: {outcome:?}"),
                Some(words) => {
                    let reason = reason(outcome);
                    assert!(reason.contains(words), "{name} {mode:?}: {reason}");
                }
            }
        }
    }
    // An authority that is given is checked even where the mode alone would not.
    let mut profile = server.tls("app", TlsMode::Require);
    profile.tls.root_certificate = Some(certificates.path("ca.crt"));
    assert!(reason(outcome(profile).await).contains("not trusted"));
    // A certificate that signed itself is trusted when it is given as the authority.
    let mut profile = server.tls("app", TlsMode::VerifyFull);
    profile.tls.root_certificate = Some(certificates.path("itself.crt"));
    assert!(outcome(profile).await.unwrap().is_some());
}

#[tokio::test]
async fn a_client_certificate_takes_the_place_of_a_password() {
    let server = Server::start().await;
    let certificates = &server.certificates;
    certificates.signed("certified", "ca", "certified", "DNS:client", "20200101000000Z", "20491231000000Z");
    certificates.signed("forged", "other-ca", "certified", "DNS:client", "20200101000000Z", "20491231000000Z");
    let with = |name: &str| {
        let mut profile = server.tls("certified", TlsMode::VerifyFull);
        profile.tls.client_certificate = Some(certificates.path(&format!("{name}.crt")));
        profile.tls.client_key = Some(certificates.path(&format!("{name}.key")));
        profile
    };
    for name in ["certified", "forged"] {
        set_mode(Path::new(&certificates.path(&format!("{name}.key"))), 0o600);
    }
    let database = Database::connect(with("certified"), None).await.unwrap();
    assert_eq!(value(&database, "select current_user").await, "certified");

    let none = outcome(server.tls("certified", TlsMode::VerifyFull)).await;
    assert!(matches!(none, Err(ErrorKind::ConnectNotAllowed { .. })), "{none:?}");
    let forged = outcome(with("forged")).await;
    assert!(matches!(&forged, Err(ErrorKind::TlsFile { path, .. }) if path.ends_with("forged.crt")), "{forged:?}");
    let mut mixed = with("certified");
    mixed.tls.client_key = Some(certificates.path("forged.key"));
    assert!(reason(outcome(mixed).await).contains("does not belong"));
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_named_before_the_server_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let certificates = Certificates::new(folder.path());
    let file = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).unwrap();
        certificates.path(name)
    };
    let empty = file("empty", "");
    let damaged = file("damaged", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n");
    certificates.openssl(&["ec", "-in", "ca.key", "-aes256", "-passout", "pass:x", "-out", "old-encrypted.key"]);
    certificates.openssl(&["pkcs8", "-topk8", "-in", "ca.key", "-passout", "pass:x", "-out", "encrypted.key"]);
    let open = certificates.path("other-ca.key");
    set_mode(Path::new(&open), 0o644);
    for name in ["encrypted.key", "old-encrypted.key", "ca.key", "empty"] {
        set_mode(&folder.path().join(name), 0o600);
    }
    let tls = |root: &str, certificate: &str, key: &str| Tls {
        mode: TlsMode::VerifyFull,
        root_certificate: Some(root.to_owned()),
        client_certificate: Some(certificate.to_owned()),
        client_key: Some(key.to_owned()),
    };
    let (ca, key) = (certificates.path("ca.crt"), certificates.path("ca.key"));
    for (tls, path, words) in [
        (tls("/nowhere.crt", &ca, &key), "/nowhere.crt", "does not exist"),
        (tls(&empty, &ca, &key), &*empty, "no certificate"),
        (tls(&damaged, &ca, &key), &damaged, "damaged"),
        (tls(&ca, &key, &key), &key, "no certificate"),
        (tls(&ca, &ca, &empty), &empty, "no private key"),
        (tls(&ca, &ca, &open), &open, "0600"),
        (tls(&ca, &ca, &certificates.path("encrypted.key")), &certificates.path("encrypted.key"), "encrypted"),
        (tls(&ca, &ca, &certificates.path("old-encrypted.key")), &certificates.path("old-encrypted.key"), "encrypted"),
    ] {
        // Port 1 is closed; a file that is read in time never gets so far.
        let profile = Profile { port: 1, tls, ..Profile::default() };
        match outcome(profile).await {
            Err(ErrorKind::TlsFile { path: named, reason }) => {
                assert_eq!(named, path);
                assert!(reason.contains(words), "{path}: {reason}");
            }
            other => panic!("{path}: {other:?}"),
        }
    }
}
