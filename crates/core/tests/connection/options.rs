//! A profile's own server settings.

use crate::server::{PASSWORD, Server, value};
use cadastre_core::ErrorKind;
use cadastre_core::connection::{Database, Profile, Purpose};
use std::time::{Duration, Instant};

async fn with(options: &[(&str, &str)]) -> Result<Database, cadastre_core::Error> {
    let server = Server::shared().await;
    let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Database::connect(Profile { options, ..server.profile("app") }, Some(PASSWORD.into())).await
}

#[tokio::test]
async fn a_profile_may_choose_time_outs_and_its_own_settings() {
    let database =
        with(&[("lock_timeout", "3s"), ("cadastre.note", "l'été \\ \"x\""), ("work_mem", "8MB")]).await.unwrap();
    assert_eq!(value(&database, "show lock_timeout").await, "3s");
    assert_eq!(value(&database, "show work_mem").await, "8MB");
    assert_eq!(value(&database, "show cadastre.note").await, "l'été \\ \"x\"");
}

#[tokio::test]
async fn cores_own_settings_win_over_a_profiles() {
    let database = with(&[
        ("search_path", "tenant_a, \"Tenant B\", public"),
        ("TimeZone", "Europe/Paris"),
        ("datestyle", "German"),
        ("bytea_output", "escape"),
        ("standard_conforming_strings", "off"),
    ])
    .await
    .unwrap();
    assert_eq!(value(&database, "show search_path").await, "pg_catalog, pg_temp");
    assert_eq!(value(&database, "show timezone").await, "UTC");
    assert_eq!(value(&database, "show datestyle").await, "ISO, YMD");
    assert_eq!(value(&database, "show bytea_output").await, "hex");
    assert_eq!(value(&database, "show standard_conforming_strings").await, "on");
}

#[tokio::test]
async fn a_setting_that_the_server_refuses_is_named() {
    for options in [("no_such_setting", "1"), ("work_mem", "a lot"), ("max_connections", "5"), ("search_path", "a,,b")]
    {
        let error = with(&[options]).await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::SettingInvalid { setting, reason }
                if setting == "options" && reason.contains(options.0)),
            "{error:?}"
        );
        assert!(error.sqlstate().is_some());
    }
}

#[tokio::test]
async fn how_often_the_server_looks_for_us_may_be_chosen() {
    let show = "show client_connection_check_interval";
    assert_eq!(value(&with(&[]).await.unwrap(), show).await, "1s");
    let database = with(&[("Client_Connection_Check_Interval", "7s")]).await.unwrap();
    assert_eq!(value(&database, show).await, "7s");
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_ends_on_the_server() {
    let database = with(&[]).await.unwrap();
    let mut reader = database.session(Purpose::Catalog).await.unwrap();
    let at_work = format!("select count(*)::text from pg_stat_activity where pid = {}", reader.backend());
    tokio::time::timeout(Duration::from_millis(500), reader.execute("select pg_sleep(300)")).await.unwrap_err();
    assert_eq!(value(&database, &at_work).await, "1");
    // As when the program is killed: the socket is closed without a word.
    drop(reader);
    let gone = Instant::now();
    while value(&database, &at_work).await != "0" {
        assert!(gone.elapsed() < Duration::from_secs(60), "the server goes on for nobody");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
