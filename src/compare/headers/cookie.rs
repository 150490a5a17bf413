//! `Set-Cookie`: names, whether a value is there, how long it is kept, and the other attributes.

use std::collections::BTreeMap;

use super::syntax::parameter;
use crate::compare::{Standing, time};
use crate::message::Response;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Severity, Where};

type Attributes = BTreeMap<String, String>;

/// Seconds by which two moments of expiry may differ: the sides are not asked at one time.
const SLACK: i64 = 10;
/// A moment of expiry before this one (1971) deletes, whatever the time is.
const LONG_PAST: i64 = 31_536_000;

struct Cookie {
    /// As it was sent; what shows it masks the value.
    text: String,
    /// Whether it has a value.
    filled: bool,
    life: Life,
    /// The other attributes.
    attributes: Attributes,
}

/// How long a client keeps a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    /// As long as the client runs.
    Session,
    /// So many seconds, by `Max-Age`.
    Seconds(i64),
    /// So many seconds from the answer's `Date`, by `Expires`.
    About(i64),
    /// Not at all: it is deleted.
    Deleted,
}

pub(super) fn compare(
    answers: Pair<&Response>,
    standing: &Standing,
    differences: &mut Vec<Difference>,
) {
    let dates = super::dates(answers);
    let cookies = Pair::new(read(answers.old, dates.old), read(answers.new, dates.new));
    let mut names: Vec<&String> = cookies.old.keys().chain(cookies.new.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let found = Pair::new(cookies.old.get(name), cookies.new.get(name));
        let Some((kind, severity, explain)) = differs(found, standing) else {
            continue;
        };
        let shown =
            found.map(|found| found.map_or(Observed::Absent, |found| Observed::text(&found.text)));
        let path = format!("set-cookie[{name}]");
        let difference = Difference::new(Where::Header, path, kind, severity, explain);
        differences.push(difference.showing(shown.old, shown.new));
    }
}

/// The worst way in which two cookies of one name differ.
fn differs(
    found: Pair<Option<&Cookie>>,
    standing: &Standing,
) -> Option<(Kind, Severity, &'static str)> {
    let value = |severity, explain| Some((Kind::Value, severity, explain));
    let (old, new) = match (found.old, found.new) {
        (Some(old), Some(new)) => (old, new),
        (Some(_), None) => {
            let explain = "the cookie is gone: clients lose what it keeps";
            return Some((Kind::Removed, Severity::Breaking, explain));
        }
        (None, Some(_)) => {
            let explain = "clients that keep cookies now send one more";
            return Some((Kind::Added, Severity::Risky, explain));
        }
        (None, None) => return None,
    };
    let deleted = Pair::new(old, new).map(|cookie| cookie.life == Life::Deleted);
    match (deleted.old, deleted.new) {
        (true, true) => None,
        (false, true) => value(
            Severity::Breaking,
            "the cookie is now deleted: clients lose what it keeps",
        ),
        (true, false) => value(
            Severity::Breaking,
            "the cookie is no longer deleted: clients go on sending it",
        ),
        _ if old.filled && !new.filled => value(
            Severity::Breaking,
            "the cookie's value is now empty: clients lose what it keeps",
        ),
        _ if !old.filled && new.filled => value(
            Severity::Breaking,
            "the cookie's value was empty and now is not: clients go on sending it",
        ),
        _ if !same_life(old.life, new.life) => value(
            Severity::Risky,
            "clients keep the cookie for another time (Max-Age, or else Expires)",
        ),
        _ if !same(&old.attributes, &new.attributes, standing) => value(
            Severity::Risky,
            "the cookie has other attributes: clients send it elsewhere, or not at all",
        ),
        _ => None,
    }
}

fn same_life(old: Life, new: Life) -> bool {
    match (old, new) {
        (Life::About(old), Life::About(new) | Life::Seconds(new))
        | (Life::Seconds(old), Life::About(new)) => old.abs_diff(new) <= SLACK.unsigned_abs(),
        (old, new) => old == new,
    }
}

/// The cookies of an answer that was given at `date`, where that is known.
fn read(answer: &Response, date: Option<i64>) -> BTreeMap<String, Cookie> {
    let mut cookies = BTreeMap::new();
    for value in answer.headers.all("set-cookie") {
        let text = String::from_utf8_lossy(value);
        let mut pieces = text.split(';');
        let pair = pieces.next().unwrap_or_default();
        let (name, content) = pair.split_once('=').unwrap_or((pair, ""));
        let attributes = pieces.map(parameter).filter(|(name, _)| !name.is_empty());
        let mut attributes: Attributes = attributes
            .map(|(name, value)| match name.as_str() {
                "samesite" => (name, value.to_ascii_lowercase()),
                _ => (name, value),
            })
            .collect();
        let ends = (attributes.remove("max-age"), attributes.remove("expires"));
        let cookie = Cookie {
            text: text.trim().to_owned(),
            filled: !content.trim().trim_matches('"').is_empty(),
            life: life(ends.0.as_deref(), ends.1.as_deref(), date),
            attributes,
        };
        cookies.insert(name.trim().to_owned(), cookie);
    }
    cookies
}

/// `Max-Age` has the say before `Expires` (RFC 6265 section 5.3); what cannot be read is passed over
/// (sections 5.2.1 and 5.2.2).
fn life(max_age: Option<&str>, expires: Option<&str>, date: Option<i64>) -> Life {
    let (life, by_date) = match max_age.and_then(seconds) {
        Some(seconds) => (seconds, false),
        None => match expires.and_then(time::http_date) {
            Some(end) if end < LONG_PAST => (0, true),
            Some(end) => (end - date.unwrap_or_default(), true),
            None => return Life::Session,
        },
    };
    match life {
        ..=0 => Life::Deleted,
        life if by_date => Life::About(life),
        life => Life::Seconds(life),
    }
}

fn seconds(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let most = if digits.len() < text.len() {
        i64::MIN
    } else {
        i64::MAX
    };
    Some(text.parse().unwrap_or(most))
}

fn same(old: &Attributes, new: &Attributes, standing: &Standing) -> bool {
    use crate::compare::Relation::Same;
    old.len() == new.len()
        && old.iter().all(|(name, value)| {
            new.get(name).is_some_and(|other| {
                standing.relation(Pair::new(value, other), "header:set-cookie") == Same
            })
        })
}

#[cfg(test)]
mod tests {
    use crate::compare::headers::tests::{diff, one};

    #[test]
    fn cookies_by_name_and_attributes() {
        let old = [
            (
                "Set-Cookie",
                "sid=1; Path=/t/1.0; HttpOnly; Expires=Sat, 21 Nov 2026 22:10:00 GMT",
            ),
            ("Set-Cookie", "a=1"),
        ];
        let new = [
            (
                "set-cookie",
                "sid=2; path=/v1; httponly; expires=Sat, 21-Nov-2026 22:10:07 GMT",
            ),
            ("set-cookie", "b=1"),
        ];
        assert_eq!(
            diff(&old, &new),
            [
                "set-cookie[a] removed breaking",
                "set-cookie[b] added risky"
            ]
        );
        assert_eq!(
            one("set-cookie", "s=1; Secure", "s=1"),
            ["set-cookie[s] value risky"]
        );
    }

    #[test]
    fn the_life_of_a_cookie_and_its_end() {
        const DATE: (&str, &str) = ("date", "Sat, 21 Nov 2026 22:00:00 GMT");
        let life = |old: &str, new: &str| {
            let with = |attributes: &str| format!("s=1; Path=/{attributes}");
            let (old, new) = (with(old), with(new));
            let found = diff(&[DATE, ("set-cookie", &old)], &[DATE, ("set-cookie", &new)]);
            found.join(", ")
        };
        let at = |time: &str| format!("; Expires=Sat, 21 Nov 2026 {time} GMT");
        for (old, new, found) in [
            ("; Max-Age=3600", "; Max-Age=0", "breaking"),
            ("; Max-Age=-1", "", "breaking"),
            ("; Max-Age=60", "; Max-Age=6000", "risky"),
            ("; Max-Age=60", "", "risky"),
            ("; Max-Age=soon", "", ""),
            (
                &at("22:10:00"),
                "; Expires=Thu, 01-Jan-1970 00:00:00 GMT",
                "breaking",
            ),
            (&at("22:10:00"), &at("21:59:00"), "breaking"),
            (&at("22:10:00"), &at("22:10:07"), ""),
            (&at("22:10:00"), &at("22:11:00"), "risky"),
            (&at("22:10:00"), "; Max-Age=600", ""),
            (
                &format!("; Max-Age=60{}", at("21:00:00")),
                "; max-age=60; expires=never",
                "",
            ),
        ] {
            let found = match found {
                "" => String::new(),
                weight => format!("set-cookie[s] value {weight}"),
            };
            assert_eq!(life(old, new), found, "{old} {new}");
        }
        assert_eq!(
            one("set-cookie", "s=1", "s="),
            ["set-cookie[s] value breaking"]
        );
        assert_eq!(
            one("set-cookie", "s=1; Max-Age=0", "s=; Max-Age=0"),
            [""; 0]
        );
    }
}
