//! A plan tried out before it is applied: what it finds, and that nothing of it stays.

use crate::fleet::small_template;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

/// Tenants made from the small template, with a further migration to rehearse.
async fn fleet(names: &[&str]) -> (TestDatabase, Cli, String) {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let folder = small_template(&cli, "template");
    let create = [&["tenant", "create", "--template", &folder, "--yes"], names].concat();
    let made = cli.json(&create).await;
    assert_eq!(made["done"], names.len(), "{made}");
    cli.write("template/20260103000000_mood.up.sql", "\nalter table item add column mood text;\n");
    cli.write("template/20260103000000_mood.down.sql", "alter table item drop column mood;\n");
    (database, cli, folder)
}

/// Rehearses, and checks that the database is what it was; the exit code and the document.
async fn rehearse(database: &TestDatabase, cli: &Cli, arguments: &[&str]) -> (i32, Value) {
    let before = database.state().await;
    let arguments = [arguments, &["--rehearse"]].concat();
    let spoken = cli.run(&arguments).await;
    assert!(spoken.stdout.contains("nothing was changed."), "{spoken}");
    let call = cli.run(&[&arguments[..], &["--json"]].concat()).await;
    assert_eq!(spoken.code, call.code, "{spoken}\n{call}");
    assert_eq!(database.state().await, before, "{call}");
    (call.code, call.document())
}

fn class<'a>(rehearsal: &'a Value, member: &str) -> &'a Value {
    let classes = rehearsal["classes"].as_array().expect("classes");
    let has = |class: &&Value| class["members"].as_array().is_some_and(|members| members.contains(&json!(member)));
    classes.iter().find(has).unwrap_or_else(|| panic!("no {member}: {rehearsal:#}"))
}

fn codes(notes: &Value) -> Vec<&str> {
    notes.as_array().expect("notes").iter().filter_map(|note| note["code"].as_str()).collect()
}

#[tokio::test]
async fn every_class_gets_its_verdict_and_nothing_is_changed() {
    let (database, cli, folder) = fleet(&["One", "Two", "Three"]).await;
    database.execute("alter table three.item add column mood int; insert into one.item values (1, 'a')").await;
    let (code, rehearsal) = rehearse(&database, &cli, &["migrate", "up", "--all", "--dir", &folder]).await;
    assert_eq!(code, 3, "{rehearsal:#}");
    assert_eq!((&rehearsal["tenants"], rehearsal["classes"].as_array().map(Vec::len)), (&json!(3), Some(2)));
    assert_eq!(codes(&rehearsal["notes"]), ["rehearsal_structure_only"]);

    let good = class(&rehearsal, "one");
    assert_eq!((&good["verdict"], &good["members"]), (&json!("passed"), &json!(["one", "two"])), "{good:#}");
    let change = &good["changes"][0];
    assert_eq!(
        (&change["kind"], &change["name"], &change["change"]),
        (&json!("column"), &json!("mood"), &json!("added"))
    );
    assert_eq!(good["changes"].as_array().map(Vec::len), Some(1), "{good:#}");
    let lock = json!({
        "relation": "item", "mode": "ACCESS EXCLUSIVE", "stops": "readers",
        "file": "20260103000000_mood.up.sql", "line": 2
    });
    assert_eq!(good["locks"], json!([lock]), "{good:#}");
    assert_eq!(good["way_back"]["outcome"], "restored", "{good:#}");
    let files: Vec<&str> = good["files"].as_array().expect("files").iter().filter_map(|f| f["file"].as_str()).collect();
    assert_eq!(files, ["20260103000000_mood.up.sql", "20260103000000_mood.down.sql"]);
    assert_eq!(good["notes"], json!([]), "{good:#}");

    let bad = class(&rehearsal, "three");
    assert_eq!((&bad["verdict"], &bad["way_back"]["outcome"]), (&json!("failed"), &json!("not_tried")), "{bad:#}");
    let (error, message) = (&bad["error"], bad["error"]["message"].as_str().unwrap_or_default());
    assert_eq!(error["code"], "migration_failed", "{bad:#}");
    assert!(message.contains("\"mood\"") && message.contains("in three"), "{message}");
    assert!(message.contains("already exists"), "{message}");
    assert!(!bad.to_string().contains("cadastre_rehearsal"), "{bad:#}");

    let journal = cli.json(&["journal", "list", "--operation", "rehearse"]).await;
    assert_eq!(journal["entries"][0]["outcome"], "failed", "{journal}");
    assert_eq!(journal["entries"][0]["subject"], "3 tenants", "{journal}");
}

#[tokio::test]
async fn a_tenant_that_stopped_half_way_is_not_tried_and_keeps_nobody_else_from_it() {
    let (database, cli, folder) = fleet(&["One", "Two"]).await;
    database.execute("insert into two.item (id, name) values (1, 'a'), (2, 'a')").await;
    let file =
        "-- no-transaction\ncomment on table item is 'Items';\ncreate unique index concurrently on item (name);\n";
    cli.write("template/20260103000000_mood.up.sql", file);
    std::fs::remove_file(cli.path("template/20260103000000_mood.down.sql")).expect("the file");
    let call = cli.run(&["migrate", "up", "two", "--dir", &folder, "--retries", "0"]).await;
    assert_eq!(call.code, 1, "{call}");
    let (_, rehearsal) = rehearse(&database, &cli, &["migrate", "up", "--all", "--dir", &folder]).await;
    assert_eq!(class(&rehearsal, "one")["verdict"], "passed", "{rehearsal:#}");
    let stopped = class(&rehearsal, "two");
    assert_eq!(
        (&stopped["verdict"], &stopped["error"]["code"]),
        (&json!("not_rehearsed"), &json!("not_rehearsable")),
        "{stopped:#}"
    );
}

#[tokio::test]
async fn an_error_names_file_and_line_as_a_run_would() {
    let (database, cli, folder) = fleet(&["One"]).await;
    cli.write(
        "template/20260103000000_mood.up.sql",
        "select 1;\nalter table item\n  add column name text;\nselect nope;\n",
    );
    let (code, rehearsal) = rehearse(&database, &cli, &["migrate", "up", "--all", "--dir", &folder]).await;
    assert_eq!(code, 1, "{rehearsal:#}");
    cli.write("template/20260103000000_mood.up.sql", "select 1;\nselect nope from item;\n");
    let (_, rehearsal) = rehearse(&database, &cli, &["migrate", "up", "--all", "--dir", &folder]).await;
    let rehearsed = rehearsal["classes"][0]["error"]["message"].clone();
    assert!(rehearsed.as_str().is_some_and(|m| m.ends_with("(20260103000000_mood.up.sql, line 2)")), "{rehearsed}");
    let run = cli.run(&["migrate", "up", "--all", "--dir", &folder, "--json"]).await.document();
    assert_eq!(run["tenants"][0]["error"]["message"], rehearsed);
}

#[tokio::test]
async fn a_way_back_that_leads_elsewhere_is_told_with_what_differs() {
    let (database, cli, folder) = fleet(&["One"]).await;
    cli.write("template/20260103000000_mood.down.sql", "alter table item alter column mood set not null;\n");
    let (code, rehearsal) = rehearse(&database, &cli, &["migrate", "up", "--all", "--dir", &folder]).await;
    let class = &rehearsal["classes"][0];
    assert_eq!((code, &class["verdict"]), (1, &json!("no_way_back")), "{class:#}");
    assert_eq!(class["way_back"]["outcome"], "differs", "{class:#}");
    assert_eq!(class["way_back"]["changes"][0]["name"], "mood", "{class:#}");

    cli.write("template/20260103000000_mood.down.sql", "drop table nowhere;\n");
    let (code, rehearsal) = rehearse(&database, &cli, &["migrate", "up", "--all", "--dir", &folder]).await;
    let way_back = &rehearsal["classes"][0]["way_back"];
    assert_eq!((code, &way_back["outcome"]), (1, &json!("failed")), "{way_back:#}");
    assert!(way_back["error"]["message"].as_str().is_some_and(|m| m.contains("nowhere")), "{way_back:#}");

    std::fs::remove_file(cli.path("template/20260103000000_mood.down.sql")).expect("the file goes");
    let (code, rehearsal) = rehearse(&database, &cli, &["migrate", "up", "--all", "--dir", &folder]).await;
    let class = &rehearsal["classes"][0];
    assert_eq!((code, &class["verdict"], &class["way_back"]["outcome"]), (0, &json!("passed"), &json!("missing")));
}

#[tokio::test]
async fn a_whole_template_is_rehearsed_up_and_down() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    cli.json(&["tenant", "create", "Alpha", "--template", "talentmatch"]).await;
    database.execute("create schema fresh; comment on schema fresh is 'Fresh'; create table fresh.x (id int)").await;
    let down = ["migrate", "down", "alpha", "--to", "0", "--dir", "talentmatch"];
    let (code, rehearsal) = rehearse(&database, &cli, &down).await;
    assert_eq!(code, 0, "{rehearsal:#}");
    let way_back = &rehearsal["classes"][0]["way_back"];
    assert_eq!(way_back["outcome"], "restored", "{way_back:#}");
    let (code, rehearsal) = rehearse(&database, &cli, &["migrate", "up", "fresh", "--dir", "talentmatch"]).await;
    assert_eq!((code, &rehearsal["classes"][0]["verdict"]), (0, &json!("passed")), "{rehearsal:#}");
    assert_eq!(rehearsal["classes"][0]["locks"], json!([]), "new tables keep nobody waiting");
    let (code, rehearsal) = rehearse(&database, &cli, &["migrate", "up", "alpha", "--dir", "talentmatch"]).await;
    assert_eq!((code, &rehearsal["classes"]), (0, &json!([])), "nothing to rehearse");
}

#[tokio::test]
async fn a_schema_with_everything_in_it_can_be_copied() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let everything = include_str!("../../crates/core/tests/shape/everything.sql").replace('§', "acme");
    database.execute("create schema acme").await;
    database.execute(&everything.replace('%', "acme")).await;
    cli.write("template/1_note.up.sql", "create table added (id int);\n");
    cli.write("template/1_note.down.sql", "drop table added;\n");
    let (code, rehearsal) =
        rehearse(&database, &cli, &["migrate", "up", "--all", "--dir", &cli.path("template")]).await;
    assert_eq!(code, 0, "{rehearsal:#}");
    for class in rehearsal["classes"].as_array().expect("classes") {
        assert_eq!(class["notes"], json!([]), "the copy is like the tenant: {class:#}");
    }
}

#[tokio::test]
async fn a_program_killed_in_the_middle_leaves_nothing_and_nobody_waits_meanwhile() {
    let (database, cli, folder) = fleet(&["One", "Two"]).await;
    let slow = "alter table item add column mood text;\nselect pg_catalog.pg_sleep(8);\n";
    cli.write("template/20260103000000_mood.up.sql", slow);
    let namespaces = "select oid::text || nspname from pg_catalog.pg_namespace order by 1";
    let before = database.column(namespaces).await;
    let call = cli.start(&["migrate", "up", "--all", "--dir", &folder, "--rehearse"]);
    let session = "pg_catalog.pg_stat_activity a where a.application_name = 'cadastre rehearsal' and a.datname = pg_catalog.current_database()";
    let sleeps =
        format!("select case when exists (select from {session} and a.wait_event = 'PgSleep') then 't' else 'f' end");
    database.wait_until(&sleeps).await;
    assert_eq!(database.column(namespaces).await, before, "nobody sees the copy");
    let locks = format!(
        "select distinct l.mode from pg_catalog.pg_locks l join pg_catalog.pg_class c on c.oid = l.relation \
         where l.pid = (select a.pid from {session}) and c.relnamespace in ('one'::regnamespace, 'two'::regnamespace)"
    );
    assert!(database.column(&locks).await.iter().all(|mode| mode == "AccessShareLock"));
    database
        .execute(
            "set lock_timeout = '100ms'; alter table one.item add column other int; insert into one.item values (1)",
        )
        .await;
    let killed = call.kill().await;
    assert_eq!(killed.code, -1, "{killed}");
    database.wait_until(&format!("select case when exists (select from {session}) then 'f' else 't' end")).await;
    assert_eq!(database.column(namespaces).await, before);
}

#[tokio::test]
async fn what_cannot_be_rehearsed_is_said() {
    let (database, cli, folder) = fleet(&["One", "Two"]).await;
    cli.write(
        "template/20260104000000_index.up.sql",
        "-- no-transaction\ncreate index concurrently item_mood on item (mood);\n",
    );
    cli.write("template/20260104000000_index.down.sql", "-- no-transaction\ndrop index concurrently item_mood;\n");
    cli.write("template/20260105000000_vacuum.up.sql", "-- no-transaction\nvacuum item;\n");
    cli.write("template/20260105000000_vacuum.down.sql", "select 1;\n");
    cli.write("template/template.toml", "[[hook]]\nwhen = \"after\"\ncommand = [\"true\"]\n");
    let up = ["migrate", "up", "--all", "--dir", &folder];
    let (code, rehearsal) = rehearse(&database, &cli, &up).await;
    let class = &rehearsal["classes"][0];
    assert_eq!((code, &class["verdict"]), (0, &json!("passed")), "{class:#}");
    assert_eq!(codes(&rehearsal["notes"]), ["rehearsal_structure_only", "rehearsal_commands"]);
    let notes = codes(&class["notes"]);
    assert_eq!(
        notes,
        ["rehearsal_without_concurrently", "rehearsal_left_out", "rehearsal_without_concurrently"],
        "{class:#}"
    );
    let outcomes: Vec<&str> =
        class["files"].as_array().expect("files").iter().filter_map(|file| file["outcome"].as_str()).collect();
    assert_eq!(outcomes, ["applied", "applied", "left_out", "applied", "applied", "applied"], "{class:#}");

    std::fs::remove_file(cli.path("template/20260105000000_vacuum.up.sql")).expect("the file goes");
    std::fs::remove_file(cli.path("template/20260105000000_vacuum.down.sql")).expect("the file goes");
    cli.write("template/template.toml", "");
    // Sent, this would end the transaction.
    cli.write("template/20260103000000_mood.up.sql", "create table left_behind (id int);\ncommit;\n");
    let (code, rehearsal) = rehearse(&database, &cli, &up).await;
    let class = &rehearsal["classes"][0];
    assert_eq!((code, &class["verdict"]), (1, &json!("failed")), "{class:#}");
    assert!(class["error"]["message"].as_str().is_some_and(|m| m.contains("line 2")), "{class:#}");
    // Sent, this would lock another tenant.
    cli.write("template/20260103000000_mood.up.sql", "alter table item add mood text;\ntruncate two.item;\n");
    let (code, rehearsal) = rehearse(&database, &cli, &up).await;
    let class = &rehearsal["classes"][0];
    assert_eq!(
        (code, &class["verdict"], &class["error"]["code"]),
        (4, &json!("not_rehearsed"), &json!("not_rehearsable"))
    );

    for file in ["20260101000000_item", "20260102000000_item_name", "20260103000000_mood", "20260104000000_index"] {
        for way in ["up", "down"] {
            std::fs::remove_file(cli.path(&format!("template/{file}.{way}.sql"))).expect("the file goes");
        }
    }
    cli.write("template/template.toml", "[migrator]\ncommand = [\"true\"]\n");
    cli.refused(&["migrate", "up", "--all", "--dir", &folder, "--rehearse"], 4, "not_rehearsable").await;
}

#[tokio::test]
async fn a_new_label_is_not_used_before_the_end_of_its_transaction() {
    let (database, cli, folder) = fleet(&["One"]).await;
    database.execute("create type one.mood as enum ('ok'); alter table one.item add column mood one.mood").await;
    let text = "alter type mood add value if not exists 'great';\nupdate item set mood = 'great' where mood = 'ok';\n";
    cli.write("template/20260103000000_mood.up.sql", text);
    cli.write("template/20260103000000_mood.down.sql", "select 1;\n");
    let up = ["migrate", "up", "--all", "--dir", &folder];
    let (_, rehearsal) = rehearse(&database, &cli, &up).await;
    // Up to PostgreSQL 16 the server refuses it in the copy too, where the type is as new as the label.
    let class = &rehearsal["classes"][0];
    let warned = codes(&class["notes"]) == ["rehearsal_new_label"];
    assert!(warned || class["error"]["sqlstate"] == "55P04", "{class:#}");
    let call = cli.run(&[&up[..], &["--json"]].concat()).await;
    assert_eq!(call.document()["tenants"][0]["error"]["sqlstate"], "55P04", "a run fails there: {call}");

    // In a file of its own it is used after the commit, which a rehearsal does not have.
    cli.write("template/20260103000000_mood.up.sql", "alter type mood add value 'great';\n");
    cli.write("template/20260104000000_use.up.sql", "update item set mood = 'great' where mood = 'ok';\n");
    let (code, rehearsal) = rehearse(&database, &cli, &up).await;
    let verdict = &rehearsal["classes"][0]["verdict"];
    assert!((code, verdict) == (4, &json!("not_rehearsed")) || code == 0, "{rehearsal:#}");
    assert_eq!(cli.json(&up).await["done"], 1);
}

#[tokio::test]
async fn what_reaches_outside_the_tenant_is_found_and_taken_back() {
    let (database, cli, folder) = fleet(&["One"]).await;
    let shared = "create table public.country (id int primary key); insert into public.country values (1); \
                  alter table one.item add column country int constraint item_country references public.country; \
                  create function public.twice(i int) returns int language sql as 'select 2 * i'";
    database.execute(shared).await;
    let up = ["migrate", "up", "--all", "--dir", &folder];
    let (code, rehearsal) = rehearse(&database, &cli, &up).await;
    assert_eq!(code, 0, "{rehearsal:#}");
    assert_eq!(codes(&rehearsal["classes"][0]["notes"]), ["rehearsal_foreign_keys"], "{rehearsal:#}");
    cli.write(
        "template/20260103000000_mood.up.sql",
        "-- touches: public\nalter table item drop constraint item_country;\n",
    );
    cli.write(
        "template/20260103000000_mood.down.sql",
        "alter table item add constraint item_country foreign key (country) references public.country;\n",
    );
    let (code, rehearsal) = rehearse(&database, &cli, &up).await;
    assert_eq!(code, 0, "a key that a file names is in the copy: {rehearsal:#}");
    for text in
        ["do $$ begin delete from public.country; end $$;", "revoke execute on function public.twice from public;"]
    {
        cli.write("template/20260103000000_mood.up.sql", text);
        let (code, rehearsal) = rehearse(&database, &cli, &up).await;
        let class = &rehearsal["classes"][0];
        assert_eq!((code, &class["error"]["code"]), (1, &json!("touches_outside")), "{text}: {class:#}");
    }
    cli.write("template/20260103000000_mood.up.sql", "-- touches: public\ndelete from public.country;\n");
    cli.write("template/20260103000000_mood.down.sql", "-- touches: public\ninsert into public.country values (1);\n");
    let (code, rehearsal) = rehearse(&database, &cli, &up).await;
    assert_eq!(code, 0, "{rehearsal:#}");
    let lock = &rehearsal["classes"][0]["locks"][0];
    assert_eq!((&lock["relation"], &lock["mode"]), (&json!("public.country"), &json!("ROW EXCLUSIVE")));
    // Without its way back too: what the file may change outside the copy is rolled back.
    std::fs::remove_file(cli.path("template/20260103000000_mood.down.sql")).expect("the file goes");
    let (code, rehearsal) = rehearse(&database, &cli, &up).await;
    assert_eq!(code, 0, "{rehearsal:#}");
    assert_eq!(database.value("select count(*)::text from public.country").await, "1");
}

#[tokio::test]
async fn it_needs_the_right_to_create_a_schema_and_a_connection_that_may_write() {
    let (database, cli, folder) = fleet(&["One"]).await;
    let role = format!("rehearser_{}", &database.name()[5..17]);
    database
        .execute(&format!(
            "create role {role} login; grant usage on schema one to {role}; grant select on all tables in schema one to {role}"
        ))
        .await;
    // Where not everybody may read the cluster's number, plans are made all the same.
    database.execute("revoke execute on function pg_catalog.pg_control_system() from public").await;
    let limited = Cli::on(&database.url_as(&role));
    let folder_of = small_template(&limited, "template");
    limited.write("template/20260103000000_mood.up.sql", "alter table item add column mood text;\n");
    let error =
        limited.refused(&["migrate", "up", "--all", "--dir", &folder_of, "--rehearse"], 4, "permission_denied").await;
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("GRANT CREATE ON DATABASE")), "{error}");
    // With it, a tenant that the role may only read can be rehearsed; that it could not be migrated is said.
    database.execute(&format!("grant create on database {} to {role}", database.name())).await;
    let call = limited.run(&["migrate", "up", "--all", "--dir", &folder_of, "--rehearse", "--json"]).await;
    assert_eq!(call.code, 0, "{call}");
    let notes = &call.document()["classes"][0]["notes"];
    assert_eq!(codes(notes), ["rehearsal_rights"], "{call}");
    cli.json(&["profile", "add", "Looking", "--url", &database.url(), "--read-only"]).await;
    cli.refused(&["migrate", "up", "--all", "--dir", &folder, "--rehearse", "--profile", "Looking"], 4, "read_only")
        .await;
}
