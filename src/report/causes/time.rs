//! The way in which one date or time became another.

use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

/// Minutes that time zones differ by a multiple of.
const QUARTER: i64 = 15 * 60;
/// Seconds by which two time zones differ at most.
const WIDEST: i64 = 26 * 3_600;
const DAY: i64 = 86_400;

/// The moment that an RFC 3339 timestamp or an HTTP date means.
fn moment(text: &str) -> Option<Timestamp> {
    if text.len() < 17 || !text.contains(':') {
        return None;
    }
    let http = |text| {
        DateTimeParser::new()
            .relaxed_weekday(true)
            .parse_timestamp(text)
            .ok()
    };
    text.parse().ok().or_else(|| http(text))
}

/// A date and time without a zone.
fn bare(text: &str) -> Option<DateTime> {
    let fits = text.len() >= 16 && text.contains(':');
    fits.then(|| text.parse().ok()).flatten()
}

/// `an hour later`, `the time zone is gone`: in words that hold for other times alike.
pub(super) fn way(old: &str, new: &str) -> Option<String> {
    if let (Some(a), Some(b)) = (moment(old), moment(new)) {
        return Some(shift(b.duration_since(a)));
    }
    match (moment(old).is_some(), moment(new).is_some()) {
        (true, false) if bare(new).is_some() => return Some("the time zone is gone".to_owned()),
        (false, true) if bare(old).is_some() => return Some("a time zone is new".to_owned()),
        _ => {}
    }
    if let (Some(a), Some(b)) = (bare(old), bare(new)) {
        return Some(shift(b.duration_since(a)));
    }
    let dates = [old, new].map(|text| text.parse::<Date>().ok().filter(|_| text.len() == 10));
    let [Some(a), Some(b)] = dates else {
        return None;
    };
    Some(shift(b.duration_since(a)))
}

/// Whether a text is a time and a number the same time, as seconds or milliseconds since 1970.
pub(super) fn counted(text: &str, number: &str) -> Option<&'static str> {
    let (moment, number) = (moment(text)?, number.parse::<i64>().ok()?);
    if moment.as_second() == number {
        Some("seconds since 1970")
    } else if moment.as_millisecond() == number {
        Some("milliseconds since 1970")
    } else {
        None
    }
}

fn shift(by: SignedDuration) -> String {
    let (seconds, rest) = (by.as_secs(), by.subsec_nanos());
    if by.is_zero() {
        return "the same time in another notation".to_owned();
    }
    if seconds == 0 && by.is_negative() {
        return "the fraction of a second is gone".to_owned();
    }
    let size = seconds.abs();
    let is_zone = size % QUARTER == 0 && size <= WIDEST;
    let is_days = size % DAY == 0 && size <= 31 * DAY;
    if rest != 0 || !(is_zone || is_days) {
        return "another time".to_owned();
    }
    let direction = if seconds > 0 { "later" } else { "earlier" };
    let amount = match size {
        _ if size % DAY == 0 => counted_in(size / DAY, "a day", "days"),
        _ if size % 3_600 == 0 => counted_in(size / 3_600, "an hour", "hours"),
        _ => counted_in(size / 60, "a minute", "minutes"),
    };
    format!("{amount} {direction}")
}

fn counted_in(count: i64, one: &str, many: &str) -> String {
    match count {
        1 => one.to_owned(),
        _ => format!("{count} {many}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_are_told_in_words() {
        for (old, new, expected) in [
            (
                "2026-11-21T22:10:00Z",
                "2026-11-21T23:10:00Z",
                Some("an hour later"),
            ),
            (
                "2026-11-21T22:10:00Z",
                "2026-11-21T22:10:00+02:00",
                Some("2 hours earlier"),
            ),
            (
                "2026-11-21T22:10:00Z",
                "2026-11-21T23:10:00+01:00",
                Some("the same time in another notation"),
            ),
            (
                "2026-11-21T22:10:00Z",
                "Sat, 21 Nov 2026 22:10:00 GMT",
                Some("the same time in another notation"),
            ),
            (
                "2026-11-21T22:10:00Z",
                "2026-11-22T03:40:00Z",
                Some("330 minutes later"),
            ),
            (
                "2026-11-21T22:10:00.123Z",
                "2026-11-21T22:10:00Z",
                Some("the fraction of a second is gone"),
            ),
            (
                "2026-11-21T22:10:00Z",
                "2026-11-21T22:10:07Z",
                Some("another time"),
            ),
            (
                "2026-11-21T22:10:00Z",
                "2026-11-21T22:10:00",
                Some("the time zone is gone"),
            ),
            (
                "2026-11-21 22:10:00",
                "2026-11-21T22:10:00Z",
                Some("a time zone is new"),
            ),
            (
                "2026-11-21T22:10:00",
                "2026-11-22T22:10:00",
                Some("a day later"),
            ),
            ("2026-11-21", "2026-11-20", Some("a day earlier")),
            ("2026-11-21", "a text", None),
            ("ten past 22:10 or so", "2026-11-21T22:10:00Z", None),
        ] {
            assert_eq!(way(old, new).as_deref(), expected, "{old} {new}");
        }
    }

    #[test]
    fn a_time_is_recognised_in_a_number() {
        let text = "2026-11-21T22:10:00Z";
        assert_eq!(counted(text, "1795299000"), Some("seconds since 1970"));
        assert_eq!(
            counted(text, "1795299000000"),
            Some("milliseconds since 1970")
        );
        assert_eq!(counted(text, "5"), None);
    }
}
