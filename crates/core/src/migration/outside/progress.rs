//! How far a tenant is in a file, as its history row says it.
//!
//! sqlx's table has no column for it, so the row of a file that is not at its end carries it in `execution_time`, which
//! means nothing else as long as `success` is false; sqlx's own tool refuses such a tenant as dirty and reads no more.
//! The number is negative: −(steps done + 1), less [`SENT`] and [`WAY_BACK`] where they hold.

use super::super::Direction;

/// The next statement has been sent, and its end is not known.
const SENT: i64 = 1_000_000;
/// The steps are those of the down file.
const WAY_BACK: i64 = 2_000_000;

/// How far a tenant is in a file that runs outside a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Progress {
    /// Which of the version's two files.
    pub direction: Direction,
    /// Statements that have been done.
    pub done: u32,
    /// The next one was sent, and nothing says what became of it.
    pub sent: bool,
}

impl Progress {
    /// Before the first statement of a file.
    pub(super) fn begin(direction: Direction) -> Self {
        Self { direction, done: 0, sent: false }
    }

    pub(super) fn at(self, done: usize) -> Self {
        Self { done: u32::try_from(done).unwrap_or(u32::MAX), sent: false, ..self }
    }

    /// The value of `execution_time`.
    pub(super) fn to_time(self) -> i64 {
        let sent = if self.sent { SENT } else { 0 };
        let back = if self.direction == Direction::Down { WAY_BACK } else { 0 };
        -(i64::from(self.done) + 1 + sent + back)
    }

    /// Reads [`Self::to_time`]; a time that is none of ours says nothing.
    pub(in crate::migration) fn from_time(time: i64) -> Option<Self> {
        let number = time.checked_neg()?.checked_sub(1).filter(|number| (0..2 * WAY_BACK).contains(number))?;
        let direction = if number >= WAY_BACK { Direction::Down } else { Direction::Up };
        let number = number % WAY_BACK;
        Some(Self { direction, done: u32::try_from(number % SENT).ok()?, sent: number >= SENT })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_row_says_how_far_its_file_is() {
        for direction in [Direction::Up, Direction::Down] {
            for done in [0, 1, 4711] {
                for sent in [false, true] {
                    let progress = Progress { direction, done, sent };
                    assert_eq!(Progress::from_time(progress.to_time()), Some(progress));
                }
            }
        }
        assert_eq!(Progress::begin(Direction::Up).to_time(), -1);
        assert_eq!(Progress { direction: Direction::Up, done: 2, sent: true }.to_time(), -1_000_003);
        for foreign in [0, 17, i64::MIN, i64::MAX, -4_000_001] {
            assert_eq!(Progress::from_time(foreign), None, "{foreign}");
        }
    }
}
