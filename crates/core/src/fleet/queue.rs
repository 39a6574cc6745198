//! Whose turn it is: the canaries first, then the others; who waits for a lock comes again later.

use super::Target;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// A tenant that waits for its turn.
#[derive(Debug)]
pub(super) struct Turn {
    /// Its line in the run.
    pub position: usize,
    pub target: Target,
    /// How often it was tried and given up.
    pub tried: u32,
    /// Migrations that earlier tries have applied.
    pub versions: Vec<i64>,
    /// The migration whose commit was sent and not answered.
    pub in_doubt: Option<i64>,
    /// When the first try began.
    pub since: Option<Instant>,
    /// It is not tried again before.
    pub not_before: Option<Instant>,
}

impl Turn {
    pub fn new(position: usize, target: Target) -> Self {
        let versions = target.already.clone();
        Self { position, target, tried: 0, versions, in_doubt: None, since: None, not_before: None }
    }
}

/// The turns of a run. Workers take one each and give it back as ended, or to be tried again.
#[derive(Debug)]
pub(super) struct Queue {
    /// Turns that go ahead, and those behind them in which there is something to do; no canaries where nobody is behind.
    pub canaries: u32,
    pub others: u32,
    inner: Mutex<Inner>,
    changed: Notify,
}

#[derive(Debug)]
struct Inner {
    waiting: VecDeque<Turn>,
    /// Those behind the canaries.
    behind: VecDeque<Turn>,
    /// Turns that workers have.
    taken: usize,
    gate: Gate,
    /// Canaries are on their way, or their verdict is awaited.
    canary: bool,
    canary_failed: bool,
    /// A person decides after the canaries.
    ask: bool,
}

/// Whether further tenants may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    Open,
    /// A person stopped for a while.
    Paused,
    /// The canaries have ended; a person decides.
    Held,
    /// Nothing begins any more.
    Closed,
}

impl Queue {
    /// The first `canaries` turns in which there is something to do go ahead of all others. With `ask`, a person
    /// decides after them; otherwise the run goes on when none of them failed.
    pub fn new(turns: Vec<Turn>, canaries: u32, ask: bool) -> Self {
        let mut left = canaries;
        let (mut waiting, mut behind) = (VecDeque::new(), VecDeque::new());
        let mut others = 0;
        for turn in turns {
            let moves = turn.target.refused.is_none() && turn.target.skipped.is_none();
            if left > 0 && moves {
                left -= 1;
                waiting.push_back(turn);
            } else {
                others += u32::from(moves);
                behind.push_back(turn);
            }
        }
        let canary = !waiting.is_empty() && !behind.is_empty();
        let canaries = if canary { waiting.len() as u32 } else { 0 };
        if !canary {
            waiting.append(&mut behind);
        }
        let inner = Inner { waiting, behind, taken: 0, gate: Gate::Open, canary, canary_failed: false, ask };
        Self { canaries, others, inner: Mutex::new(inner), changed: Notify::new() }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // A poisoned lock means that a worker panicked between two plain assignments; the queue is still good.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next turn; waits for one while the run is paused, or while a tenant may come back. `None` is the end.
    pub async fn take(&self) -> Option<Turn> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // Registered before looking, so that no change in between is missed.
            changed.as_mut().enable();
            let wait = match self.look() {
                Look::Turn(turn) => return Some(*turn),
                Look::End => return None,
                Look::Wait(wait) => wait,
            };
            match wait {
                Some(wait) => tokio::select! { () = changed => {}, () = tokio::time::sleep(wait) => {} },
                None => changed.await,
            }
        }
    }

    fn look(&self) -> Look {
        let mut inner = self.inner();
        if inner.taken == 0 && inner.waiting.is_empty() && inner.behind.is_empty() {
            return Look::End;
        }
        match inner.gate {
            Gate::Closed => return Look::End,
            Gate::Paused | Gate::Held => return Look::Wait(None),
            Gate::Open => {}
        }
        let now = Instant::now();
        let ready = inner.waiting.iter().position(|turn| turn.not_before.is_none_or(|at| at <= now));
        if let Some(turn) = ready.and_then(|index| inner.waiting.remove(index)) {
            inner.taken += 1;
            return Look::Turn(Box::new(turn));
        }
        match inner.waiting.iter().filter_map(|turn| turn.not_before).min() {
            Some(at) => Look::Wait(Some(at - now)),
            // Whoever has a turn may give it back.
            None => Look::Wait(None),
        }
    }

    /// Gives a turn back, to be tried again after a pause.
    pub fn again(&self, mut turn: Turn, pause: Duration) {
        turn.not_before = Some(Instant::now() + pause);
        let mut inner = self.inner();
        inner.taken -= 1;
        inner.waiting.push_back(turn);
        drop(inner);
        self.changed.notify_waiters();
    }

    /// A turn has ended. After the last canary the others follow, or a person is asked; true says so.
    pub fn ended(&self, failed: bool) -> bool {
        let mut inner = self.inner();
        inner.taken -= 1;
        inner.canary_failed |= inner.canary && failed;
        let verdict = inner.canary && inner.taken == 0 && inner.waiting.is_empty();
        if verdict {
            inner.canary = false;
            if inner.gate != Gate::Closed {
                match (inner.ask, inner.canary_failed) {
                    (true, _) => inner.gate = Gate::Held,
                    (false, false) => inner.release(),
                    (false, true) => inner.gate = Gate::Closed,
                }
            }
        }
        drop(inner);
        self.changed.notify_waiters();
        verdict
    }

    /// Nothing begins any more.
    pub fn close(&self) {
        self.inner().gate = Gate::Closed;
        self.changed.notify_waiters();
    }

    /// Lets those under way end and begins no other.
    pub fn pause(&self) {
        let mut inner = self.inner();
        if inner.gate == Gate::Open {
            inner.gate = Gate::Paused;
        }
    }

    /// Ends a pause, or says yes after the canaries.
    pub fn go_on(&self) {
        let mut inner = self.inner();
        match inner.gate {
            Gate::Paused => inner.gate = Gate::Open,
            Gate::Held => {
                inner.gate = Gate::Open;
                inner.release();
            }
            Gate::Open | Gate::Closed => {}
        }
        drop(inner);
        self.changed.notify_waiters();
    }

    /// Tenants may still begin, now or after a pause.
    pub fn is_open(&self) -> bool {
        self.inner().gate != Gate::Closed
    }

    /// Whether tenants may begin, and whether the canaries are on their way.
    pub fn gate(&self) -> (Gate, bool) {
        let inner = self.inner();
        (inner.gate, inner.canary)
    }

    /// The canaries failed, so that the others did not begin.
    pub fn stopped_by_canary(&self) -> bool {
        let inner = self.inner();
        inner.canary_failed && !inner.behind.is_empty()
    }
}

impl Inner {
    fn release(&mut self) {
        let mut behind = std::mem::take(&mut self.behind);
        self.waiting.append(&mut behind);
    }
}

enum Look {
    Turn(Box<Turn>),
    Wait(Option<Duration>),
    End,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(count: usize, canaries: u32, ask: bool) -> Queue {
        let turns = (0..count).map(|i| Turn::new(i, Target::new(format!("t{i}"), ""))).collect();
        Queue::new(turns, canaries, ask)
    }

    async fn take(queue: &Queue) -> Option<usize> {
        tokio::time::timeout(Duration::from_millis(200), queue.take()).await.ok().flatten().map(|turn| turn.position)
    }

    #[tokio::test]
    async fn the_others_begin_after_the_last_canary() {
        let queue = queue(3, 2, false);
        assert_eq!((take(&queue).await, take(&queue).await), (Some(0), Some(1)));
        assert_eq!(take(&queue).await, None);
        assert!(!queue.ended(false));
        assert_eq!(take(&queue).await, None);
        assert!(queue.ended(false));
        assert_eq!(take(&queue).await, Some(2));
    }

    #[test]
    fn canaries_are_counted_among_those_in_which_there_is_something_to_do() {
        let target = |i: usize| {
            let schema = format!("t{i}");
            let missing = || crate::Error::new(crate::ErrorKind::TenantMissing { name: schema.clone() }).into();
            Target { refused: (i < 2).then(missing), ..Target::new(schema.clone(), "") }
        };
        let turns = || (0..7).map(|i| Turn::new(i, target(i))).collect();
        let queue = Queue::new(turns(), 2, true);
        assert_eq!((queue.canaries, queue.others), (2, 3));
        assert_eq!(Queue::new(turns(), 0, true).canaries, 0);
        let moving = (2..7).map(|i| Turn::new(i, target(i))).collect();
        assert_eq!(Queue::new(moving, 9, true).canaries, 0, "nobody would be behind them");
    }

    #[tokio::test]
    async fn a_failed_canary_keeps_the_others_from_beginning() {
        let queue = queue(3, 1, false);
        take(&queue).await;
        queue.ended(true);
        assert!(queue.take().await.is_none());
        assert!(queue.stopped_by_canary());
    }

    #[tokio::test]
    async fn a_person_decides_when_asked() {
        let queue = queue(2, 1, true);
        take(&queue).await;
        queue.ended(false);
        assert_eq!(queue.gate(), (Gate::Held, false));
        assert_eq!(take(&queue).await, None);
        queue.go_on();
        assert_eq!(take(&queue).await, Some(1));
    }

    #[tokio::test]
    async fn who_waits_for_a_lock_comes_after_the_others() {
        let queue = queue(2, 0, false);
        let first = queue.take().await.unwrap();
        queue.again(first, Duration::from_millis(50));
        assert_eq!(take(&queue).await, Some(1));
        queue.ended(false);
        assert_eq!(take(&queue).await, Some(0));
        queue.ended(false);
        assert!(queue.take().await.is_none());
    }

    #[tokio::test]
    async fn a_pause_after_the_last_one_does_not_keep_the_run() {
        let queue = queue(1, 0, false);
        take(&queue).await;
        queue.pause();
        queue.ended(false);
        assert!(queue.take().await.is_none());
    }

    #[tokio::test]
    async fn a_pause_begins_nothing_and_loses_nothing() {
        let queue = queue(1, 0, false);
        queue.pause();
        assert_eq!(take(&queue).await, None);
        queue.go_on();
        assert_eq!(take(&queue).await, Some(0));
    }
}
