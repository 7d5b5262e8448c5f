//! The pace of requests to a partner.

use std::time::Duration;

use ocpi_client::Pace;
use ocpi_types::Rate;
use proptest::prelude::*;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_rate_lets_all_go_at_once_and_then_no_more() {
    for (requests, time) in [(30, 3_600), (6, 60), (100, 60), (1, 1)] {
        let pace = Pace::new(Rate::new(requests, SECOND * time));
        for _ in 0..requests {
            assert_eq!(pace.take(SECOND, None), Some(Duration::ZERO));
        }
        assert_eq!(
            pace.take(SECOND, Some(SECOND / 2)),
            None,
            "no turn within half a second, and none is taken"
        );
        assert_eq!(pace.take(SECOND, None), Some(SECOND * time));
        assert_eq!(pace.take(SECOND * (time + 1), None).is_some_and(|wait| wait.is_zero()), requests > 1);
    }
}

#[test]
fn a_pause_stops_everybody_and_never_gets_shorter() {
    for pace in [Pace::new(None), Pace::default()] {
        let clone = pace.clone();
        pace.pause(SECOND * 30);
        pace.pause(SECOND * 20);
        assert_eq!(clone.take(SECOND * 10, None), Some(SECOND * 20));
        assert_eq!(clone.take(SECOND * 10, Some(SECOND * 20)), None, "nothing would be left of the deadline");
        assert_eq!(clone.take(SECOND * 30, Some(Duration::ZERO)), Some(Duration::ZERO));
    }
    let unbound = Pace::new(None);
    assert!((0..1_000).all(|_| unbound.take(SECOND, None) == Some(Duration::ZERO)));
    assert_eq!(Pace::default().rate(), Some(Rate::per_minute(100)));
}

proptest! {
    /// Whenever requests come and however long they would wait: no window has more than the rate allows, each goes as
    /// early as that lets it, and in the order in which they came.
    #[test]
    fn no_window_has_too_many(
        requests in 0..6_u32,
        time in 1..50_u64,
        arrivals in prop::collection::vec((0..30_u64, prop::option::of(0..60_u64)), 1..80),
        pause in prop::option::of((0..80_usize, 0..300_u64)),
    ) {
        let millis = Duration::from_millis;
        let rate = Rate::new(requests, millis(time));
        let pace = Pace::new(rate);
        let (mut now, mut turns, mut paused_until) = (0, Vec::new(), 0);
        for (index, (gap, within)) in arrivals.into_iter().enumerate() {
            now += gap;
            if let Some((_, until)) = pause.filter(|(at, _)| *at == index) {
                pace.pause(millis(until));
                paused_until = until;
            }
            let most = rate.requests() as usize;
            let behind = turns.len().checked_sub(most).map_or(0, |first| turns[first] + time);
            let earliest = now.max(paused_until).max(behind).max(turns.last().copied().unwrap_or(0));
            let wait = earliest - now;
            let is_late = within.is_some_and(|within| wait > 0 && wait >= within);
            let taken = pace.take(millis(now), within.map(millis));
            prop_assert_eq!(taken, (!is_late).then(|| millis(wait)));
            if !is_late {
                turns.push(earliest);
            }
        }
        let most = rate.requests() as usize;
        for window in turns.windows(most + 1) {
            prop_assert!(window[most] - window[0] >= time);
        }
    }

    /// Requests in the background leave a tenth to others, which pass those that wait by as far as the rate lets them.
    #[test]
    fn background_leaves_turns_to_others(
        requests in 1..25_u32,
        time in 1..50_u64,
        arrivals in prop::collection::vec((0..8_u64, any::<bool>()), 1..90),
    ) {
        let millis = Duration::from_millis;
        let pace = Pace::new(Rate::new(requests, millis(time)));
        let most = requests as usize;
        let left = if most < 4 { 0 } else { most.div_ceil(10) };
        let (mut now, mut all, mut background) = (0, Vec::new(), Vec::new());
        let mut last = [0, 0];
        for (gap, is_in_background) in arrivals {
            now += gap;
            let last = &mut last[usize::from(is_in_background)];
            let fits = |turn: &u64| {
                is_within(&all, *turn, most, time)
                    && (!is_in_background || is_within(&background, *turn, most - left, time))
            };
            let earliest = (now.max(*last)..).find(fits).expect("there is a turn some time");
            let taken = if is_in_background { pace.take_in_background(millis(now), None) } else { pace.take(millis(now), None) };
            prop_assert_eq!(taken, Some(millis(earliest - now)));
            all.push(earliest);
            if is_in_background {
                background.push(earliest);
            }
            *last = earliest;
        }
    }
}

/// Whether no stretch of `time` has more than `most` turns, one more included.
fn is_within(turns: &[u64], turn: u64, most: usize, time: u64) -> bool {
    let mut all = turns.to_vec();
    all.push(turn);
    all.sort_unstable();
    all.windows(most + 1).all(|window| window[most] - window[0] >= time)
}
