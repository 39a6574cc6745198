//! Tenants that have gone the same way look the same, or the last step of the one that does not is rolled back.

use super::apply::Move;
use super::drift::Drift;
use crate::connection::Session;
use crate::shape::{self, Difference, Options, Shape};
use crate::{Error, ErrorKind, Result};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedMutexGuard, watch};
use tokio_util::sync::CancellationToken;

/// So long after it was looked at a tenant is believed to be as it was. A run of thousands of tenants fits in; a person who
/// reads the plan, or thinks about the canaries, does not.
const BELIEVED: Duration = Duration::from_secs(30);

/// So many differences are named; the others are counted.
const NAMED: usize = 3;

/// The tenants of a run.
pub(super) struct Peers {
    /// The tenant that goes ahead of all others, since it looks like most of them.
    lead: Option<String>,
    lead_ended: watch::Sender<bool>,
    marks: Mutex<HashMap<String, String>>,
    read_at: Option<Instant>,
    /// By the migrations that a tenant has applied, what the first of those tenants looks like.
    ways: Mutex<HashMap<Vec<i64>, Slot>>,
    /// Tenants that have gone a way before; who goes it alone in this run has to look like one of them.
    others: HashMap<Vec<i64>, Vec<String>>,
}

type Slot = Arc<tokio::sync::Mutex<Option<Arc<Peer>>>>;

/// A tenant that the others are compared with.
pub(super) struct Peer {
    shape: Shape,
    /// Marks that stand for this shape.
    marks: Mutex<HashSet<String>>,
}

/// What a tenant has to look like, or that it is the first of its way.
pub(super) enum Likeness {
    As(Arc<Peer>),
    /// Whoever goes the same way waits until this is decided.
    First(OwnedMutexGuard<Option<Arc<Peer>>>, Others),
}

/// Tenants that have gone a way before.
pub(super) struct Others {
    applied: Vec<i64>,
    schemas: Vec<String>,
}

impl Peers {
    pub(super) fn new(drift: Drift, others: HashMap<Vec<i64>, Vec<String>>) -> Self {
        let Drift { lead, marks, read_at, .. } = drift;
        let (lead_ended, _) = watch::channel(lead.is_none());
        Self { lead, lead_ended, marks: Mutex::new(marks), read_at, ways: Mutex::default(), others }
    }

    /// What the tenant looked like when the run was planned, unless that is long ago. Only its first try learns that: a later
    /// one has waited for somebody, who may have changed the tenant.
    pub(super) fn take_mark(&self, schema: &str) -> Option<String> {
        let mark = self.marks.lock().unwrap_or_else(PoisonError::into_inner).remove(schema);
        mark.filter(|_| self.read_at.is_some_and(|at| at.elapsed() < BELIEVED))
    }

    /// Waits until the lead has had its turn. The lead's turn ends when the answer is dropped.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`]
    pub(super) async fn turn(&self, schema: &str, cancel: &CancellationToken) -> Result<Option<impl Drop + '_>> {
        if self.lead.as_deref() == Some(schema) {
            return Ok(Some(LeadsTurn(self)));
        }
        let mut ended = self.lead_ended.subscribe();
        tokio::select! {
            _ = ended.wait_for(|ended| *ended) => Ok(None),
            () = cancel.cancelled() => Err(ErrorKind::Cancelled.into()),
        }
    }

    /// What a tenant has to look like that will have applied these migrations.
    pub(super) async fn likeness(&self, applied: Vec<i64>) -> Likeness {
        let schemas = self.others.get(&applied).cloned().unwrap_or_default();
        let slot = self.ways.lock().unwrap_or_else(PoisonError::into_inner).entry(applied.clone()).or_default().clone();
        let slot = slot.lock_owned().await;
        match &*slot {
            Some(peer) => Likeness::As(peer.clone()),
            None => Likeness::First(slot, Others { applied, schemas }),
        }
    }
}

struct LeadsTurn<'a>(&'a Peers);

impl Drop for LeadsTurn<'_> {
    fn drop(&mut self) {
        self.0.lead_ended.send_replace(true);
    }
}

impl Likeness {
    /// Compares the tenant, as the session's transaction sees it. `mark` is what it was before and [`shape::ask_mark`] said about it since. The answer
    /// is for [`Self::settle`].
    ///
    /// # Errors
    /// [`ErrorKind::ShapeDiffers`]
    pub(super) async fn prove(
        &self,
        session: &mut Session,
        step: &Move<'_>,
        mark: Option<String>,
    ) -> Result<Option<Peer>> {
        if let (Self::As(peer), Some(mark)) = (self, &mark)
            && peer.marks.lock().unwrap_or_else(PoisonError::into_inner).contains(mark)
        {
            return Ok(None);
        }
        let shape = read(session, &step.target.schema).await?;
        let peer = match self {
            Self::As(peer) => peer,
            Self::First(_, others) => {
                like_one_of(session, others, &shape, step.migration.version).await?;
                return Ok(Some(Peer { shape, marks: Mutex::new(mark.into_iter().collect()) }));
            }
        };
        if shape.fingerprint(Options::default()) != peer.shape.fingerprint(Options::default()) {
            return Err(differs(&peer.shape, &shape, step.migration.version));
        }
        // Others of its kind are recognised at once.
        peer.marks.lock().unwrap_or_else(PoisonError::into_inner).extend(mark);
        Ok(None)
    }

    /// The step has been committed: the first one is what the others are compared with.
    pub(super) fn settle(self, peer: Option<Peer>) {
        if let (Self::First(mut slot, _), Some(peer)) = (self, peer) {
            *slot = Some(Arc::new(peer));
        }
    }
}

async fn read(session: &mut Session, schema: &str) -> Result<Shape> {
    let namespaces = shape::namespaces(session, &[schema.to_owned()]).await?;
    match namespaces.first() {
        Some(namespace) => shape::read(session, namespace).await,
        None => Err(ErrorKind::TenantMissing { name: schema.to_owned() }.into()),
    }
}

/// Passes when there are no others.
async fn like_one_of(session: &mut Session, others: &Others, shape: &Shape, version: i64) -> Result<()> {
    let mut first = None;
    for name in &others.schemas {
        let other = match read(session, name).await {
            Ok(other) => other,
            // Gone since the plan was made.
            Err(e) if matches!(e.kind(), ErrorKind::TenantMissing { .. }) => continue,
            Err(e) => return Err(e),
        };
        if other.fingerprint(Options::default()) == shape.fingerprint(Options::default()) {
            return Ok(());
        }
        // This run, or another one, may have taken it further meanwhile.
        let history = super::apply::current(session, name).await?;
        if history.iter().map(|(version, _)| version).eq(others.applied.iter().copied()) {
            first.get_or_insert_with(|| differs(&other, shape, version));
        }
    }
    first.map_or(Ok(()), Err)
}

fn differs(reference: &Shape, shape: &Shape, version: i64) -> Error {
    let changes = shape::diff(reference, shape, Options::default());
    let mut named: Vec<String> = Vec::new();
    for change in &changes {
        let what = match &change.difference {
            Difference::Added => format!("{} is only here", change.object),
            Difference::Removed => format!("{} is missing", change.object),
            Difference::Changed { property, .. } => format!("{}: {}", change.object, property.code().replace('_', " ")),
        };
        if !named.contains(&what) {
            named.push(what);
        }
    }
    let more = named.len().saturating_sub(NAMED);
    named.truncate(NAMED);
    if more > 0 {
        named.push(format!("{more} more"));
    }
    let (schema, reference) = (shape.schema.clone(), reference.schema.clone());
    let kind = ErrorKind::ShapeDiffers { schema, reference, version: version.to_string() };
    Error::new(kind).detail(named.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_tenant_looked_like_is_believed_once_and_not_for_long() {
        let peers = |read_at| {
            let marks = HashMap::from([("a".to_owned(), "1".to_owned())]);
            Peers::new(Drift { marks, read_at, ..Drift::default() }, HashMap::new())
        };
        let fresh = peers(Some(Instant::now()));
        assert_eq!([fresh.take_mark("a"), fresh.take_mark("a")], [Some("1".to_owned()), None]);
        assert_eq!(peers(Instant::now().checked_sub(BELIEVED)).take_mark("a"), None);
    }
}
