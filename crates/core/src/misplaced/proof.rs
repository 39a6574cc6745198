//! What must be true before a move is committed.

use super::find::Places;
use super::scene::{RELATION, Scene};
use super::statements::{Piece, Work, census};
use crate::boundary;
use crate::connection::{Database, Session};
use crate::content::{Content, content_in};
use crate::shape::{self, Namespace, Options};
use crate::{Error, ErrorKind, Result};
use std::collections::BTreeSet;

/// What was there before.
pub(super) struct Before {
    content: Content,
    census: Vec<Piece>,
}

fn unproven(work: &Work, what: impl Into<String>) -> Error {
    ErrorKind::MoveUnproven { schema: work.way.tenant().to_owned(), what: what.into() }.into()
}

impl Before {
    /// Reads rows and names, while nobody else can change them any more.
    pub async fn read(
        session: &mut Session,
        work: &Work,
        progress: &(dyn Fn(u64) -> bool + Send + Sync),
    ) -> Result<Self> {
        let content = content_in(session, &work.way.from.0, Some(&work.tables()), progress).await?;
        Ok(Self { content, census: census(session, &[work.way.from.1, work.way.to.1]).await? })
    }

    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.content.tables.iter().map(|table| table.rows).sum()
    }

    /// Compares it with what is there now: the same OIDs at their new place, everything else at its old one; the same rows; nothing
    /// changed anywhere else.
    ///
    /// # Errors
    /// [`ErrorKind::MoveUnproven`].
    pub async fn prove(
        &self,
        session: &mut Session,
        database: &Database,
        work: &Work,
        tenants: &BTreeSet<u32>,
        progress: &(dyn Fn(u64) -> bool + Send + Sync),
    ) -> Result<()> {
        let (from, to) = (work.way.from.1, work.way.to.1);
        let moved: BTreeSet<(i32, u32)> = work.pieces.iter().map(|(class, oid, ..)| (*class, *oid)).collect();
        let mut expected: BTreeSet<Piece> = BTreeSet::new();
        for (class, oid, name, namespace) in &self.census {
            let place = if moved.contains(&(*class, *oid)) { to } else { *namespace };
            expected.insert((*class, *oid, name.clone(), place));
        }
        let now: BTreeSet<Piece> = census(session, &[from, to]).await?.into_iter().collect();
        if let Some((_, _, name, _)) = expected.symmetric_difference(&now).next() {
            return Err(unproven(work, format!("{name} is not where it should be")));
        }
        let content = content_in(session, &work.way.to.0, Some(&work.tables()), progress).await?;
        if let Some(differs) = self.content.tables.iter().find(|table| !content.tables.contains(table)) {
            return Err(unproven(work, format!("{} does not hold the same rows", differs.table)));
        }
        let sequences: BTreeSet<&str> =
            work.pieces.iter().filter(|(class, ..)| *class == RELATION).map(|(_, _, name, _)| name.as_str()).collect();
        let stood = self.content.sequences.iter().filter(|sequence| sequences.contains(sequence.name.as_str()));
        if let Some(differs) = stood.into_iter().find(|sequence| !content.sequences.contains(sequence)) {
            return Err(unproven(work, format!("{} does not stand where it stood", differs.name)));
        }
        let changed = boundary::changed_outside(session, database, &work.way.to.0).await?;
        if !changed.is_empty() {
            return Err(unproven(work, format!("something else was changed: {changed}")));
        }
        self.prove_rest(session, work, tenants).await
    }

    /// Nothing that stays outside of tenants holds on to what has gone into one.
    async fn prove_rest(&self, session: &mut Session, work: &Work, tenants: &BTreeSet<u32>) -> Result<()> {
        if work.way.back {
            return Ok(());
        }
        let moved: BTreeSet<(i32, u32)> = work.moved.iter().map(|unit| unit.root).collect();
        let scene = Scene::read(session, work.way.to.1).await?;
        let is_tenant = |oid: Option<u32>| oid.is_some_and(|oid| oid == work.way.to.1 || tenants.contains(&oid));
        let left = scene.edges.iter().find(|edge| {
            moved.contains(&edge.to.root)
                && !edge.reads()
                && edge.from.namespace.is_some()
                && !is_tenant(edge.from.namespace)
        });
        match left {
            Some(edge) => {
                Err(unproven(work, format!("{}.{} holds on to {}", edge.from.schema, edge.from.name, edge.to.name)))
            }
            None => Ok(()),
        }
    }
}

/// The tenant is built like the one that was named in the plan.
///
/// # Errors
/// [`ErrorKind::MoveUnproven`].
pub(super) async fn prove_shape(session: &mut Session, work: &Work, like: &Namespace) -> Result<()> {
    let own = Namespace { oid: work.way.to.1, name: work.way.to.0.clone() };
    let prints = shape::fingerprints_in(session, &[own, like.clone()], Options::default()).await?;
    if prints.first() == prints.last() {
        return Ok(());
    }
    Err(unproven(work, format!("it is not built like {} afterwards", like.name)))
}

/// What was planned is what would be done now.
pub(super) async fn again(
    session: &mut Session,
    work: (&super::statements::Way, &[String]),
    tenants: &BTreeSet<u32>,
) -> Result<Work> {
    let place = Places::read(session, work.0.other(), tenants).await?;
    let scene = Scene::read(session, work.0.from.1).await?;
    Work::of(session, &scene, &place, work.0.clone(), work.1).await
}
