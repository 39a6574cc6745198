//! The oldest and the newest supported server.

use crate::fixture::Fixture;
use crate::generated::check;
use crate::kinds::{EVERYTHING, each_change};
use cadastre_core::connection::Purpose;
use cadastre_core::demo::Cluster;
use std::path::PathBuf;

#[test]
fn the_oldest_supported_version_is_read_and_repaired() {
    everything_on(14);
}

#[test]
fn the_newest_version_is_read_and_repaired() {
    everything_on(18);
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
