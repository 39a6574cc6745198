//! Which snapshots are kept.

use super::DAY;
use std::collections::HashSet;

/// Days of which every snapshot is kept; of which one per day is; of which one per week is. What is older goes.
const ALL: i64 = 7;
const DAILY: i64 = 90;
const WEEKLY: i64 = 731;

/// Those of these snapshots (seconds) that are no longer needed now. Of a day or a week the last one stays, and the last one
/// of all always does. A snapshot of the future, from a clock that was wrong, stays until its time has come.
pub(super) fn superfluous(times: &[i64], now: i64) -> Vec<i64> {
    let mut newest_first = times.to_vec();
    newest_first.sort_unstable_by(|a, b| b.cmp(a));
    let mut kept: HashSet<(i64, i64)> = HashSet::new();
    let mut gone = Vec::new();
    for (place, time) in newest_first.into_iter().enumerate() {
        let age = now.saturating_sub(time).div_euclid(DAY);
        let keep = match age {
            ..ALL => true,
            ALL..DAILY => kept.insert((1, time.div_euclid(DAY))),
            DAILY..WEEKLY => kept.insert((7, time.div_euclid(7 * DAY))),
            WEEKLY.. => false,
        };
        if !keep && place > 0 {
            gone.push(time);
        }
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 20_000 * DAY + 4_711;

    #[test]
    fn two_years_of_hourly_snapshots_become_a_few_hundred() {
        let times: Vec<i64> = (0..24 * 800).map(|hour| NOW - hour * 3_600).collect();
        let kept = times.len() - superfluous(&times, NOW).len();
        assert!((330..=352).contains(&kept), "{kept}");
    }

    #[test]
    fn the_last_one_stays_however_old_it_is() {
        assert_eq!(superfluous(&[NOW - 5_000 * DAY], NOW), Vec::<i64>::new());
        assert_eq!(superfluous(&[NOW - 5_000 * DAY, NOW - 5_001 * DAY], NOW), [NOW - 5_001 * DAY]);
    }

    proptest! {
        #[test]
        fn thinning_twice_takes_nothing_more(
            ages in proptest::collection::vec(-400i64..24 * 900, 0..300), later in 0i64..3
        ) {
            let times: Vec<i64> = ages.iter().map(|age| NOW - age * 3_600).collect();
            let gone: HashSet<i64> = superfluous(&times, NOW).into_iter().collect();
            let kept: Vec<i64> = times.iter().copied().filter(|time| !gone.contains(time)).collect();
            prop_assert_eq!(superfluous(&kept, NOW), Vec::<i64>::new());
            prop_assert_eq!(kept.is_empty(), times.is_empty());
            // No day of the last week loses anything, whenever one looks.
            let recent = |time: &&i64| NOW + later * DAY - **time < ALL * DAY;
            prop_assert_eq!(times.iter().filter(recent).count(), kept.iter().filter(recent).count());
        }
    }
}
