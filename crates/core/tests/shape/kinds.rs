//! One of everything: changed once, it is one change; repaired, it is none.

use crate::fixture::{Fixture, brief, list};
use cadastre_core::shape::Options;

/// A bit of everything that a shape knows.
pub const EVERYTHING: &str = include_str!("everything.sql");

/// Each changes one thing of [`EVERYTHING`].
const CHANGES: &[(&str, &str)] = &[
    ("alter type %.mood add value 'mad'", "enum mood changed labels"),
    ("alter type %.mood rename value 'sad' to 'blue'", "enum mood changed labels"),
    ("create type %.extra as enum ('a')", "enum extra added"),
    ("alter domain %.price set default 2", "domain price changed default_value"),
    ("alter domain %.price set not null", "domain price changed not_null"),
    ("alter domain %.price drop constraint positive", "domain constraint price.positive removed"),
    ("alter domain %.price add constraint small check (value < 100)", "domain constraint price.small added"),
    ("alter sequence %.tickets increment by 7", "sequence tickets changed parameters"),
    ("create sequence %.more", "sequence more added"),
    ("create table %.more (a int primary key, b text default 'x')", "table more added"),
    ("drop table %.visit cascade", "several"),
    ("drop table %.scratch", "table scratch removed"),
    ("alter table %.scratch set logged", "table scratch changed persistence"),
    ("alter table %.person set (fillfactor = 70)", "table person changed options"),
    ("alter table %.person reset (fillfactor)", "table person changed options"),
    ("alter table %.person replica identity full", "table person changed replica_identity"),
    ("alter table %.visit disable row level security", "table visit changed row_security"),
    ("alter table %.visit force row level security", "table visit changed row_security"),
    ("alter table %.person add column extra int default 3", "column person.extra added"),
    ("alter table %.person drop column tags", "column person.tags removed"),
    ("alter table %.visit alter column spans type text using spans::text", "column visit.spans changed data_type"),
    ("alter table %.person alter column born set not null", "column person.born changed not_null"),
    ("alter table %.person alter column id set generated always", "column person.id changed identity"),
    ("alter table %.person alter column id set increment by 3", "column person.id changed identity_parameters"),
    ("alter table %.person alter column id drop identity", "column person.id changed identity"),
    ("alter table %.person alter column loud drop expression", "column person.loud changed generated"),
    ("alter table %.person alter column notes set storage external", "column person.notes changed storage"),
    ("alter table %.person alter column notes set statistics 50", "column person.notes changed statistics"),
    ("alter table %.person alter column notes set (n_distinct = 5)", "column person.notes changed options"),
    ("alter table %.person alter column notes set compression pglz", "column person.notes changed compression"),
    ("alter table %.person alter column notes type text collate \"POSIX\"", "column person.notes changed collation"),
    ("alter table %.person alter column name set default 'somebody'", "default person.name changed definition"),
    ("alter table %.person alter column name drop default", "default person.name removed"),
    ("alter table %.person alter column born set default current_date", "default person.born added"),
    ("alter table %.visit drop constraint no_overlap", "constraint visit.no_overlap removed"),
    ("alter table %.visit add constraint newer check (id > 0) not valid", "constraint visit.newer added"),
    (
        "alter table %.visit alter constraint visit_person_fkey not deferrable",
        "constraint visit.visit_person_fkey changed definition",
    ),
    ("alter table %.person drop constraint person_name_born_key", "constraint person.person_name_born_key removed"),
    ("drop index %.visit_person", "index visit.visit_person removed"),
    (
        "drop index %.visit_person; create index visit_person on %.visit (person) where person > 1",
        "index visit.visit_person changed definition",
    ),
    ("create index more on %.event (kind)", "index event.more added"),
    ("alter table %.person cluster on person_lower", "index person.person_lower changed clustered"),
    (
        "create or replace function %.twice(n int) returns int language sql immutable begin atomic select n * 3; end",
        "function twice(n integer) changed definition",
    ),
    (
        "create or replace function %.greet(who text, mood %.mood default 'ok') returns text language plpgsql as $$ begin return 1; end $$",
        "function greet(who text, mood mood) changed body",
    ),
    ("create function %.more() returns int language sql as $$ select 1 $$", "function more() added"),
    ("drop procedure %.tidy()", "procedure tidy() removed"),
    ("drop aggregate %.total(int)", "aggregate total(integer) removed"),
    ("drop view %.people_names", "view people_names removed"),
    (
        "create or replace view %.people_names with (security_barrier = true) as select name from %.people where id > 1",
        "view people_names changed definition",
    ),
    ("alter view %.people_names reset (security_barrier)", "view people_names changed options"),
    ("create view %.more as select 1 as one", "view more added"),
    ("create materialized view %.more as select 1 as one", "materialized view more added"),
    ("drop index %.counts_n", "index counts.counts_n removed"),
    ("drop trigger touched on %.person", "trigger person.touched removed"),
    ("alter table %.person disable trigger touched", "trigger person.touched changed enabled"),
    ("drop rule ignore on %.visit", "rule visit.ignore removed"),
    ("alter table %.visit disable rule ignore", "rule visit.ignore changed enabled"),
    ("drop policy own on %.visit", "policy visit.own removed"),
    ("alter policy own on %.visit using (true)", "policy visit.own changed using_expression"),
    ("alter policy own on %.visit to pg_monitor", "policy visit.own changed roles"),
    ("drop statistics %.person_statistics", "statistics person.person_statistics removed"),
    ("alter statistics %.person_statistics set statistics 7", "statistics person.person_statistics changed statistics"),
    ("drop table %.event_rest", "table event_rest removed"),
    (
        "create table %.event_2025 partition of %.event for values from ('2025-01-01') to ('2026-01-01')",
        "table event_2025 added",
    ),
    ("alter table %.event detach partition %.event_2024", "several"),
    ("alter table %.event add column more text", "column event.more added"),
    ("alter table %.base add column more text", "column base.more added"),
    ("alter table %.derived no inherit %.base", "several"),
    ("create table %.lone (a int, b text); alter table %.lone inherit %.base", "table lone added"),
    ("comment on table %.person is 'Persons'", "table person changed comment"),
    ("comment on table %.person is null", "table person changed comment"),
    ("comment on column %.person.name is null", "column person.name changed comment"),
    ("comment on column %.people.name is 'N'", "view column people.name added"),
    ("comment on index %.visit_person is 'I'", "index visit.visit_person changed comment"),
    ("comment on constraint no_overlap on %.visit is 'C'", "constraint visit.no_overlap changed comment"),
    ("comment on type %.mood is 'M'", "enum mood changed comment"),
    ("comment on trigger touched on %.person is 'T'", "trigger person.touched changed comment"),
    ("comment on policy own on %.visit is 'P'", "policy visit.own changed comment"),
    ("create collation %.here (locale = 'C')", "collation here added"),
];

#[tokio::test]
async fn the_same_script_makes_the_same_shape_whatever_the_schema_and_its_owner() {
    let mut fixture = Fixture::new(EVERYTHING, &["acme", "Été \"é\".x'y\\z"]).await;
    let options = Options::default();
    let comparison = fixture.compare("acme", "Été \"é\".x'y\\z", options).await;
    assert!(comparison.changes.is_empty(), "{}", list(&comparison.changes));
    assert_eq!(comparison.reference, comparison.other);
    // Texts of functions that name the old schema would be wrong after this, and are a difference.
    fixture.run("drop function acme.greet; drop procedure acme.tidy").await;
    let before = fixture.fingerprint("acme", options).await;
    fixture.run("create role boss; alter schema acme owner to boss; alter schema acme rename to moved").await;
    fixture.run("alter table moved.person owner to boss").await;
    assert_eq!(fixture.fingerprint("moved", options).await, before);
}

#[tokio::test]
async fn one_change_is_reported_as_one_and_its_repair_leaves_none() {
    each_change(Fixture::new(EVERYTHING, &["acme"]).await).await;
}

/// A person makes these once, and every tenant has its own.
const BESIDE: &str = r#"
    create type %.mood as enum ('sad', 'ok');
    create function %.degree(%.mood) returns int language sql immutable as $$ select case $1 when 'sad' then 1 else 2 end $$;
    create cast (%.mood as int) with function %.degree(%.mood) as implicit;
    create cast (varchar as %.mood) with inout as assignment;
    comment on cast (%.mood as int) is E'How it''s "ordered";\n\\ by degrees';
    create function %.same(%.mood, %.mood) returns boolean language sql immutable as 'select $1::text = $2::text';
    create operator %.=== (function = %.same, leftarg = %.mood, rightarg = %.mood,
        commutator = operator(%.===), negator = operator(%.!==), restrict = eqsel, join = eqjoinsel);
    create operator %.!! (function = %.degree, rightarg = %.mood);
    create collation %."Plain" (locale = 'C');
    create collation %.insensitive (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    create text search dictionary %.stems (template = snowball, language = french, stopwords = french);
    create text search configuration %.words (copy = french);
    alter text search configuration %.words alter mapping for hword, word with %.stems, simple;
    comment on text search configuration %.words is 'French';
    create domain %.email as text collate %.insensitive;
    create table %.person (name text collate %."Plain", email %.email, mood %.mood, found tsvector);
    create index on %.person using gin (to_tsvector('§.words', name));
    create view %.moods as select mood::int + 1 as degree from %.person where mood operator(%.===) 'ok'
"#;

#[tokio::test]
async fn operators_casts_collations_and_text_search_objects_are_compared_and_made() {
    let mut fixture = Fixture::new(BESIDE, &["acme", "Été \"é\".x'y"]).await;
    let options = Options::default();
    let comparison = fixture.compare("acme", "Été \"é\".x'y", options).await;
    assert!(comparison.changes.is_empty(), "{}", list(&comparison.changes));
    for (change, expected) in [
        ("drop cast (varchar as %.mood)", "cast (character varying as mood) removed"),
        ("drop operator %.!! (none, %.mood)", "operator !! (mood) removed"),
        ("drop text search configuration %.words cascade", "several"),
        ("drop collation %.\"Plain\" cascade", "several"),
        ("drop type %.mood cascade", "several"),
    ] {
        let before = fixture.mark("Été \"é\".x'y").await;
        fixture.in_schema("Été \"é\".x'y", change).await;
        assert_ne!(fixture.mark("Été \"é\".x'y").await, before, "{change}");
        let comparison = fixture.compare("acme", "Été \"é\".x'y", options).await;
        let brief: Vec<String> = comparison.changes.iter().map(brief).collect();
        assert!(expected == "several" || brief == [expected], "{change}: {brief:?}");
        fixture.repair("acme", "Été \"é\".x'y", options).await;
    }
    for change in [
        "alter text search configuration %.words alter mapping for word with simple",
        "alter text search dictionary %.stems (stopwords = english)",
        "alter operator %.=== (%.mood, %.mood) set (restrict = none)",
        "comment on collation %.\"Plain\" is 'C'",
        "create type %.announced",
    ] {
        let before = fixture.mark("Été \"é\".x'y").await;
        fixture.in_schema("Été \"é\".x'y", change).await;
        assert_ne!(fixture.mark("Été \"é\".x'y").await, before, "{change}");
        let comparison = fixture.compare("acme", "Été \"é\".x'y", options).await;
        assert!(!comparison.changes.is_empty() && !comparison.repair.unrepaired.is_empty(), "{change}");
    }
}

#[tokio::test]
async fn parents_in_another_order_are_no_difference() {
    let script = "create table %.a (id int); create table %.b (id int)";
    let mut fixture = Fixture::new(script, &["acme", "other"]).await;
    fixture.in_schema("acme", "create table %.child () inherits (%.a, %.b)").await;
    fixture.in_schema("other", "create table %.child () inherits (%.b, %.a)").await;
    let options = Options { column_order: true, grants: true };
    let comparison = fixture.compare("acme", "other", options).await;
    assert!(comparison.changes.is_empty(), "{}", list(&comparison.changes));
    assert_eq!(comparison.reference, comparison.other);
    fixture.in_schema("other", "alter table %.child no inherit %.a").await;
    fixture.repair("acme", "other", options).await;
}

/// Makes each of the changes and repairs it.
pub async fn each_change(mut fixture: Fixture) {
    let options = Options { grants: true, ..Options::default() };
    let before = fixture.fingerprint("acme", options).await;
    let mut problems = Vec::new();
    fixture.in_schema("other", &format!("create schema %; {EVERYTHING}")).await;
    for (change, expected) in CHANGES {
        fixture.in_schema("other", change).await;
        let comparison = fixture.compare("acme", "other", options).await;
        let brief: Vec<String> = comparison.changes.iter().map(brief).collect();
        assert_ne!(fixture.fingerprint("other", options).await, before, "{change}");
        if *expected != "several" && brief != [*expected] {
            problems.push(format!("{change}\n{}", list(&comparison.changes)));
        }
        let repaired = match comparison.repair.unrepaired.len() {
            0 => fixture.try_repair("acme", "other", options).await,
            _ => Err("a person has to do that".into()),
        };
        if let Err(problem) = repaired {
            if comparison.repair.unrepaired.is_empty() {
                problems.push(format!("{change}\n{problem}"));
            }
            fixture.in_schema("other", &format!("drop schema % cascade; create schema %; {EVERYTHING}")).await;
        }
    }
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n\n"));
    assert_eq!(fixture.fingerprint("acme", options).await, before);
}
