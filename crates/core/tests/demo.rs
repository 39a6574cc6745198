//! The private server, with the real programs.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get ends it")]

use cadastre_core::ErrorKind;
use cadastre_core::connection::{Database, Purpose};
use cadastre_core::demo::{self, Cluster, DemoEvent, fill};
use cadastre_core::local::Home;
use cadastre_core::sql::{Ident, Statement};
use cadastre_core::tenant::{self, Selection, TenantState};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Waits for something that another process does; the deadline is generous because machines are slow, not because it
/// takes long.
fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !condition() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A process that has ended stays in the table until its parent asks; that is no server any more.
fn alive(pid: u32) -> bool {
    let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    state.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

#[tokio::test]
async fn a_dropped_server_leaves_neither_process_nor_file() {
    let cluster = Cluster::builder().start().await.unwrap();
    let (pid, folder) = (cluster.pid().unwrap(), cluster.folder().to_owned());
    assert!(alive(pid));
    cluster.create_database("école").await.unwrap();
    let database = cluster.connect("école").await.unwrap();
    assert_eq!(database.server().database, "école");
    drop(cluster);
    assert!(!folder.exists());
    wait_until("the server ended", || !alive(pid));
}

#[tokio::test]
async fn a_crashed_server_comes_back_with_what_was_committed() {
    let cluster = Cluster::builder().start().await.unwrap();
    let database = cluster.connect("postgres").await.unwrap();
    let mut session = database.session(Purpose::Create).await.unwrap();
    session.execute("create table public.kept as select 1 as a").await.unwrap();
    cluster.stop_immediate().await.unwrap();
    assert_eq!(cluster.pid(), None);
    assert!(session.execute("select 1").await.is_err());
    cluster.restart().await.unwrap();
    let mut session = database.session(Purpose::Catalog).await.unwrap();
    assert_eq!(session.rows("select a from public.kept").await.unwrap().len(), 1);
}

#[tokio::test]
async fn on_tcp_the_server_wants_its_password() {
    let cluster = Cluster::builder().tcp(true).setting("max_connections", "17").start().await.unwrap();
    let database = cluster.connect("postgres").await.unwrap();
    let mut session = database.session(Purpose::Catalog).await.unwrap();
    let rows = session.rows("select 1 where current_setting('max_connections') = '17'").await.unwrap();
    assert_eq!(rows.len(), 1);
    let refused = Database::connect(cluster.profile("postgres"), Some(secrecy::SecretString::from("wrong".to_owned())));
    let Err(error) = refused.await else { panic!("a wrong password was accepted") };
    assert!(matches!(error.kind(), ErrorKind::AuthenticationFailed { .. }), "{error:?}");
}

#[tokio::test]
async fn a_server_that_cannot_start_says_why() {
    let Err(error) = Cluster::builder().setting("shared_buffers", "nonsense").start().await else {
        panic!("it started")
    };
    assert!(matches!(error.kind(), ErrorKind::ServerStartFailed { .. }), "{error:?}");
    assert!(error.detail_text().unwrap().contains("shared_buffers"), "{error:?}");
}

/// Not a test by itself: the process that the next test kills.
#[tokio::test]
#[ignore = "started by another test"]
async fn starts_a_server_and_waits_to_be_killed() {
    let cluster = Cluster::builder().start().await.unwrap();
    let note = std::env::var_os("CADASTRE_TEST_NOTE").unwrap();
    std::fs::write(note, format!("{}\n{}\n", cluster.pid().unwrap(), cluster.folder().display())).unwrap();
    std::thread::sleep(Duration::from_secs(120));
}

#[test]
fn a_killed_process_leaves_no_server_behind() {
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("note");
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "starts_a_server_and_waits_to_be_killed", "--ignored"])
        .env("CADASTRE_TEST_NOTE", &note)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    wait_until("the other process started its server", || {
        std::fs::read_to_string(&note).is_ok_and(|text| text.lines().count() == 2)
    });
    let text = std::fs::read_to_string(&note).unwrap();
    let (pid, cluster) = text.trim().split_once('\n').unwrap();
    let pid = pid.parse().unwrap();
    assert!(alive(pid));
    child.kill().unwrap();
    child.wait().unwrap();
    wait_until("the server ended", || !alive(pid));
    wait_until("its files are gone", || !Path::new(cluster).exists());
}

/// The template's files in version order, down files last first.
fn template(suffix: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/templates/talentmatch");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.to_str().unwrap().ends_with(suffix));
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

#[tokio::test]
async fn the_template_goes_up_with_its_seed_and_down_without_a_trace() {
    let cluster = Cluster::builder().start().await.unwrap();
    let database = cluster.connect("postgres").await.unwrap();
    let mut session = database.session(Purpose::Migrate).await.unwrap();
    session.execute("create schema tenant; set search_path = tenant, pg_catalog").await.unwrap();
    let objects = "select count(*)::int4 from pg_depend where refobjid = 'tenant'::regnamespace";
    let ups = template(".up.sql");
    let mut before = Vec::new();
    for up in &ups {
        let count: i32 = sqlx::query_scalar(objects).fetch_one(session.connection()).await.unwrap();
        before.push(count);
        session.execute(Statement::script(up.as_str())).await.unwrap();
    }
    let seed = template("seed.sql");
    session.execute(Statement::script(seed[0].as_str())).await.unwrap();
    let tables: i64 = sqlx::query_scalar(
        "select count(*) from pg_class where relkind = 'r' and relnamespace = 'tenant'::regnamespace",
    )
    .fetch_one(session.connection())
    .await
    .unwrap();
    let enums: i64 = sqlx::query_scalar(
        "select count(*) from pg_type where typtype = 'e' and typnamespace = 'tenant'::regnamespace",
    )
    .fetch_one(session.connection())
    .await
    .unwrap();
    assert_eq!((tables, enums), (11, 8));
    let unindexed: Vec<String> = sqlx::query_scalar(
        "select conname::text from pg_constraint c where contype = 'f' and not exists (select from pg_index i \
         where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1] and i.indpred is null)",
    )
    .fetch_all(session.connection())
    .await
    .unwrap();
    assert_eq!(unindexed, [""; 0], "foreign keys without an index");
    let downs = template(".down.sql");
    assert_eq!(ups.len(), downs.len());
    for (down, before) in downs.iter().zip(&before).rev() {
        session.execute(Statement::script(down.as_str())).await.unwrap();
        let count: i32 = sqlx::query_scalar(objects).fetch_one(session.connection()).await.unwrap();
        assert_eq!(count, *before, "{down}");
    }
}

/// One text per table of the fleet, in a fixed order: its name, its rows and a digest over them.
async fn digests(database: &Database) -> Vec<String> {
    let mut session = database.session(Purpose::Export).await.unwrap();
    let tables: Vec<(String, String)> = sqlx::query_as(
        "select n.nspname::text, c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace \
         where c.relkind = 'r' and n.nspname !~ '^pg_|^information_schema$' order by 1, 2",
    )
    .fetch_all(session.connection())
    .await
    .unwrap();
    let mut digests = Vec::new();
    for (schema, table) in tables {
        let name = Ident::new(schema).unwrap().qualify(&Ident::new(table).unwrap());
        let query = Statement::of(format_args!(
            "select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from {name} t"
        ));
        let digest: String = sqlx::query_scalar(query).fetch_one(session.connection()).await.unwrap();
        digests.push(format!("{name} {digest}"));
    }
    digests
}

#[tokio::test]
async fn the_fleet_is_the_same_for_the_same_seed_and_has_its_figures() {
    let cluster = Cluster::builder().start().await.unwrap();
    let mut fleets = Vec::new();
    for name in ["first", "second"] {
        cluster.create_database(name).await.unwrap();
        let database = cluster.connect(name).await.unwrap();
        let started = Instant::now();
        let (events, last) = (AtomicU32::new(0), AtomicU32::new(0));
        let tenants = fill(&database, 7, &|event| {
            let DemoEvent::Filling { done, total: 40 } = event else { panic!("{event:?}") };
            events.fetch_add(1, Ordering::Relaxed);
            last.fetch_max(done, Ordering::Relaxed);
        })
        .await
        .unwrap();
        println!("filled in {:.1} s", started.elapsed().as_secs_f64());
        assert_eq!((tenants, events.into_inner(), last.into_inner()), (40, 41, 40));
        fleets.push((digests(&database).await, database));
    }
    assert_eq!(fleets[0].0, fleets[1].0);

    let database = &fleets[0].1;
    let list = tenant::list(database, None, &Selection::default()).await.unwrap();
    assert_eq!(list.tenants.len(), 40);
    // The figures that the first picture shows are right, although they are statistics.
    for tenant in &list.tenants {
        let own = fleets[0].0.iter().filter(|line| line.starts_with(&format!("\"{}\"", tenant.schema)));
        let rows: i64 = own.map(|line| line.split(' ').nth(1).unwrap().parse::<i64>().unwrap()).sum();
        assert_eq!(tenant.rows, rows, "{}", tenant.schema);
    }
    let named = |schema: &str| list.tenants.iter().find(|t| t.schema == schema).unwrap();
    assert!(named("talentmatch_lyon").rows >= 200_000);
    assert_eq!(named("cabinet_lefevre").name, "Cabinet Lefèvre & Associés");
    assert_eq!(named("granite_state_tech").state, TenantState::Inactive);
    assert_eq!(list.tenants.iter().filter(|t| t.state == TenantState::Inactive).count(), 1);
    let pending: Vec<_> = list.tenants.iter().filter_map(|t| t.pending).filter(|pending| *pending > 0).collect();
    assert_eq!(pending.iter().sum::<u32>(), 7, "{pending:?}");
    assert!(list.tenants.iter().all(|t| t.template.as_deref() == Some("talentmatch")), "every history is known");
    let small = list.tenants.iter().filter(|t| t.rows < 200).count();
    let medium = list.tenants.iter().filter(|t| (1000..40_000).contains(&t.rows)).count();
    assert!(small >= 3 && medium >= 20, "{small} small ones, {medium} of hundreds and thousands of rows");

    // One class of structures, and beside it those that are behind (by 1, 2 and 3) and the one that was changed by hand.
    let mut session = database.session(Purpose::Catalog).await.unwrap();
    let classes: Vec<i64> =
        sqlx::query_scalar(include_str!("structure.sql")).fetch_all(session.connection()).await.unwrap();
    assert_eq!(classes, [35, 2, 1, 1, 1]);
}

/// Not a test by itself: what another process does with the demo.
#[tokio::test]
#[ignore = "started by another test"]
async fn starts_the_demo_and_leaves_it_running() {
    let home = Home::open(std::env::var_os("CADASTRE_TEST_HOME").unwrap()).await.unwrap();
    demo::start(&home, &|_| {}).await.unwrap().leave_running();
}

fn in_another_process(home: &Home) -> std::process::Child {
    std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "starts_the_demo_and_leaves_it_running", "--ignored"])
        .env("CADASTRE_TEST_HOME", home.folder())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap()
}

/// The running server's process, by what `demo.json` says.
fn demo_server(home: &Home) -> Option<u32> {
    let text = std::fs::read_to_string(home.folder().join("demo.json")).ok()?;
    let record: serde_json::Value = serde_json::from_str(&text).ok()?;
    let lock = Path::new(record["folder"].as_str()?).join("data/postmaster.pid");
    std::fs::read_to_string(lock).ok()?.lines().next()?.parse().ok()
}

#[tokio::test]
async fn the_demo_outlives_its_starter_is_found_again_and_leaves_nothing_when_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::open(folder.path().join("home")).await.unwrap();
    assert!(!demo::status(&home).await.unwrap().running);
    assert_eq!(demo::stop(&home).await.unwrap_err().kind(), &ErrorKind::DemoNotRunning);

    // Killed while it fills: the server ends, and the half-made fleet is not taken for a whole one.
    let mut child = in_another_process(&home);
    wait_until("the server of the other process runs", || demo_server(&home).is_some());
    child.kill().unwrap();
    child.wait().unwrap();
    wait_until("it ended with its process", || demo_server(&home).is_none());
    assert_eq!(demo::status(&home).await.unwrap().tenants, 0);

    assert!(in_another_process(&home).wait().unwrap().success());
    let status = demo::status(&home).await.unwrap();
    assert_eq!((status.running, status.tenants), (true, 40));
    let server = demo_server(&home).unwrap();

    // Found running: nothing is made, and dropping what one did not start stops nothing.
    let steps = std::sync::Mutex::new(Vec::new());
    let found = demo::start(&home, &|event| steps.lock().unwrap().push(event)).await.unwrap();
    assert_eq!(*steps.lock().unwrap(), [DemoEvent::Searching, DemoEvent::Ready]);
    assert_eq!(Some(found.url()), status.url);
    assert_eq!(found.connect().await.unwrap().server().database, "talentmatch");
    drop(found);
    assert_eq!(demo_server(&home), Some(server));

    // A server that died leaves its data; the next start uses them, and what it started ends with it.
    std::process::Command::new("kill").args(["-9", &server.to_string()]).status().unwrap();
    wait_until("the server died", || !alive(server));
    assert!(!demo::status(&home).await.unwrap().running);
    let started = Instant::now();
    let again = demo::start(&home, &|event| assert!(!matches!(event, DemoEvent::Filling { .. }))).await.unwrap();
    println!("started again in {:.1} s", started.elapsed().as_secs_f64());
    assert_eq!(again.tenants(), 40);
    let server = demo_server(&home).unwrap();
    drop(again);
    // Its file is gone a moment before it is.
    wait_until("the server ended", || !alive(server));

    let data = std::fs::read_to_string(home.folder().join("demo.json")).unwrap();
    let data: serde_json::Value = serde_json::from_str(&data).unwrap();
    let data = Path::new(data["folder"].as_str().unwrap());
    assert!(data.exists());
    demo::stop(&home).await.unwrap();
    assert!(!data.exists());
    assert!(!demo::status(&home).await.unwrap().running);
}
