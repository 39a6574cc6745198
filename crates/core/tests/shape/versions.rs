//! The oldest and the newest supported server.

use crate::fixture::Fixture;
use crate::generated::check;
use crate::kinds::{EVERYTHING, each_change};
use cadastre_core::connection::Purpose;
use cadastre_core::demo::Cluster;
use cadastre_core::shape::Options;
use std::path::PathBuf;

#[test]
fn the_oldest_supported_version_is_read_and_repaired() {
    everything_on(14);
}

#[test]
fn the_newest_version_is_read_and_repaired() {
    everything_on(18);
}

#[tokio::test]
async fn what_only_the_newest_version_knows_is_repaired() {
    let cluster = cluster_of_version(18).await;
    let script = "create table %.room (
            id int4range, during tstzrange, n int constraint some_name not null, twice int generated always as (n * 2) virtual,
            constraint room_key primary key (id, during without overlaps));
        create table %.booking (id int4range, at tstzrange,
            foreign key (id, period at) references %.room (id, period during),
            constraint small check (lower(id) < 9) not enforced)";
    let mut fixture = fixture(&cluster, "newest", script, &["a", "b"]).await;
    for change in [
        "alter table %.room drop column twice; alter table %.room add column twice int generated always as (n * 3) virtual",
        "alter table %.room drop column twice; alter table %.room add column twice int generated always as (n * 2) stored",
        "alter table %.room rename constraint some_name to other_name",
        "alter table %.room drop constraint room_key cascade",
        "alter table %.booking drop constraint small; alter table %.booking add constraint small check (lower(id) < 9)",
        "drop table %.room cascade",
        "drop table %.booking",
    ] {
        fixture.in_schema("b", change).await;
        let script = fixture.repair("a", "b", Options::default()).await;
        assert_eq!(script.is_empty(), change.contains("rename"), "{change}");
    }
}

fn everything_on(major: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let cluster = runtime.block_on(cluster_of_version(major));
    runtime.block_on(async { each_change(fixture(&cluster, "kinds", EVERYTHING, &["acme"]).await).await });
    let generated = runtime.block_on(fixture(&cluster, "generated", "", &[]));
    check(&runtime, generated, 10);
}

async fn cluster_of_version(major: u32) -> Cluster {
    let variable = format!("CADASTRE_TEST_PG_{major}");
    let Some(folder) = std::env::var_os(&variable) else {
        panic!("{variable} names no folder with PostgreSQL {major}'s programs: run this through `cargo xtask test`")
    };
    Cluster::builder().bin(PathBuf::from(folder)).start().await.unwrap()
}

async fn fixture(cluster: &Cluster, name: &str, script: &str, schemas: &[&str]) -> Fixture {
    cluster.create_database(name).await.unwrap();
    let database = cluster.connect(name).await.unwrap();
    let session = database.session(Purpose::Create).await.unwrap();
    Fixture::of(database, session, script, schemas).await
}
