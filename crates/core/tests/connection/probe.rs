//! The connection test names the layer that failed.

use crate::server::{PASSWORD, Server};
use cadastre_core::connection::{Layer, Profile, TestReport, TlsMode, test};
use cadastre_core::demo::Cluster;
use std::net::TcpListener;

async fn report(profile: Profile) -> TestReport {
    let report = test(profile, Some(PASSWORD.into())).await;
    let text = format!("{report:?} {}", serde_json::to_string(&report).unwrap());
    assert!(!text.contains("c4nary") && !text.contains("S3cret"), "{text}");
    let (last, passed) = report.steps.split_last().unwrap();
    assert!(passed.iter().all(|step| step.error.is_none()), "{text}");
    assert_eq!(last.error.is_none(), report.ok, "{text}");
    assert_eq!(report.server.is_some(), report.ok, "{text}");
    report
}

fn layers(report: &TestReport) -> Vec<Layer> {
    report.steps.iter().map(|step| step.layer).collect()
}

#[tokio::test]
async fn a_good_connection_passes_every_layer() {
    let server = Server::shared().await;
    let full = report(server.tls("app", TlsMode::VerifyFull)).await;
    use Layer::{Authentication, Database, Name, Permission, Tcp, Tls};
    assert_eq!(layers(&full), [Name, Tcp, Tls, Authentication, Database, Permission]);
    assert!(full.steps[2].detail.as_deref().unwrap().starts_with("TLSv1."));
    assert_eq!(full.steps[3].detail.as_deref(), Some("app"));
    let clear = report(server.tls("app", TlsMode::Disable)).await;
    assert_eq!(layers(&clear), [Name, Tcp, Authentication, Database, Permission]);
    assert!(clear.clear_text && !full.clear_text);
    let socket = report(server.administrator("lycees")).await;
    assert_eq!(layers(&socket), [Tcp, Authentication, Database, Permission]);
    assert!(!socket.clear_text);
}

#[tokio::test]
async fn a_bad_connection_ends_at_the_layer_that_failed() {
    let server = Server::shared().await;
    let app = || server.profile("app");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut untrusted = server.tls("app", TlsMode::VerifyFull);
    untrusted.tls.root_certificate = Some(server.certificates.path("other-ca.crt"));
    let option = vec![("no_such_setting".to_owned(), "1".to_owned())];
    for (profile, layer, code) in [
        (Profile { host: String::new(), ..app() }, Layer::Name, "setting_invalid"),
        (Profile { host: "no-such-host.invalid".into(), ..app() }, Layer::Name, "name_not_resolved"),
        (Profile { port: closed, ..app() }, Layer::Tcp, "connection_refused"),
        (Profile { host: "/nowhere".into(), ..app() }, Layer::Tcp, "connection_refused"),
        (untrusted, Layer::Tls, "tls_certificate"),
        (server.profile("nobody"), Layer::Authentication, "authentication_failed"),
        (server.profile("barred"), Layer::Authentication, "connect_not_allowed"),
        (Profile { database: "missing".into(), ..app() }, Layer::Database, "database_missing"),
        (Profile { database: "closed".into(), ..app() }, Layer::Database, "connect_not_allowed"),
        (Profile { options: option, ..app() }, Layer::Permission, "setting_invalid"),
    ] {
        let report = report(profile).await;
        let last = report.steps.last().unwrap();
        assert_eq!(last.layer, layer, "{report:?}");
        assert_eq!(last.error.as_ref().unwrap().code, code, "{report:?}");
    }
}

#[tokio::test]
async fn a_server_without_tls_fails_or_passes_by_the_mode() {
    let cluster = Cluster::builder().tcp(true).start().await.unwrap();
    let with = |mode| {
        let mut profile = cluster.profile("postgres");
        profile.tls.mode = mode;
        test(profile, cluster.password())
    };
    let required = with(TlsMode::Require).await;
    assert_eq!(layers(&required), [Layer::Name, Layer::Tcp, Layer::Tls]);
    assert_eq!(required.steps[2].error.as_ref().unwrap().code, "tls_unavailable");
    let preferred = with(TlsMode::Prefer).await;
    assert!(preferred.ok && preferred.clear_text);
    assert!(preferred.steps[2].detail.as_deref().unwrap().contains("clear text"));
    // A password that is refused has gone over the network all the same.
    let mut refused = cluster.profile("postgres");
    refused.tls.mode = TlsMode::Prefer;
    let refused = test(refused, Some("wrong".into())).await;
    assert!(!refused.ok && refused.clear_text);
    assert!(refused.steps[2].detail.as_deref().unwrap().contains("clear text"));
}
