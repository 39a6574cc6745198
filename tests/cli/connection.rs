//! What `tenant connection` prints is pasted into an application, and its first query lands in the tenant.

use cadastre_tests::python::python_tools;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::Value;
use std::process::Command;

/// Two tenants, one of them with a name that needs every sort of quoting, and a table of the same name in `public`.
const SCHEMAS: [&str; 2] = ["lycee_hugo", "Lycée \"X\\\" d'été, 1"];

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The connection of each tenant, as its own role.
async fn connections() -> (TestDatabase, Vec<(String, Value)>) {
    let database = TestDatabase::new().await;
    let mark = &database.name()[5..13];
    database.execute("create table public.item (id int); insert into public.item values (0); grant select on public.item to public").await;
    for (number, schema) in SCHEMAS.iter().enumerate() {
        let (name, role) = (quoted(schema), quoted(&format!("{schema} {mark}")));
        database
            .execute(&format!(
                "create schema {name}; create role {role} login password 'p'; grant usage on schema {name} to {role}; \
                 create table {name}.item (id int); insert into {name}.item values ({}); grant select on {name}.item to {role}",
                number + 1
            ))
            .await;
    }
    let cli = Cli::on(&database.url());
    let mut all = Vec::new();
    for schema in SCHEMAS {
        let shown = cli.json(&["tenant", "connection", schema]).await;
        assert_eq!(shown["role"], format!("{schema} {mark}"), "{shown:#}");
        all.push((schema.to_owned(), shown));
    }
    (database, all)
}

/// What a program prints.
fn said(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {wrong}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn python(script: &str) -> String {
    said(
        Command::new(python_tools().join("python"))
            .args(["-c", script])
            .env("DB_PASSWORD", "p")
            .env_remove("PGPASSWORD"),
    )
}

/// The row of the tenant, and who asked.
fn expected(number: usize, connection: &Value) -> String {
    format!("{} {}", number + 1, connection["role"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn the_url_leads_psql_into_the_tenant() {
    let (_database, connections) = connections().await;
    for (number, (schema, connection)) in connections.iter().enumerate() {
        let url = connection["url"].as_str().expect("a URL");
        let query = "select id || ' ' || current_user from item";
        let row = said(Command::new("psql").args(["-XAtc", query, url]));
        assert_eq!(row, expected(number, connection), "{schema}: {url}");
    }
}

#[tokio::test]
async fn the_snippet_for_sqlalchemy_leads_into_the_tenant() {
    let (_database, connections) = connections().await;
    for (number, (schema, connection)) in connections.iter().enumerate() {
        let snippet = connection["sqlalchemy"].as_str().expect("a snippet");
        let query = "from sqlalchemy import Column, Integer, MetaData, Table, select, text\n\
                     item = Table('item', MetaData(), Column('id', Integer))\n\
                     print(connection.execute(select(item.c.id)).scalar_one(), connection.execute(text('select current_user')).scalar_one())\n";
        assert_eq!(python(&format!("{snippet}\n{query}")), expected(number, connection), "{schema}: {snippet}");
    }
}

#[tokio::test]
async fn the_snippet_for_django_leads_into_the_tenant() {
    let (_database, connections) = connections().await;
    for (number, (schema, connection)) in connections.iter().enumerate() {
        let snippet = connection["django"].as_str().expect("a snippet");
        let query = "import django\nfrom django.conf import settings\nsettings.configure(DATABASES=DATABASES)\ndjango.setup()\n\
                     from django.db import connection\nwith connection.cursor() as cursor:\n    \
                     cursor.execute('select id, current_user from item')\n    print(*cursor.fetchone())\n";
        assert_eq!(
            python(&format!("import os\n{snippet}\n{query}")),
            expected(number, connection),
            "{schema}: {snippet}"
        );
    }
}
