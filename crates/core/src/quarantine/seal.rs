//! The step into quarantine and the step out of it, each one short transaction.

use super::losses;
use super::record::Record;
use crate::access::{self as acl, Grant};
use crate::connection::Session;
use crate::fleet;
use crate::registry;
use crate::sql::{Ident, Statement, literal};
use crate::{Error, ErrorKind, Result};
use std::time::Duration;

/// How long a lock is waited for, again and again.
pub(super) const LOCK_TIMEOUT: &str = "2s";
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(300);

/// Renames the tenant into quarantine, takes everybody's rights but the owner's, and leaves the record as its comment.
/// `record` is completed with what is found in the transaction: comment, owner, rights, time.
pub(super) async fn seal(session: &mut Session, namespace: u32, record: &mut Record) -> Result<()> {
    for attempt in 1.. {
        let result = seal_once(session, namespace, record).await;
        let Err(error) = result else { return Ok(()) };
        roll_back(session).await;
        let again = matches!(error.kind(), ErrorKind::LockTimeout { .. } | ErrorKind::Deadlock | ErrorKind::Concurrent);
        if !again || attempt == TRIES {
            return Err(error);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

async fn seal_once(session: &mut Session, namespace: u32, record: &mut Record) -> Result<()> {
    let (schema, quarantine) = (Ident::new(record.schema.as_str())?, Ident::new(record.quarantined_as.as_str())?);
    fleet::enter(session, &record.schema, LOCK_TIMEOUT).await?;
    if losses::name_of(session, namespace).await?.as_deref() != Some(record.schema.as_str()) {
        return Err(ErrorKind::PlanStale { what: format!("the schema {}", record.schema) }.into());
    }
    // The new name first: from here on the row of the schema is ours, and so is what it says.
    let rename = Statement::of(format_args!("alter schema {schema} rename to {quarantine}"));
    session.execute(rename).await?;
    let rights = acl::rights(session, namespace).await?.ok_or(ErrorKind::ConnectionLost)?;
    session.execute(acl::revoke_all(&quarantine, &rights)?).await?;
    record.owner = rights.owner;
    record.comment = rights.comment;
    record.acl = rights.acl;
    record.quarantined_at = rights.now;
    write(session, &quarantine, record).await?;
    note(session, registry::quarantined(&record.schema)).await?;
    session.execute("commit").await
}

/// Brings a quarantined schema back under `name`, with its comment and its rights as they were; returns the roles that do not
/// exist any more, whose rights are not given back.
pub(super) async fn unseal(session: &mut Session, namespace: u32, record: &Record, name: &str) -> Result<Vec<String>> {
    for attempt in 1.. {
        let error = match unseal_once(session, namespace, record, name).await {
            Ok(missing) => return Ok(missing),
            Err(error) => error,
        };
        roll_back(session).await;
        let again = matches!(error.kind(), ErrorKind::LockTimeout { .. } | ErrorKind::Deadlock | ErrorKind::Concurrent);
        if !again || attempt == TRIES {
            return Err(taken(error, name));
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(ErrorKind::Concurrent.into())
}

async fn unseal_once(session: &mut Session, namespace: u32, record: &Record, name: &str) -> Result<Vec<String>> {
    let (schema, quarantine) = (Ident::new(name)?, Ident::new(record.quarantined_as.as_str())?);
    fleet::enter(session, &record.quarantined_as, LOCK_TIMEOUT).await?;
    let now = current(session, namespace, &record.quarantined_as).await?;
    if now.purge_begun_at.is_some() {
        return Err(ErrorKind::PurgeBegun { schema: record.schema.clone(), backup: record.backup.path.clone() }.into());
    }
    let rename = Statement::of(format_args!("alter schema {quarantine} rename to {schema}"));
    session.execute(rename).await?;
    let found = acl::rights(session, namespace).await?.ok_or(ErrorKind::ConnectionLost)?;
    let recorded = record.acl.as_deref();
    let wanted = acl::handed_over(&acl::effective(recorded, &record.owner), &record.owner, &found.owner);
    let missing = acl::missing_roles(session, &wanted).await?;
    if recorded.is_some() || acl::effective(found.acl.as_deref(), &found.owner) != wanted {
        session.execute(acl::revoke_all(&schema, &found)?).await?;
        // In the order of the record, so that the list becomes what it was.
        let ordered = match recorded {
            Some(acl) => acl::handed_over(acl, &record.owner, &found.owner),
            None => wanted.clone(),
        };
        session.execute(acl::restore(&schema, &found.owner, &ordered, &missing)?).await?;
    }
    let comment = record.comment.as_deref().map_or_else(|| "null".to_owned(), literal);
    let comment = Statement::of(format_args!("comment on schema {schema} is {comment}"));
    session.execute(comment).await?;
    let restored = acl::rights(session, namespace).await?.ok_or(ErrorKind::ConnectionLost)?;
    let gone = |grant: &Grant| {
        missing.contains(&grant.grantor) || grant.grantee.as_ref().is_some_and(|name| missing.contains(name))
    };
    let mut expected = wanted;
    expected.retain(|grant| !gone(grant));
    expected.sort();
    if acl::effective(restored.acl.as_deref(), &restored.owner) != expected {
        let reason = "the rights on the schema did not come back as they were".into();
        return Err(ErrorKind::QuarantineRecordInvalid { schema: record.quarantined_as.clone(), reason }.into());
    }
    note(session, registry::back(&record.schema, name, record.state())).await?;
    session.execute("commit").await?;
    Ok(missing)
}

/// The record as it is at this moment.
pub(super) async fn current(session: &mut Session, namespace: u32, quarantine: &str) -> Result<Record> {
    let stale = || Error::new(ErrorKind::PlanStale { what: format!("the schema {quarantine}") });
    if losses::name_of(session, namespace).await?.as_deref() != Some(quarantine) {
        return Err(stale());
    }
    let rights = acl::rights(session, namespace).await?.ok_or_else(stale)?;
    Record::parse(quarantine, rights.comment.as_deref())
        .map_err(|reason| ErrorKind::QuarantineRecordInvalid { schema: quarantine.to_owned(), reason }.into())
}

/// Writes the record.
pub(super) async fn write(session: &mut Session, quarantine: &Ident, record: &Record) -> Result<()> {
    let comment = Statement::of(format_args!("comment on schema {quarantine} is {}", literal(&record.text())));
    session.execute(comment).await
}

/// Keeps the registry in step, where there is one that this role may write to.
pub(super) async fn note(session: &mut Session, statement: Statement) -> Result<()> {
    if !registry::state_in(session).await?.writable {
        return Ok(());
    }
    let mut sql = registry::person_setting();
    sql.push(format_args!("{statement}"));
    session.execute(sql).await
}

pub(super) async fn roll_back(session: &mut Session) {
    // Where there is no connection there is nothing to roll back.
    let _ = session.execute("rollback").await;
}

fn taken(error: Error, name: &str) -> Error {
    match error.sqlstate() {
        Some("42P06") => error
            .as_kind(ErrorKind::SchemaNameTaken { name: name.to_owned(), existing: name.to_owned() })
            .hint("`cadastre tenant undrop … --as NAME` brings it back under another name."),
        _ => error,
    }
}
