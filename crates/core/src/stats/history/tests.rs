//! Snapshots of a real server, in a real local state.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get ends it")]

use super::take::take_at;
use super::*;
use crate::connection::{Database, Purpose};
use crate::demo::Cluster;
use crate::local::Home;
use crate::tenant::Selection;
use std::collections::HashMap;
use std::time::Duration;

/// A Monday morning.
const START: i64 = 1_795_000_000;
const HOUR: Duration = Duration::from_secs(3_600);

struct Place {
    _folder: tempfile::TempDir,
    home: Home,
    cluster: Cluster,
    database: Database,
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path()).await.unwrap();
        let cluster = Cluster::builder().start().await.unwrap();
        cluster.create_database("fleet").await.unwrap();
        let database = cluster.connect("fleet").await.unwrap();
        let place = Self { _folder: folder, home, cluster, database };
        place
            .run(
                "create schema alpha; create table alpha.rows as select g from generate_series(1, 1000) g; \
                 create schema beta; create table beta.rows as select 1 as g; \
                 create schema gamma; create table gamma.rows as select 1 as g;",
            )
            .await;
        place
    }

    async fn run(&self, sql: &'static str) {
        let mut session = self.database.session(Purpose::Create).await.unwrap();
        session.execute(sql).await.unwrap();
        session.close().await;
    }

    async fn take(&self, day: i64) -> Option<Snapshot> {
        take_at(&self.home, &self.database, HOUR, START + day * DAY).await.unwrap()
    }

    async fn history(&self, schema: &str) -> TenantHistory {
        let limits = HashMap::from([(schema.to_owned(), 1 << 40)]);
        let selection = Selection::named([schema.to_owned()]);
        of_tenants(&self.home, &self.database, &selection, None, &limits).await.unwrap().remove(0)
    }
}

#[tokio::test]
async fn a_renamed_tenant_keeps_its_history_and_one_that_was_made_again_begins_anew() {
    let place = Place::new().await;
    assert_eq!(place.take(0).await.unwrap().tenants, 3);
    place.run("alter schema beta rename to delta; drop schema gamma cascade; create schema gamma; create table gamma.rows (g int)").await;
    place.run("insert into alpha.rows select g from generate_series(1, 100000) g").await;
    place.take(7).await.unwrap();
    let (alpha, delta, gamma) =
        (place.history("alpha").await, place.history("delta").await, place.history("gamma").await);
    assert_eq!((alpha.points.len(), delta.points.len(), gamma.points.len()), (2, 2, 1));
    let week = &alpha.growth[0];
    assert_eq!(week.days, 7);
    assert!(week.size_bytes > 3_000_000 && week.share.unwrap() > 10.0, "{week:?}");
    assert_eq!(delta.growth[0].size_bytes, 0);
    assert_eq!(gamma.growth, []);
    assert_eq!(alpha.forecast.unwrap().outlook, Outlook::Unknown);

    let fleet = growth_of_all(&place.home, &place.database, 7).await.unwrap();
    let schemas: Vec<_> = fleet.tenants.iter().map(|t| t.schema.as_str()).collect();
    assert_eq!(schemas, ["alpha", "delta"]);
    assert_eq!((fleet.snapshots, fleet.tenants[0].size_bytes), (2, week.size_bytes));
    let month = growth_of_all(&place.home, &place.database, 30).await.unwrap();
    assert_eq!((month.from, month.tenants.len(), month.snapshots), (None, 0, 2));
}

#[tokio::test]
async fn another_profile_for_the_same_database_has_the_same_history_and_another_database_its_own() {
    let place = Place::new().await;
    place.take(0).await.unwrap();
    let mut profile = place.cluster.profile("fleet");
    profile.name = "Another".into();
    let again = Database::connect(profile, None).await.unwrap();
    assert_eq!(take_at(&place.home, &again, HOUR, START + 60).await.unwrap(), None, "it was taken a minute ago");
    assert!(take_at(&place.home, &again, HOUR, START + 3_600).await.unwrap().is_some());
    assert_eq!(place.history("alpha").await.points.len(), 2);
    place.cluster.create_database("other").await.unwrap();
    let other = place.cluster.connect("other").await.unwrap();
    assert!(take_at(&place.home, &other, HOUR, START).await.unwrap().is_some());
    assert_eq!(growth_of_all(&place.home, &other, 7).await.unwrap().snapshots, 1);
}

#[tokio::test]
async fn a_clock_that_goes_backwards_stops_nothing_and_what_was_dropped_is_forgotten() {
    let place = Place::new().await;
    place.take(30).await.unwrap();
    place.take(0).await.unwrap();
    assert_eq!(place.take(0).await, None);
    let history = place.history("alpha").await;
    assert_eq!(history.points.iter().map(|p| p.time).collect::<Vec<_>>(), [START, START + 30 * DAY]);
    place.run("drop schema gamma cascade").await;
    // Three years later, and again.
    place.take(1_200).await.unwrap();
    place.take(1_201).await.unwrap();
    let known: i64 =
        sqlx::query_scalar("select count(*) from stats_tenant").fetch_one(place.home.pool()).await.unwrap();
    assert_eq!(known, 2);
    assert_eq!(place.history("beta").await.points.len(), 2);
}
