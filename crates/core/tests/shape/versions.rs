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

#[tokio::test]
async fn a_child_that_calculates_a_column_in_another_way_is_made_again() {
    let cluster = cluster_of_version(18).await;
    let script = "create table %.parent (id int, n int generated always as (id * 2) stored);
        create table %.other (id int, n int generated always as (id * 3) stored);
        create table %.child (n int generated always as (id * 22) stored) inherits (%.parent, %.other);
        create table %.list (id int, n int generated always as (id * 2) stored) partition by list (id);
        create table %.list_1 partition of %.list (n with options generated always as (id * 22) stored) for values in (1);
        create table %.list_2 partition of %.list for values in (2)";
    let mut fixture = fixture(&cluster, "calculated", script, &["a", "b"]).await;
    for table in ["child", "list_1", "list cascade"] {
        fixture.in_schema("b", &format!("drop table %.{table}")).await;
        fixture.repair("a", "b", Options::default()).await;
        fixture.in_schema("b", "insert into %.list (id) values (1), (2); insert into %.child (id) values (1)").await;
        let kept = "select 1 / (count(*) = 3)::int from (select n from %.list union all select n from %.parent) x where n in (4, 22)";
        fixture.in_schema("b", &format!("{kept}; delete from %.list; delete from %.parent")).await;
    }
    fixture.in_schema("b", "drop table %.list_1; create table %.list_1 partition of %.list for values in (1)").await;
    let comparison = fixture.compare("a", "b", Options::default()).await;
    assert_eq!(comparison.changes.len(), 1, "{}", crate::fixture::list(&comparison.changes));
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
