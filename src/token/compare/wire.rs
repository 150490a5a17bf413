//! What carries an answer: media type, caches, cookies, packing, clocks.

use std::collections::BTreeSet;

use super::{Answered, catalogue};
use crate::message::Response;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Where};
use crate::token::acquire::clock_words;
use crate::token::checks::LEEWAY;

/// Sizes of buffers that small clients read into, in bytes.
const BUFFERS: [u64; 4] = [4_096, 8_192, 16_384, 65_536];
const MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) fn answer(pair: Pair<Answered<'_>>) -> Vec<Difference> {
    let mut found: Vec<Difference> = media_type(pair).into_iter().collect();
    found.extend(no_store(pair, catalogue::B04));
    found.extend(object(pair));
    found.extend(escapes(pair));
    found.extend(header(pair, "content-encoding", catalogue::B42));
    found.extend(cookies(pair));
    found.extend(size(pair));
    found
}

fn responses(pair: Pair<Answered<'_>>) -> Pair<&Response> {
    pair.map(|side| &side.acquired.response)
}

fn observed(text: Option<String>) -> Observed {
    text.map_or(Observed::Absent, |text| Observed::text(&text))
}

fn media_type(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let types = responses(pair).map(Response::media_type);
    let json = "application/json";
    let lost = types.old.as_deref() == Some(json) && types.new.as_deref() != Some(json);
    lost.then(|| {
        let explain =
            "the answer is not `application/json` any more: many client libraries refuse it";
        let kind = match types.new {
            Some(_) => Kind::Type,
            None => Kind::Removed,
        };
        let difference = catalogue::B02.at(Where::Header, "content-type", kind, explain);
        difference.showing(observed(types.old), observed(types.new))
    })
}

pub(super) fn no_store(pair: Pair<Answered<'_>>, check: catalogue::Check) -> Option<Difference> {
    let value = responses(pair).map(|response| response.headers.text("cache-control"));
    let stored = value.as_ref().map(|value| {
        let value = value.as_deref().unwrap_or_default();
        value.to_ascii_lowercase().contains("no-store")
    });
    (stored.old && !stored.new).then(|| {
        let explain = "the answer may be cached: `no-store` is required";
        let path = "cache-control[no-store]";
        let difference = check.at(Where::Header, path, Kind::Removed, explain);
        difference.showing(observed(value.old), observed(value.new))
    })
}

/// One object, once each member, no mark in front.
fn object(pair: Pair<Answered<'_>>) -> Vec<Difference> {
    let mut found = Vec::new();
    let marked = responses(pair).map(|response| response.body.starts_with(MARK));
    if marked.new && !marked.old {
        let explain = "a byte order mark stands in front of the JSON: strict parsers refuse it";
        found.push(catalogue::B06.differs("$", Kind::Format, explain));
    }
    let repeated = pair.map(|side| &side.acquired.answer.repeated);
    for name in repeated
        .new
        .iter()
        .filter(|name| !repeated.old.contains(*name))
    {
        let explain = "the member stands twice in the answer";
        let path = format!("$.{name}");
        found.push(catalogue::B07.differs(&path, Kind::DuplicateKey, explain));
    }
    found
}

/// Escapes that JSON does not need: a client that searches the text finds another token.
fn escapes(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let escaped = responses(pair).map(|response| {
        let body = &response.body;
        let slash = body.windows(2).any(|two| two == b"\\/");
        let ascii = body
            .windows(5)
            .any(|five| five.starts_with(b"\\u00") && (b'2'..=b'7').contains(&five[4]));
        slash || ascii
    });
    (escaped.new && !escaped.old).then(|| {
        let explain =
            "characters of the answer are escaped that need not be, such as `\\/` or `\\u003d`";
        catalogue::B41.differs("$", Kind::Format, explain)
    })
}

fn header(pair: Pair<Answered<'_>>, name: &str, check: catalogue::Check) -> Option<Difference> {
    let value = responses(pair).map(|response| response.headers.text(name));
    if value.old == value.new {
        return None;
    }
    let kind = match (&value.old, &value.new) {
        (_, None) => Kind::Removed,
        (None, _) => Kind::Added,
        _ => Kind::Value,
    };
    let explain = format!("the answer has another `{name}`");
    let difference = check.at(Where::Header, name, kind, explain);
    Some(difference.showing(observed(value.old), observed(value.new)))
}

fn cookies(pair: Pair<Answered<'_>>) -> Vec<Difference> {
    let names = responses(pair).map(|response| -> BTreeSet<String> {
        let all = response.headers.all("set-cookie");
        let all = all.map(|value| String::from_utf8_lossy(value).into_owned());
        let names = all.map(|value| {
            value
                .split('=')
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        });
        names.collect()
    });
    let mut found = Vec::new();
    for name in names.old.symmetric_difference(&names.new) {
        let path = format!("set-cookie[{name}]");
        let (kind, explain) = match names.new.contains(name) {
            true => (Kind::Added, "the token endpoint now sets a cookie"),
            false => (Kind::Removed, "the token endpoint sets this cookie no more"),
        };
        found.push(catalogue::B43.at(Where::Header, &path, kind, explain));
    }
    found
}

fn size(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let sizes = responses(pair).map(|response| response.wire_bytes);
    let mut steps = BUFFERS.into_iter();
    let step = steps.find(|step| sizes.old <= *step && *step < sizes.new)?;
    let explain = format!("the answer no longer fits into a buffer of {step} bytes");
    let check = catalogue::B44;
    let difference = check.differs("$", Kind::Length, explain);
    let difference = difference.showing(Observed::of(&sizes.old), Observed::of(&sizes.new));
    Some(match pair.old.shape_meant && pair.new.shape_meant {
        true => check.otherwise(difference),
        false => difference,
    })
}

pub(super) fn clock(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let off = pair.map(|side| side.acquired.clock_off().unwrap_or_default());
    let wrong = off.map(|off| off.saturating_abs() > LEEWAY);
    if !wrong.new || wrong.old {
        return None;
    }
    let explain = format!(
        "the clock of the new token endpoint is {} of ours, more than {LEEWAY} s",
        clock_words(off.new)
    );
    let difference = catalogue::T02.at(Where::Header, "date", Kind::Value, explain);
    let shown = off.map(|off| Observed::text(&clock_words(off)));
    Some(difference.showing(shown.old, shown.new))
}
