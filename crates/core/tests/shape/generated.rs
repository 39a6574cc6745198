//! Random pairs of schemas: the repair of one makes it equal to the other.

use crate::fixture::Fixture;
use crate::generator::script;
use cadastre_core::shape::Options;
use cadastre_core::sql::{Ident, Statement};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use tokio::runtime::Runtime;

const A: &str = "Ref \"é\".x";
const B: &str = "🦀 o'neil";

/// Choices for one schema, and what is different about the other: a few things, or everything.
fn choices() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let one = || prop::collection::vec(any::<u8>(), 512);
    (one(), one(), 1..=10u32, prop::collection::vec(0..10u32, 512)).prop_map(|(a, other, share, lots)| {
        let b = a.iter().zip(&other).zip(&lots).map(|((a, other), lot)| if *lot < share { *other } else { *a });
        let b = b.collect();
        (a, b)
    })
}

/// `CADASTRE_TEST_SHAPES` asks for more cases.
#[test]
fn the_repair_of_any_schema_makes_its_fingerprint_that_of_the_reference() {
    let cases = std::env::var("CADASTRE_TEST_SHAPES").ok().map_or(30, |text| text.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let fixture = runtime.block_on(Fixture::new("", &[]));
    check(&runtime, fixture, cases);
}

/// Repairs so many random pairs.
pub fn check(runtime: &Runtime, fixture: Fixture, cases: u32) {
    let fixture = std::cell::RefCell::new(fixture);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let result = TestRunner::new(config).run(&choices(), |(a, b)| {
        let fixture = &mut *fixture.borrow_mut();
        runtime.block_on(case(fixture, &a, &b)).map_err(TestCaseError::fail)
    });
    if let Err(error) = result {
        // Not `{error:?}`: the choices are numbers, and the message has the scripts.
        let text = error.to_string();
        panic!("{}", text.split("minimal failing input").next().unwrap_or_default());
    }
}

async fn case(fixture: &mut Fixture, a: &[u8], b: &[u8]) -> Result<(), String> {
    let (a, b) = (script(&Ident::new(A).unwrap(), a), script(&Ident::new(B).unwrap(), b));
    for schema in [A, B] {
        fixture.in_schema(schema, "drop schema if exists % cascade; create schema %").await;
    }
    for script in [&a, &b] {
        if let Err(error) = fixture.session.execute(Statement::script(script)).await {
            return Err(format!("the generator makes no valid schema: {error:?}\n{script}"));
        }
    }
    fixture.equal_marks_are_equal_fingerprints(A, B).await.map_err(|e| format!("{e}\n-- A\n{a}\n-- B\n{b}"))?;
    let options = Options { grants: true, ..Options::default() };
    let repaired = fixture.try_repair(A, B, options).await;
    repaired.map(|_| ()).map_err(|problem| format!("{problem}\n-- A\n{a}\n-- B\n{b}"))
}
