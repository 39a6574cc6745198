//! Two schemas made by the same script, and what became of them.

use crate::common::{database, run};
use cadastre_core::connection::{Database, Session};
use cadastre_core::shape::{
    self, Change, Comparison, Fingerprint, Namespace, Options, compare, fingerprints, marks, namespaces,
};
use cadastre_core::sql::{Ident, Statement};

pub struct Fixture {
    pub database: Database,
    pub session: Session,
}

impl Fixture {
    /// Runs the script in each of the schemas, which its `%` stands for.
    pub async fn new(script: &str, schemas: &[&str]) -> Self {
        let (database, session) = database().await;
        Self::of(database, session, script, schemas).await
    }

    /// The same in a database of the caller's.
    pub async fn of(database: Database, session: Session, script: &str, schemas: &[&str]) -> Self {
        let mut fixture = Self { database, session };
        for schema in schemas {
            fixture.in_schema(schema, &format!("create schema %; {script}")).await;
        }
        fixture
    }

    /// Runs a script whose `%` is the schema, and `§` the schema inside a text.
    pub async fn in_schema(&mut self, schema: &str, script: &str) {
        let schema = Ident::new(schema).unwrap().to_string();
        let script = script.replace('%', &schema).replace('§', &schema.replace('\'', "''"));
        let result = self.session.execute(Statement::script(&script)).await;
        result.unwrap_or_else(|error| panic!("{script}\n{error:?}"));
    }

    pub async fn run(&mut self, script: &str) {
        run(&mut self.session, script).await;
    }

    pub async fn namespace(&mut self, schema: &str) -> Namespace {
        namespaces(&mut self.session, &[schema.to_owned()]).await.unwrap().remove(0)
    }

    pub async fn fingerprint(&mut self, schema: &str, options: Options) -> Fingerprint {
        let namespace = self.namespace(schema).await;
        fingerprints(&self.database, &[namespace], options).await.unwrap().remove(0)
    }

    pub async fn mark(&mut self, schema: &str) -> Option<String> {
        // None is there of this name: an OID that no schema has.
        let mut found = namespaces(&mut self.session, &[schema.to_owned()]).await.unwrap_or_default();
        let namespace = found.pop().unwrap_or_else(|| Namespace { oid: 0, name: schema.to_owned() });
        marks(&mut self.session, &[namespace]).await.unwrap().remove(0)
    }

    /// What marks promise.
    pub async fn equal_marks_are_equal_fingerprints(&mut self, a: &str, b: &str) -> Result<(), String> {
        let (mark_a, mark_b) = (self.mark(a).await, self.mark(b).await);
        if mark_a.is_none() || mark_a != mark_b {
            return Ok(());
        }
        let options = Options::default();
        let equal = self.fingerprint(a, options).await == self.fingerprint(b, options).await;
        if equal { Ok(()) } else { Err("the marks are equal, and the fingerprints are not".into()) }
    }

    pub async fn compare(&mut self, a: &str, b: &str, options: Options) -> Comparison {
        let (a, b) = (self.namespace(a).await, self.namespace(b).await);
        compare(&self.database, &a, &b, options).await.unwrap()
    }

    /// Applies the repair of `b`, and proves that nothing is left of the difference; what was run.
    pub async fn repair(&mut self, a: &str, b: &str, options: Options) -> String {
        self.try_repair(a, b, options).await.unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// The same, with what is wrong instead of a panic.
    pub async fn try_repair(&mut self, a: &str, b: &str, options: Options) -> Result<String, String> {
        let comparison = self.compare(a, b, options).await;
        let script = comparison.repair.script();
        if let Err(error) = self.session.execute(&script).await {
            self.run("rollback").await;
            return Err(format!("{}{script}\n{error:?}", list(&comparison.changes)));
        }
        let again = self.compare(a, b, options).await;
        if !again.changes.is_empty() || again.reference != again.other {
            return Err(format!("{}{script}\nleaves\n{}", list(&comparison.changes), list(&again.changes)));
        }
        assert_eq!(again.other, self.fingerprint(b, options).await, "one schema and many are read alike");
        Ok(script.text().to_owned())
    }
}

/// One change per line, as JSON.
pub fn list(changes: &[Change]) -> String {
    changes.iter().map(|change| serde_json::to_string(change).unwrap() + "\n").collect()
}

/// `kind parent.name change property`
pub fn brief(change: &Change) -> String {
    let wire = shape::WireChange::from(change);
    let property = wire.property.map(|p| format!(" {}", p.code())).unwrap_or_default();
    format!("{} {}{property}", change.object, wire.change)
}
