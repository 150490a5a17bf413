//! The fixed windows in which gateways count requests. They end at whole multiples of their length on the clock
//! (the global rate limit service of Envoy, units of a second, a minute, an hour, a day), whenever the first request came.

use std::time::Duration;

/// The longest wait for the next window, in which a side is asked from its start.
const ROOM: Duration = Duration::from_secs(5);

/// How long to wait so that the requests to come fall into one window: nothing, unless it ends soon. `now` is
/// the time since 1970.
pub(super) fn wait(now: Duration, per: Duration) -> Duration {
    let into = now.as_secs_f64() % per.as_secs_f64();
    let left = per.saturating_sub(Duration::try_from_secs_f64(into).unwrap_or_default());
    if left < ROOM.min(per / 2) {
        left
    } else {
        Duration::ZERO
    }
}

/// Whether a window ended between two times since 1970.
pub(super) fn ended(from: Duration, to: Duration, per: Duration) -> bool {
    let window = |at: Duration| at.as_nanos() / per.as_nanos().max(1);
    window(from) != window(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn only_the_end_of_a_window_is_waited_for() {
        assert_eq!(wait(seconds(120), MINUTE), Duration::ZERO);
        assert_eq!(wait(seconds(175), MINUTE), Duration::ZERO);
        assert_eq!(wait(seconds(176), MINUTE), seconds(4));
        let half = Duration::from_millis(500);
        let quarter = Duration::from_millis(250);
        assert_eq!(wait(seconds(7) + half, seconds(1)), Duration::ZERO);
        assert_eq!(wait(seconds(7) + half + quarter, seconds(1)), quarter);
    }

    #[test]
    fn a_window_ends_at_multiples_of_its_length() {
        assert!(!ended(seconds(120), seconds(179), MINUTE));
        assert!(ended(seconds(179), seconds(180), MINUTE));
        assert!(ended(seconds(121), seconds(241), MINUTE));
    }
}
