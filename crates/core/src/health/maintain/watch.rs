//! How far the server is with a statement, seen from a session of its own.

use crate::Result;
use crate::connection::{Database, Purpose, Session};
use sqlx::Row;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, MissedTickBehavior};

/// Short statements are over before anybody asks.
const PAUSE: Duration = Duration::from_millis(500);

/// What the server says about a statement under way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Progress {
    /// A stable word.
    pub phase: Option<String>,
    /// 0 to 100.
    pub percent: Option<u8>,
    /// `program, pid`
    pub waits_for: Option<String>,
}

/// One session that all workers of a run ask with.
pub(super) struct Watch {
    database: Database,
    session: Mutex<Option<Session>>,
}

impl Watch {
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), session: Mutex::default() }
    }

    /// Waits for the work of a server process, and tells now and then how far it is.
    pub async fn during<T>(
        &self,
        backend: i32,
        work: impl Future<Output = T>,
        tell: impl Fn(Progress) + Send + Sync,
    ) -> T {
        tokio::pin!(work);
        let mut tick = tokio::time::interval_at(Instant::now() + PAUSE, PAUSE);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = tick.tick() => {}
            }
            tokio::select! {
                done = &mut work => return done,
                // Without another connection there is no progress to be seen, and the work goes on all the same.
                asked = self.ask(backend) => if let Ok(progress) = asked { tell(progress) },
            }
        }
    }

    async fn ask(&self, backend: i32) -> Result<Progress> {
        let mut place = self.session.lock().await;
        // Out of its place meanwhile: a question that nobody waits for any more takes its session with it.
        let mut session = match place.take() {
            Some(session) => session,
            None => self.database.session(Purpose::Control).await?,
        };
        let row = sqlx::query(include_str!("progress.sql")).bind(backend).fetch_one(session.connection()).await?;
        let (phase, done, total): (Option<String>, Option<i64>, Option<i64>) =
            (row.try_get("phase")?, row.try_get("done")?, row.try_get("total")?);
        let (pid, program): (Option<i32>, Option<String>) = (row.try_get("waits_for")?, row.try_get("program")?);
        *place = Some(session);
        let waits_for = pid.map(|pid| format!("{}, pid {pid}", program.unwrap_or_else(|| "a session".into())));
        let phase = phase.map(|phase| word(&phase));
        Ok(Progress {
            phase: phase.or_else(|| waits_for.as_ref().map(|_| "waiting".into())),
            percent: percent(done, total),
            waits_for,
        })
    }
}

fn percent(done: Option<i64>, total: Option<i64>) -> Option<u8> {
    let (done, total) = (done?, total.filter(|total| *total > 0)?);
    u8::try_from((done.clamp(0, total) * 100) / total).ok()
}

/// `building index: scanning table` is a part of `building_index`; every waiting is the same to whoever waits.
fn word(phase: &str) -> String {
    let whole = phase.split(':').next().unwrap_or(phase);
    if whole.starts_with("waiting") {
        return "waiting".into();
    }
    whole.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_become_stable_words() {
        assert_eq!(word("scanning heap"), "scanning_heap");
        assert_eq!(word("building index: loading tuples in tree"), "building_index");
        assert_eq!(word("waiting for old snapshots"), "waiting");
    }

    #[test]
    fn a_share_needs_something_to_be_a_share_of() {
        assert_eq!(percent(Some(45), Some(100)), Some(45));
        assert_eq!(percent(Some(7), Some(0)), None);
        assert_eq!(percent(Some(200), Some(100)), Some(100));
        assert_eq!(percent(None, Some(100)), None);
    }
}
