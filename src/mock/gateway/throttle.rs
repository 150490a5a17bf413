//! A limit on requests in fixed windows, and how each platform tells it.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::mock::answer::{Answer, Call};
use crate::mock::document::{FaultStyle, ThrottleDoc};
use crate::mock::habits::{CountedBy, Level};

/// Counts requests.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    /// The start of the window in seconds since 1970, and the requests in it.
    window: Mutex<(i64, u64)>,
}

/// Where a request stands in its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count<'a> {
    limit: u64,
    remaining: u64,
    /// Seconds since 1970 at which the next window starts.
    next: i64,
    /// The window's length in seconds.
    length: u64,
    /// What the limit is called.
    name: Option<&'a str>,
    /// Whether the body of a refusal says when to come back.
    tells_next: bool,
    /// What is limited.
    pub(crate) level: Level,
    /// The part of the gateway that counts.
    pub(crate) by: CountedBy,
    /// Whether the request is above the limit.
    pub(crate) over: bool,
}

impl Throttle {
    /// Counts a request; `None` where the limit does not concern it.
    pub(crate) fn count<'a>(
        &self,
        doc: &'a ThrottleDoc,
        call: &Call,
        now: i64,
    ) -> Option<Count<'a>> {
        let concerns = doc.only.is_empty()
            || doc
                .only
                .iter()
                .any(|pattern| pattern.matches(&call.method, &call.path));
        if !concerns {
            return None;
        }
        let length = doc.per.0.as_secs().max(1);
        let start = now - now.rem_euclid(i64::try_from(length).unwrap_or(i64::MAX));
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.0 != start {
            *window = (start, 0);
        }
        window.1 += 1;
        Some(Count {
            limit: doc.limit,
            remaining: doc.limit.saturating_sub(window.1),
            next: start.saturating_add_unsigned(length),
            length,
            name: doc.name.as_deref(),
            tells_next: doc.next_access,
            level: doc.level.unwrap_or(Level::Api),
            by: doc.by.unwrap_or(CountedBy::Router),
            over: window.1 > doc.limit && !doc.shadow,
        })
    }
}

impl Count<'_> {
    /// When to come back, as API Manager writes it into the body of a refusal where it does.
    pub(crate) fn next_access(&self) -> String {
        let at = Timestamp::from_second(self.next).unwrap_or(Timestamp::UNIX_EPOCH);
        match self.tells_next {
            true => at.strftime("%Y-%b-%d %H:%M:%S+0000 UTC").to_string(),
            false => String::new(),
        }
    }

    /// Adds the headers that tell of the limit.
    ///
    /// API Manager sends `Retry-After` as a date on a refusal, unless it is one of burst control
    /// (wso2/api-manager#3128); Choreo's router sends `x-ratelimit-*`
    /// (draft-polli-ratelimit-headers-03) on every answer, and no `Retry-After`; its enforcer sends the date
    /// (`ThrottleFilter` of product-microgateway).
    pub(crate) fn tell(self, style: FaultStyle, now: i64, answer: &mut Answer) {
        if style == FaultStyle::ChoreoJson && self.by == CountedBy::Router {
            let name = self.name.map(|name| format!(";name=\"{name}\""));
            let name = name.unwrap_or_default();
            let limit = format!("{0}, {0};w={1}{name}", self.limit, self.length);
            let reset = self.next.saturating_sub(now).to_string();
            answer.headers.set("X-RateLimit-Limit", limit);
            answer
                .headers
                .set("X-RateLimit-Remaining", self.remaining.to_string());
            answer.headers.set("X-RateLimit-Reset", reset);
        } else if self.over && self.level.tells_when() {
            answer.headers.set("Retry-After", http_date(self.next));
        }
    }
}

/// A date of RFC 9110 section 5.6.7.
fn http_date(second: i64) -> String {
    let at = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
