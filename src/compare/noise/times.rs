//! Times among varying values: what their unit is, how they are written, how far apart they are.

use super::form::{Change, Class, format_changed};
use super::words as say;
use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::compare::time;
use crate::message::Response;
use crate::pair::Pair;

const SECOND: i128 = 1_000_000_000;
/// The longest that one case takes: values of a side within it may be readings of one clock.
const ONE_CASE: i128 = 300 * SECOND;
/// Two clocks that are set differ by less.
const CLOCKS: i128 = 600 * SECOND;

/// Whether whole numbers are seconds or milliseconds since 1970: between 2001 and 2049, and near
/// each other.
pub(super) fn unit(texts: &[String]) -> Option<Class> {
    let numbers: Option<Vec<i128>> = texts.iter().map(|text| text.parse().ok()).collect();
    let numbers = numbers?;
    let (least, most) = (*numbers.iter().min()?, *numbers.iter().max()?);
    let in_seconds = |scale: i128| {
        let range = 1_000_000_000 * scale..2_500_000_000 * scale;
        range.contains(&least)
            && range.contains(&most)
            && (most - least) * SECOND / scale <= ONE_CASE
    };
    if in_seconds(1) {
        Some(Class::Seconds)
    } else if in_seconds(1_000) {
        Some(Class::Milliseconds)
    } else {
        None
    }
}

/// Nanoseconds since 1970.
fn moment(text: &str, class: Class) -> Option<i128> {
    match class {
        Class::Seconds => text.parse::<i128>().ok().map(|n| n * SECOND),
        Class::Milliseconds => text.parse::<i128>().ok().map(|n| n * SECOND / 1_000),
        Class::Moment | Class::HttpDate => {
            // Without a zone it is taken for UTC: only distances count.
            let read = time::moment(text).or_else(|| time::moment(&format!("{text}Z")));
            read.map(jiff::Timestamp::as_nanosecond)
        }
        _ => None,
    }
}

/// Texts that may be a time in whole seconds.
static WHOLE_SECONDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let stamp = r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:[Zz]|[+-]\d{2}:?\d{2})?";
    Regex::new(&format!(r"{stamp}|\b1\d{{9}}\b")).ok()
});
/// Bytes of a body that are looked through for a clock.
const LOOKED_THROUGH: usize = 256 * 1024;
/// Seconds between what a clock shows and the `Date` of its answer.
const NOW: i64 = 60;

/// Whether an answer shows the time of its own making in whole seconds: two answers within one second
/// do not tell that it moves.
pub fn shows_a_clock(answer: &Response) -> bool {
    let date = answer.headers.text("date");
    let Some(now) = date.and_then(|date| time::http_date(&date)) else {
        return false;
    };
    let Some(regex) = WHOLE_SECONDS.as_ref() else {
        return false;
    };
    let until = answer.body.len().min(LOOKED_THROUGH);
    let text = answer.body.get(..until).unwrap_or_default();
    regex.find_iter(text).any(|found| {
        let more = text.get(found.end()) == Some(&b'.');
        let text = String::from_utf8_lossy(found.as_bytes());
        let seconds = match text.parse::<i64>() {
            Ok(seconds) => Some(seconds),
            Err(_) => moment(&text, Class::Moment)
                .and_then(|nanoseconds| i64::try_from(nanoseconds / SECOND).ok()),
        };
        !more && seconds.is_some_and(|seconds| (seconds - now).abs() <= NOW)
    })
}

fn class_of(text: &str) -> Option<Class> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return unit(&[text.to_owned()]);
    }
    time::moment(text).map(|_| Class::Moment)
}

fn range(texts: &[String], class: Class) -> Option<(i128, i128)> {
    let moments: Option<Vec<i128>> = texts.iter().map(|text| moment(text, class)).collect();
    let moments = moments?;
    Some((*moments.iter().min()?, *moments.iter().max()?))
}

/// The smallest step that a notation of time can show.
fn tick(texts: &[String]) -> i128 {
    let digits = texts.iter().map(|text| fraction(text).len()).max();
    let milliseconds = texts
        .iter()
        .all(|text| unit(std::slice::from_ref(text)) == Some(Class::Milliseconds));
    let digits = if milliseconds {
        3
    } else {
        digits.unwrap_or_default().min(9)
    };
    SECOND / 10_i128.pow(u32::try_from(digits).unwrap_or_default())
}

/// Whether a clock that shows these texts may have shown `constant` in all of its answers: they
/// moved by one tick at most, or by little more, and it is near.
pub(super) fn within_a_tick(texts: &[String], constant: &str) -> bool {
    let all: Option<(Class, (i128, i128))> = texts
        .first()
        .and_then(|text| class_of(text))
        .and_then(|class| Some((class, range(texts, class)?)));
    let Some((_, (least, most))) = all else {
        return false;
    };
    let Some(other) = class_of(constant).and_then(|class| moment(constant, class)) else {
        return false;
    };
    let near = other >= least - CLOCKS && other <= most + CLOCKS;
    near && most - least <= tick(texts)
}

/// Two clocks that show another time.
pub(super) fn apart(texts: Pair<&[String]>, classes: Pair<Class>) -> Option<Change> {
    let ranges = Pair::new(
        range(texts.old, classes.old)?,
        range(texts.new, classes.new)?,
    );
    let one_case = |(least, most): (i128, i128)| most - least <= ONE_CASE;
    if classes.old != classes.new || !one_case(ranges.old) || !one_case(ranges.new) {
        return None;
    }
    let gap = (ranges.new.0 - ranges.old.1).max(ranges.old.0 - ranges.new.1);
    (gap > CLOCKS).then(|| Change::value(say::apart(&how_far(gap))))
}

fn how_far(gap: i128) -> String {
    let minutes = (gap + 30 * SECOND) / (60 * SECOND);
    match minutes {
        0..120 => format!("about {minutes} minutes"),
        120..2880 => format!("about {} hours", (minutes + 30) / 60),
        _ => format!("about {} days", (minutes + 720) / 1440),
    }
}

/// Digits of the fraction of a second.
fn fraction(text: &str) -> &str {
    let rest = text.get(19..).and_then(|rest| rest.strip_prefix('.'));
    let rest = rest.unwrap_or_default();
    let end = rest.find(|sign: char| !sign.is_ascii_digit());
    rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
}

/// How RFC 3339 timestamps are written: what stands before the time, and the zone.
fn dress(text: &str) -> (String, String) {
    let separator = text.get(10..11).unwrap_or_default().to_owned();
    let rest = text.get(19..).unwrap_or_default();
    let zone = rest.trim_start_matches(|sign: char| sign == '.' || sign.is_ascii_digit());
    (separator, zone.to_owned())
}

/// Another notation of timestamps: precision, zone, separator.
pub(super) fn notation(texts: Pair<&[String]>) -> Option<Change> {
    let digits = texts.map(|texts| {
        let digits = texts.iter().map(|text| fraction(text).len());
        digits.max().unwrap_or_default()
    });
    // Some libraries leave out zeros at the end.
    let precise = digits.old.abs_diff(digits.new) > 1 || (digits.old == 0) != (digits.new == 0);
    let dressed = texts.map(|texts| texts.iter().map(|text| dress(text)).collect::<Vec<_>>());
    let alike = dressed.old.iter().any(|dress| dressed.new.contains(dress));
    if !precise && alike {
        return None;
    }
    let shown = Pair::of(|side| {
        let (separator, zone) = dressed[side].first().cloned().unwrap_or_default();
        let zone = if zone.is_empty() {
            "no zone".to_owned()
        } else {
            format!("the zone {zone}")
        };
        let digits = digits[side];
        let blank = if separator == "T" { "" } else { ", no T" };
        format!("with {digits} digits of a fraction and {zone}{blank}")
    });
    Some(format_changed(say::other_notation(&shown.old, &shown.new)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn numbers_are_times_only_where_they_are_near_each_other() {
        assert_eq!(
            unit(&owned(&["1795299007", "1795299008"])),
            Some(Class::Seconds)
        );
        assert_eq!(unit(&owned(&["1795299007123"])), Some(Class::Milliseconds));
        assert_eq!(unit(&owned(&["1795299007", "1296269000"])), None);
        assert_eq!(unit(&owned(&["17", "18"])), None);
    }

    #[test]
    fn a_clock_of_whole_seconds_may_stand_still_and_a_finer_one_may_not() {
        let whole = owned(&["2026-11-21T22:10:07Z", "2026-11-21T22:10:08Z"]);
        assert!(within_a_tick(&whole, "2026-11-21T22:10:08Z"));
        assert!(!within_a_tick(&whole, "2024-11-21T22:10:08Z"));
        let fine = owned(&["2026-11-21T22:10:07.123Z", "2026-11-21T22:10:07.190Z"]);
        assert!(!within_a_tick(&fine, "2026-11-21T22:10:07.123Z"));
    }

    #[test]
    fn a_clock_is_known_by_the_date_of_its_answer() {
        let shows = |body: &str| {
            let date = ("Date".to_owned(), b"Sat, 21 Nov 2026 22:10:00 GMT".to_vec());
            let headers = crate::message::Headers(vec![date]);
            shows_a_clock(&Response::plain(200, headers, body.to_owned().into()))
        };
        assert!(shows(r#"{"at":"2026-11-21T22:10:01Z"}"#));
        assert!(shows(r#"{"at":1795299001}"#));
        assert!(!shows(r#"{"at":"2026-11-21T22:10:01.250Z"}"#));
        assert!(!shows(r#"{"at":"2025-11-21T22:10:01Z","n":1296269001}"#));
        let without = Response::plain(200, crate::message::Headers::default(), "1795299001".into());
        assert!(!shows_a_clock(&without));
    }

    #[test]
    fn precision_zone_and_separator_are_a_notation() {
        let other = |old: &str, new: &str| {
            let texts = Pair::new(owned(&[old]), owned(&[new]));
            notation(texts.as_ref().map(Vec::as_slice)).is_some()
        };
        let plain = "2026-11-21T22:10:07.123Z";
        assert!(!other(plain, "2026-11-21T22:10:08.41Z"));
        assert!(other(plain, "2026-11-21T22:10:08Z"));
        assert!(other(plain, "2026-11-21T22:10:08.412345Z"));
        assert!(other(plain, "2026-11-21T22:10:08.412+00:00"));
        assert!(other(plain, "2026-11-21 22:10:08.412Z"));
    }
}
