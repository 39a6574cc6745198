//! The demo fleet: invented firms with believable data, the same for the same seed.
//!
//! Tenants are written directly and not through the fleet engine, because they must not only be right: some are
//! behind, one was changed by hand, one is locked away.

mod tenants;

use super::DemoEvent;
use crate::connection::{Database, Purpose, Session};
use crate::migration::{Migration, Source};
use crate::sql::{Ident, Statement, literal};
use crate::{Error, Result};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use tenants::{FLEET, Language, State, Tenant};

/// The template that the fleet is made from.
const TEMPLATE: &str = "talentmatch";

/// Rows are invented after this many migrations; the later ones find data, as they did in every real tenant.
const MIGRATIONS_BEFORE_ROWS: usize = 4;

/// The migration that makes room for tender references.
const TENDER_REFERENCE: i64 = 20_250_908_083_000;

/// Fills an empty database with the demo fleet and says how many tenants there are.
///
/// # Errors
/// What the server reports, for example that a schema of the fleet exists already. Each tenant is there completely or
/// not at all.
pub async fn fill(database: &Database, seed: u64, progress: &(dyn Fn(DemoEvent) + Sync)) -> Result<u32> {
    database.require_writable("demo")?;
    let template = Source::open(TEMPLATE)?;
    let total = FLEET.len() as u32;
    let (next, done) = (AtomicUsize::new(0), AtomicU32::new(0));
    progress(DemoEvent::Filling { done: 0, total });
    let worker = || async {
        let mut session = database.session(Purpose::Create).await?;
        session.execute(include_str!("rows.sql")).await?;
        while let Some(tenant) = FLEET.get(next.fetch_add(1, Ordering::Relaxed)) {
            let message = message(tenant, &template, seed)?;
            session.execute(message).await.map_err(|e| e.detail(format!("While filling {}.", tenant.schema)))?;
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            progress(DemoEvent::Filling { done, total });
        }
        Ok::<Session, Error>(session)
    };
    let shared = async {
        let mut session = database.session(Purpose::Create).await?;
        session.execute(shared()).await?;
        session.close().await;
        Ok(())
    };
    let (first, second, ()) = tokio::try_join!(worker(), worker(), shared)?;
    let backends = [first.backend(), second.backend()];
    first.close().await;
    second.close().await;
    settle(database, backends).await?;
    Ok(total)
}

/// Estimated rows, sizes and the visibility map are right at once, not when autovacuum has come round.
async fn settle(database: &Database, backends: [i32; 2]) -> Result<()> {
    let mut session = database.session(Purpose::Create).await?;
    // A session reports the rows it wrote when it ends; counted after VACUUM they would count twice.
    let [first, second] = backends;
    let wait = Statement::of(format_args!(
        "do $$ begin for attempt in 1..200 loop \
             exit when not exists (select from pg_stat_activity where pid in ({first}, {second})); \
             perform pg_sleep(0.01); perform pg_stat_clear_snapshot(); end loop; end $$"
    ));
    session.execute(wait).await?;
    session.execute("vacuum (analyze)").await?;
    session.close().await;
    Ok(())
}

/// Changes with everything that decides what [`fill`] writes, so that data of another edition is recognised.
pub(super) fn edition(seed: u64) -> Result<String> {
    use sha2::Digest;
    let template = Source::open(TEMPLATE)?;
    let mut hash = sha2::Sha256::new();
    for tenant in FLEET {
        hash.update(message(tenant, &template, seed)?.text());
    }
    hash.update(include_str!("rows.sql"));
    hash.update(shared().text());
    Ok(crate::migration::hex(&hash.finalize()))
}

/// Everything of one tenant, as one message and one transaction.
fn message(tenant: &Tenant, template: &Source, seed: u64) -> Result<Statement> {
    let schema = Ident::new(tenant.schema)?;
    let salt = salt(tenant.schema, seed);
    let migrations = template.migrations();
    let applied = migrations.get(..migrations.len().saturating_sub(tenant.behind)).unwrap_or_default();
    let (before, after) = applied.split_at(MIGRATIONS_BEFORE_ROWS.min(applied.len()));
    let mut s = Statement::of(format_args!(
        "begin; create schema {schema}; comment on schema {schema} is {}; set local search_path = {schema}, pg_catalog;\n",
        literal(tenant.name),
    ));
    run(&mut s, before);
    if let Some((_, seed)) = template.seed() {
        s.push(format_args!("{seed};\n"));
    }
    s.push(format_args!(
        "select pg_temp.fill_firm({}, {}, {}, {}, {salt}, {}, {}, {});\n",
        literal(tenant.name),
        literal(tenant.city),
        literal(tenant.country),
        literal(if tenant.language == Language::French { "fr" } else { "en" }),
        tenant.consultants,
        tenant.tenders,
        tenant.matches,
    ));
    // A table that has pending events of deferred checks cannot be altered; ours have none.
    run(&mut s, after);
    if applied.iter().any(|m| m.version == TENDER_REFERENCE) {
        s.push(format_args!("select pg_temp.fill_references({salt});\n"));
    }
    history(&mut s, applied, salt);
    match tenant.state {
        State::Normal => {}
        State::Drifted => {
            s.push(format_args!(
                "drop index resumes_consultant_id_idx; alter table consultants add column badge_number varchar(20);\n"
            ));
        }
        State::Deactivated => {
            s.push(format_args!("revoke all on schema {schema} from public, current_user;\n"));
        }
    }
    s.push(format_args!("commit"));
    Ok(s)
}

fn run(s: &mut Statement, migrations: &[Migration]) {
    for migration in migrations {
        s.push(format_args!("{};\n", migration.up));
    }
}

/// The history as sqlx writes it: each migration on an evening soon after it was written.
fn history(s: &mut Statement, applied: &[Migration], salt: i64) {
    s.push(format_args!(
        "create table _sqlx_migrations (version bigint primary key, description text not null, \
         installed_on timestamptz not null default now(), success boolean not null, checksum bytea not null, \
         execution_time bigint not null);\n"
    ));
    for Migration { version, description, checksum, .. } in applied {
        let checksum = crate::migration::hex(checksum);
        s.push(format_args!(
            "insert into _sqlx_migrations values ({version}, {}, \
             to_timestamp('{version}', 'YYYYMMDDHH24MISS')::date::timestamptz + \
             make_interval(days => 1 + pg_temp.pick({version}, {salt}, 9), hours => 19, secs => pg_temp.pick({version}, {salt}, 5400)), \
             true, '\\x{checksum}', 2000000 + pg_temp.pick({version}, {salt} + 1, 60000000));\n",
            literal(description),
        ));
    }
}

/// Tables that all firms share, and their list of firms.
fn shared() -> Statement {
    let mut s = Statement::script(include_str!("shared.sql"));
    for (number, tenant) in FLEET.iter().enumerate() {
        let plan = match tenant.consultants {
            0..=25 => 1,
            26..=300 => 2,
            _ => 3,
        };
        s.push(format_args!(
            "insert into public.firms values ({}, {}, {}, {plan}, {}, '2023-01-09'::date + {});\n",
            literal(tenant.schema),
            literal(tenant.name),
            literal(&format!("{}.example", tenant.schema.replace('_', "-"))),
            literal(tenant.country),
            number * 23,
        ));
    }
    s
}

/// What the invented values of this tenant depend on (FNV-1a of its name and the seed). The functions add small numbers
/// to it, so it stays clear of the ends of a bigint.
fn salt(schema: &str, seed: u64) -> i64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
    for byte in schema.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash >> 2) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_fleet_has_the_tenants_that_its_story_needs() {
        let schemas: BTreeSet<_> = FLEET.iter().map(|t| t.schema).collect();
        assert_eq!(schemas.len(), FLEET.len());
        assert_eq!(FLEET.len(), 40);
        let behind = FLEET.iter().filter(|t| t.behind > 0).count();
        assert!(behind >= 4 && FLEET.iter().any(|t| t.behind == 3));
        for state in [State::Drifted, State::Deactivated] {
            assert_eq!(FLEET.iter().filter(|t| t.state == state).count(), 1);
        }
        assert!(FLEET.iter().any(|t| t.consultants == 0));
    }

    #[test]
    fn another_seed_makes_another_fleet() {
        assert_eq!(edition(7).unwrap(), edition(7).unwrap());
        assert_ne!(edition(7).unwrap(), edition(8).unwrap());
    }

    #[test]
    fn the_template_still_has_what_the_fleet_relies_on() {
        let template = Source::open(TEMPLATE).unwrap();
        assert!(template.get(TENDER_REFERENCE).is_some());
        assert!(template.migrations().len() - 3 >= MIGRATIONS_BEFORE_ROWS);
        assert!(template.seed().is_some());
    }
}
