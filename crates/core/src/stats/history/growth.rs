//! How much a tenant has changed between two snapshots.

use super::{DAY, Growth, Point, moment};

/// The earlier snapshot has to be this near to the period that was asked for.
const TOLERANCE: (f64, f64) = (0.8, 1.5);

/// The points in the order of time, each moment once: clocks go backwards, and several programs write.
fn in_order(points: &[Point]) -> Vec<&Point> {
    let mut ordered: Vec<&Point> = points.iter().collect();
    ordered.sort_by_key(|p| p.time);
    ordered.dedup_by_key(|p| p.time);
    ordered
}

/// Which of these moments (seconds, in order) is the beginning of a period of `days` that ends with the last one: the nearest
/// to it, and near enough to be called by its name.
pub(super) fn beginning(times: &[i64], days: u32) -> Option<usize> {
    let last = *times.last()?;
    let period = f64::from(days) * DAY as f64;
    let age = |time: &i64| (last - time) as f64;
    let (least, most) = (TOLERANCE.0 * period, TOLERANCE.1 * period);
    times
        .iter()
        .enumerate()
        .filter(|(_, time)| (least..=most).contains(&age(time)))
        .min_by(|(_, a), (_, b)| (age(a) - period).abs().total_cmp(&(age(b) - period).abs()))
        .map(|(index, _)| index)
}

/// How a tenant has changed in the last `days` before its newest point; `None` where no point is old enough.
pub fn growth(points: &[Point], days: u32) -> Option<Growth> {
    let points = in_order(points);
    let times: Vec<i64> = points.iter().map(|p| p.time).collect();
    let (before, after) = (*points.get(beginning(&times, days)?)?, *points.last()?);
    Some(Growth {
        days,
        from: moment(before.time),
        to: moment(after.time),
        size_bytes: after.size_bytes - before.size_bytes,
        share: share(before.size_bytes, after.size_bytes),
        rows: after.rows - before.rows,
        writes: written(before.writes, after.writes),
    })
}

/// The change as a share of what was there.
pub(super) fn share(before: i64, after: i64) -> Option<f64> {
    (before > 0).then(|| (after - before) as f64 / before as f64)
}

/// A counter that has become smaller was reset: nobody knows how much was counted before.
pub(super) fn written(before: Option<i64>, after: Option<i64>) -> Option<i64> {
    match (before, after) {
        (Some(before), Some(after)) if after >= before => Some(after - before),
        _ => None,
    }
}

/// One point of each day (UTC), its last: a day with many connections weighs as much as one with a single one.
pub fn daily(points: &[Point]) -> Vec<Point> {
    let mut days: Vec<Point> = Vec::new();
    for point in in_order(points) {
        match days.last_mut() {
            Some(last) if last.time.div_euclid(DAY) == point.time.div_euclid(DAY) => *last = point.clone(),
            _ => days.push(point.clone()),
        }
    }
    days
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "what a test needs and does not get ends it")]
mod tests {
    use super::*;
    use crate::stats::history::forecast::tests::{any_points, at};
    use proptest::prelude::*;

    #[test]
    fn growth_is_told_from_the_snapshot_nearest_to_the_beginning_of_the_period() {
        let points = [at(0.0, 100), at(3.0, 110), at(9.5, 150), at(10.0, 160)];
        let week = growth(&points, 7).unwrap();
        assert_eq!((week.size_bytes, week.share), (50, Some(50.0 / 110.0)));
        assert_eq!(week.from, "1970-01-04T00:00:00Z");
        assert_eq!(growth(&points, 30), None);
    }

    #[test]
    fn a_gap_that_is_too_long_is_not_called_by_the_name_of_a_shorter_period() {
        assert_eq!(growth(&[at(0.0, 100), at(60.0, 200)], 7), None);
        assert_eq!(growth(&[at(0.0, 100), at(60.0, 200)], 30), None);
        assert_eq!(growth(&[at(0.0, 100), at(43.0, 200)], 30).unwrap().size_bytes, 100);
    }

    #[test]
    fn one_point_is_no_growth() {
        assert_eq!(growth(&[], 7), None);
        assert_eq!(growth(&[at(3.0, 1)], 7), None);
    }

    #[test]
    fn a_share_of_nothing_is_not_told() {
        assert_eq!(growth(&[at(0.0, 0), at(7.0, 10)], 7).unwrap().share, None);
    }

    #[test]
    fn a_counter_that_was_reset_says_nothing() {
        let mut points = [at(0.0, 1), at(7.0, 1)];
        (points[0].writes, points[1].writes) = (Some(90), Some(10));
        assert_eq!(growth(&points, 7).unwrap().writes, None);
        points[1].writes = Some(100);
        assert_eq!(growth(&points, 7).unwrap().writes, Some(10));
    }

    #[test]
    fn of_a_day_the_last_point_counts() {
        let days = daily(&[at(1.2, 5), at(0.1, 1), at(1.9, 7), at(0.1, 1), at(3.0, 9)]);
        assert_eq!(days.iter().map(|p| p.size_bytes).collect::<Vec<_>>(), [1, 7, 9]);
    }

    proptest! {
        #[test]
        fn growth_does_not_depend_on_the_order_of_the_points(points in any_points(), days in 1u32..120) {
            let mut turned = points.clone();
            turned.reverse();
            prop_assert_eq!(growth(&points, days), growth(&turned, days));
        }

        #[test]
        fn what_is_told_is_finite_and_lies_within_the_points(points in any_points(), days in 1u32..120) {
            if let Some(growth) = growth(&points, days) {
                prop_assert!(growth.share.is_none_or(f64::is_finite));
                prop_assert!(growth.from < growth.to);
            }
        }

        #[test]
        fn a_tenant_that_only_grows_never_shrinks(mut points in any_points(), days in 1u32..120) {
            points.sort_by_key(|p| p.time);
            points.dedup_by_key(|p| p.time);
            let mut size = 0;
            for point in &mut points {
                size += point.size_bytes;
                point.size_bytes = size;
            }
            if let Some(growth) = growth(&points, days) {
                prop_assert!(growth.size_bytes >= 0);
            }
        }
    }
}
