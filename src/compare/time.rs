//! Moments, in the notations of headers and bodies.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// Seconds since 1970 of an HTTP date, also with the dashes of old cookies
/// (`Sat, 21-Nov-2026 22:10:00 GMT`); a false day of the week is passed over.
pub(super) fn http_date(text: &str) -> Option<i64> {
    moment_of_date(text).map(Timestamp::as_second)
}

fn moment_of_date(text: &str) -> Option<Timestamp> {
    const PARSER: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);
    let text = text.trim();
    let parsed = PARSER.parse_timestamp(text);
    let parsed = parsed.or_else(|_| PARSER.parse_timestamp(text.replace('-', " ")));
    parsed.ok()
}

/// The moment that an RFC 3339 timestamp or an HTTP date means.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    // A date without a time is no moment, and most texts are none at all.
    if text.len() < 17 || !text.contains(':') {
        return None;
    }
    text.parse().ok().or_else(|| moment_of_date(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_notations_that_servers_use() {
        for text in [
            "Sat, 21 Nov 2026 22:10:00 GMT",
            "Sat, 21-Nov-2026 22:10:00 GMT",
            "Mon, 21 Nov 2026 22:10:00 GMT",
        ] {
            assert_eq!(http_date(text), Some(1_795_299_000), "{text}");
        }
        assert_eq!(http_date("Thu, 01-Jan-70 00:00:00 GMT"), Some(0));
        assert_eq!(http_date("0"), None);
        let moments = [
            "2026-11-21T22:10:00Z",
            "2026-11-21T22:10:00.000Z",
            "2026-11-21T23:10:00+01:00",
            "Sat, 21 Nov 2026 22:10:00 GMT",
        ];
        assert!(
            moments
                .iter()
                .all(|text| moment(text) == moment(moments[0]))
        );
        assert_eq!(moment("2026-11-21"), None);
        assert_eq!(moment("12:30"), None);
    }
}
