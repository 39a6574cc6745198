//! Databases whose encoding is not UTF-8.

use cadastre_tests::postgres::cluster;
use cadastre_tests::{Cli, TestDatabase};

/// A database of this encoding, and its URL.
async fn encoded(encoding: &str) -> (TestDatabase, String, String) {
    let maintenance = TestDatabase::new().await;
    let name = format!("{}_{}", encoding.to_lowercase(), &maintenance.name()[5..25]);
    maintenance
        .execute(&format!(
            "create database {name} encoding '{encoding}' template template0 lc_collate 'C' lc_ctype 'C'"
        ))
        .await;
    let url = maintenance.url().replace(maintenance.name(), &name);
    (maintenance, name, url)
}

#[tokio::test]
async fn a_comment_that_is_no_utf_8_is_named_as_the_cause() {
    let (_maintenance, name, url) = encoded("SQL_ASCII").await;
    let database = cluster().await.connect(&name).await.expect("the database");
    let mut session = database.session(cadastre_core::connection::Purpose::Create).await.expect("a session");
    let script = "create schema a; create table a.t (id int); set client_encoding = 'SQL_ASCII';
                  do $$ begin execute convert_from(decode('636f6d6d656e74206f6e20736368656d612061206973202763616633e927', 'hex'), 'SQL_ASCII'); end $$";
    session.execute(cadastre_core::sql::Statement::script(script)).await.expect("the script runs");
    let cli = Cli::on(&url);
    let out = cli.files().display().to_string();
    for arguments in [&["tenant", "list"][..], &["tenant", "show", "a"], &["export", "a", "--to", &out]] {
        let answer = cli.refused(arguments, 1, "encoding_mismatch").await;
        assert!(answer["hint"].as_str().is_some_and(|hint| hint.contains("SQL_ASCII")), "{answer}");
    }
}

#[tokio::test]
async fn a_name_that_the_encoding_does_not_have_is_no_failed_migration() {
    let (_maintenance, _name, url) = encoded("LATIN1").await;
    let cli = Cli::on(&url);
    let call =
        cli.run(&["tenant", "create", "École 🏫", "--schema", "ecole", "--template", "talentmatch", "--json"]).await;
    let error = call.document()["tenants"][0]["error"].clone();
    assert_eq!((call.code, error["code"].as_str()), (1, Some("encoding_mismatch")), "{call}");
    assert!(!error["message"].as_str().unwrap_or_default().contains("migration"), "{call}");
}
