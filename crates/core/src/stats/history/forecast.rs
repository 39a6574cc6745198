//! The straight line through a tenant's sizes, and where it meets a limit.

use super::{DAY, Forecast, Outlook, Point, Trend, daily, moment};

/// A line through fewer days, or over a shorter time, says nothing.
const LEAST_DAYS: usize = 5;
const LEAST_SPAN: f64 = 7.0;
/// What is older than this many days is another time.
const WINDOW: i64 = 90;
/// A size that falls by more than this share from one day to the next was made smaller: VACUUM FULL, a deletion. What was
/// before it does not belong to the line.
const DROP: f64 = 0.1;
/// Further away nobody can see: days.
const HORIZON: f64 = 3652.5;

/// Least squares over one size per day. `None` with fewer than five days or less than a week.
pub fn trend(points: &[Point]) -> Option<Trend> {
    let days = since_last_drop(&daily(points));
    let (first, last) = (days.first()?, days.last()?);
    let span = (last.time - first.time) as f64 / DAY as f64;
    if days.len() < LEAST_DAYS || span < LEAST_SPAN {
        return None;
    }
    let count = days.len() as f64;
    // From the first day and size on: the numbers stay small, and sums of squares exact enough.
    let x = |p: &Point| (p.time - first.time) as f64 / DAY as f64;
    let y = |p: &Point| (p.size_bytes - first.size_bytes) as f64;
    let mean = |of: &dyn Fn(&Point) -> f64| days.iter().map(of).sum::<f64>() / count;
    let (mean_x, mean_y) = (mean(&x), mean(&y));
    let spread: f64 = days.iter().map(|p| (x(p) - mean_x).powi(2)).sum();
    let slope = days.iter().map(|p| (x(p) - mean_x) * (y(p) - mean_y)).sum::<f64>() / spread;
    let residuals: f64 = days.iter().map(|p| (y(p) - mean_y - slope * (x(p) - mean_x)).powi(2)).sum();
    let error = (residuals / (count - 2.0) / spread).sqrt();
    (slope.is_finite() && error.is_finite()).then(|| Trend {
        from: moment(first.time),
        to: moment(last.time),
        days: days.len() as u32,
        bytes_per_day: slope,
        error_per_day: 2.0 * error,
    })
}

/// The days of the window that are all after the last time the tenant was made smaller.
fn since_last_drop(days: &[Point]) -> Vec<Point> {
    let Some(last) = days.last() else { return Vec::new() };
    let recent: Vec<&Point> = days.iter().filter(|p| p.time >= last.time - WINDOW * DAY).collect();
    let is_drop = |pair: &[&Point]| (pair[1].size_bytes as f64) < (1.0 - DROP) * pair[0].size_bytes as f64;
    let start = recent.windows(2).rposition(is_drop).map_or(0, |before| before + 1);
    recent.into_iter().skip(start).cloned().collect()
}

/// When the tenant reaches this limit of bytes, going on from its newest size along its [`trend`].
pub fn forecast(points: &[Point], limit_bytes: i64) -> Forecast {
    let mut forecast = Forecast { limit_bytes, outlook: Outlook::Unknown, at: None, earliest: None, latest: None };
    let Some(last) = points.iter().max_by_key(|p| p.time) else { return forecast };
    let room = (limit_bytes - last.size_bytes) as f64;
    if room <= 0.0 {
        forecast.outlook = Outlook::Reached;
        return forecast;
    }
    let Some(trend) = trend(points) else { return forecast };
    let (least, most) = (trend.bytes_per_day - trend.error_per_day, trend.bytes_per_day + trend.error_per_day);
    let days = room / trend.bytes_per_day;
    forecast.outlook = if trend.bytes_per_day <= 0.0 || trend.bytes_per_day < trend.error_per_day / 2.0 {
        Outlook::Steady
    } else if days > HORIZON {
        Outlook::Far
    } else {
        Outlook::Reaches
    };
    if forecast.outlook == Outlook::Reaches {
        let day = |days: f64| moment(last.time + (days * DAY as f64) as i64);
        forecast.at = Some(day(days));
        forecast.earliest = Some(day(room / most));
        forecast.latest =
            Some(least).filter(|least| *least > 0.0 && room / least <= HORIZON).map(|least| day(room / least));
    }
    forecast
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "what a test needs and does not get ends it")]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A size after so many days.
    pub fn at(day: f64, size_bytes: i64) -> Point {
        let time = (day * DAY as f64) as i64;
        Point { time, size_bytes, index_bytes: 0, rows: size_bytes / 10, dead_rows: None, writes: None }
    }

    /// Points as they never come, and as they do.
    pub fn any_points() -> impl Strategy<Value = Vec<Point>> {
        let point = (-400.0f64..400.0, 0i64..2_000_000_000_000).prop_map(|(day, size)| at(day, size));
        proptest::collection::vec(point, 0..60)
    }

    fn line(days: i64, from: i64, per_day: i64) -> Vec<Point> {
        (0..days).map(|day| at(day as f64 + 0.5, from + day * per_day)).collect()
    }

    #[test]
    fn a_line_is_found_as_it_is() {
        let trend = trend(&line(30, 1_000_000, 5_000)).unwrap();
        assert!((trend.bytes_per_day - 5_000.0).abs() < 1e-6, "{trend:?}");
        assert!(trend.error_per_day < 1e-6, "{trend:?}");
        assert_eq!(trend.days, 30);
    }

    #[test]
    fn too_little_history_is_no_line() {
        assert_eq!(trend(&[]), None);
        assert_eq!(trend(&line(1, 1, 1)), None);
        assert_eq!(trend(&line(4, 1, 1)), None);
        // Five days, and yet not a week.
        assert_eq!(trend(&line(6, 1, 1)), None);
        assert!(trend(&line(8, 1, 1)).is_some());
        // A hundred snapshots of one day are one day.
        let hour: Vec<Point> = (0..100).map(|i| at(f64::from(i) / 200.0, 100 + i64::from(i))).collect();
        assert_eq!(trend(&hour), None);
    }

    #[test]
    fn the_day_of_the_limit_is_where_the_line_meets_it() {
        let points = line(30, 1_000_000, 10_000);
        // 1,290,000 on day 29.5; 100,000 more take 10 days.
        let told = forecast(&points, 1_390_000);
        assert_eq!(told.outlook, Outlook::Reaches);
        assert_eq!(told.at.as_deref(), Some("1970-02-09T12:00:00Z"));
        assert_eq!(forecast(&points, 1_000).outlook, Outlook::Reached);
        assert_eq!(forecast(&points, 900_000_000_000).outlook, Outlook::Far);
        assert_eq!(forecast(&points[..3], 2_000_000).outlook, Outlook::Unknown);
        assert_eq!(forecast(&[], 2_000_000).outlook, Outlook::Unknown);
    }

    #[test]
    fn what_does_not_grow_reaches_nothing() {
        assert_eq!(forecast(&line(30, 1_000_000, 0), 2_000_000).outlook, Outlook::Steady);
        assert_eq!(forecast(&line(30, 1_000_000, -1_000), 2_000_000).outlook, Outlook::Steady);
        let wobbling: Vec<Point> = (0..30).map(|d| at(f64::from(d), 1_000_000 + i64::from(d % 3) * 40_000)).collect();
        assert_eq!(forecast(&wobbling, 2_000_000).outlook, Outlook::Steady);
    }

    #[test]
    fn scatter_makes_the_interval_wide_and_never_leaves_the_day_out_of_it() {
        let points: Vec<Point> =
            (0..30).map(|d| at(f64::from(d), 1_000_000 + i64::from(d) * 10_000 + i64::from(d % 4) * 8_000)).collect();
        let told = forecast(&points, 2_000_000);
        assert_eq!(told.outlook, Outlook::Reaches);
        let (earliest, at, latest) = (told.earliest.unwrap(), told.at.unwrap(), told.latest.unwrap());
        assert!(earliest < at && at < latest, "{earliest} {at} {latest}");
    }

    #[test]
    fn a_vacuum_full_begins_a_new_line() {
        let mut points = line(20, 10_000_000, 100_000);
        points.extend((0..10).map(|day| at(f64::from(20 + day) + 0.5, 4_000_000 + i64::from(day) * 100_000)));
        let told = trend(&points).unwrap();
        assert!((told.bytes_per_day - 100_000.0).abs() < 1e-3, "{told:?}");
        assert_eq!(told.days, 10);
        // Right after it, nothing is told.
        assert_eq!(trend(&points[..22]), None);
    }

    proptest! {
        #[test]
        fn whatever_the_points_are_what_is_told_is_finite_and_in_order(points in any_points(), limit in 0i64..1 << 50) {
            if let Some(trend) = trend(&points) {
                prop_assert!(trend.bytes_per_day.is_finite() && trend.error_per_day.is_finite());
                prop_assert!(trend.error_per_day >= 0.0 && trend.days >= 5);
            }
            let told = forecast(&points, limit);
            prop_assert_eq!(told.at.is_some(), told.outlook == Outlook::Reaches);
            if let (Some(earliest), Some(at)) = (&told.earliest, &told.at) {
                prop_assert!(earliest <= at);
                prop_assert!(told.latest.as_ref().is_none_or(|latest| at <= latest));
            }
        }

        #[test]
        fn a_higher_limit_is_never_reached_earlier(points in any_points(), limit in 0i64..1 << 45, more in 1i64..1 << 40) {
            if let (Some(a), Some(b)) = (forecast(&points, limit).at, forecast(&points, limit + more).at) {
                prop_assert!(a <= b);
            }
        }

        #[test]
        fn the_line_does_not_depend_on_the_order_of_the_points(points in any_points()) {
            let mut unique = points;
            unique.sort_by_key(|p| p.time);
            unique.dedup_by_key(|p| p.time);
            let told = trend(&unique);
            unique.reverse();
            prop_assert_eq!(told, trend(&unique));
        }
    }
}
