//! `header-limit`: the longest token that passes.

use secrecy::ExposeSecret;

use super::bench::Bench;
use super::control::{is_taken, not_taken};
use super::finding::{Finding, finding};
use super::found::Found;
use super::kind::Grow;
use super::stopped::Stopped;
use crate::exchange::{Answer, Failure};
use crate::message::Request;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Reason, Severity};
use crate::token::catalogue::{E15, E16};

/// The sizes that are tried first: those of common servers (8, 16), of Choreo (40), of Envoy (60).
const SIZES: [usize; 4] = [8 * 1024, 16 * 1024, 40 * 1024, 60 * 1024];
/// The limit is looked for until it is known so well.
const PRECISION: usize = 16;
/// The header that grows beside a good token. Its name is as long as that of `Authorization`.
const PADDING: &str = "X-Cutover-Pad";
/// What is no long header anywhere: half of the smallest limit that is common.
const SHORT: usize = 4096;
/// What stands before a token in its header: `Bearer `.
const SCHEME: usize = 7;

/// What a side lets pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reach {
    /// The longest that passed.
    passed: usize,
    /// The shortest that did not, and its status; none where all passed, and no status where the
    /// connection was closed.
    refused: Option<(usize, Option<u16>)>,
    /// Whether the side is spoken to over HTTP/2.
    http2: bool,
}

/// What a side lets pass as far as that was seen, and why no more was.
type Seen = (Reach, Option<Stopped>);

pub(super) async fn run(benches: &mut Pair<Bench<'_>>, grow: Grow) -> Result<Found, Stopped> {
    let Pair { old, new } = benches;
    let (old, new) = tokio::join!(ask(old, grow), ask(new, grow));
    let ((old, before), (new, after)) = (old?, new?);
    let seen = Pair::new(old, new);
    Ok(match after.or(before) {
        None => (compare(seen, grow), Some(in_words(seen, grow))).into(),
        cut => Found {
            differences: compare_cut(seen, grow).into_iter().collect(),
            note: None,
            stopped: cut,
        },
    })
}

async fn ask(bench: &mut Bench<'_>, grow: Grow) -> Result<Seen, Stopped> {
    let token = bench.token().await?;
    let token = token.map(|token| token.value.expose_secret().to_owned());
    let token = token.unwrap_or_else(|| "cutover".to_owned());
    let own = token.len();
    let mut reach = Reach {
        passed: 0,
        refused: None,
        http2: false,
    };
    let (start, usual) = match grow {
        // A token that is too long by a little is no good: its refusal is what a longer one is held to.
        Grow::Token => {
            let start = own + 16;
            let request = longer(bench, grow, &token, start)?;
            let answer = bench.try_api(&size(start), &request).await?;
            let status = answered(bench, answer, &mut reach)?;
            if status.is_some_and(is_away) {
                return Err(away(bench, &size(start), status.unwrap_or_default()));
            }
            match status.filter(|status| !is_for_length(*status, start)) {
                Some(status) => (start, status),
                None => {
                    reach.refused = Some((start, status));
                    return Ok((reach, None));
                }
            }
        }
        Grow::Header => {
            let request = longer(bench, grow, &token, 16)?;
            let answer = bench.try_api(&size(16), &request).await?;
            let status = answered(bench, answer, &mut reach)?;
            match status.filter(|status| is_taken(*status)) {
                Some(status) => (16, status),
                None => return Err(not_taken(bench, &size(16), status.unwrap_or_default())),
            }
        }
    };
    reach.passed = start;
    let grown = Grown { grow, token, usual };
    let cut = climb(bench, &grown, &mut reach).await.err();
    Ok((reach, cut))
}

/// What grows, and how it is answered where it is not too long.
struct Grown {
    grow: Grow,
    token: String,
    usual: u16,
}

/// Looks for the limit; what was seen until it cannot go on stands in `reach`.
async fn climb(bench: &mut Bench<'_>, grown: &Grown, reach: &mut Reach) -> Result<(), Stopped> {
    let start = reach.passed;
    for next in SIZES.into_iter().filter(|next| *next > start) {
        try_one(bench, grown, next, reach).await?;
        if reach.refused.is_some() {
            break;
        }
    }
    while let Some((refused, _)) = reach.refused
        && refused - reach.passed > PRECISION
        && bench.api_left() > 0
    {
        let middle = usize::midpoint(refused, reach.passed);
        try_one(bench, grown, middle, reach).await?;
    }
    Ok(())
}

/// The request with a token of so many characters, or with a header beside it that is as long as that
/// token's would be.
fn longer(bench: &Bench<'_>, grow: Grow, token: &str, length: usize) -> Result<Request, Stopped> {
    match grow {
        Grow::Token => {
            let padding = "A".repeat(length.saturating_sub(token.len()));
            bench.with_token(&format!("{token}{padding}"))
        }
        Grow::Header => {
            let mut request = match bench.credential {
                Some(_) => bench.with_token(token)?,
                None => bench.request.clone(),
            };
            request.headers.set(PADDING, "A".repeat(length + SCHEME));
            Ok(request)
        }
    }
}

fn size(length: usize) -> String {
    format!("{length} characters")
}

async fn try_one(
    bench: &mut Bench<'_>,
    grown: &Grown,
    length: usize,
    reach: &mut Reach,
) -> Result<(), Stopped> {
    let status = one(bench, grown, &size(length), length, reach).await?;
    if status == Some(grown.usual) {
        reach.passed = length;
        return Ok(());
    }
    // A gateway whose backend refuses a long header may answer so, and one whose backend is away: the size that
    // passed tells which, the first time.
    if let Some(status) = status.filter(|status| is_away(*status))
        && reach.refused.is_none_or(|(_, known)| known != Some(status))
        && bench.api_left() > 0
    {
        let name = format!("{} once more", size(reach.passed));
        let again = one(bench, grown, &name, reach.passed, reach).await?;
        if again != Some(grown.usual) {
            return Err(away(bench, &size(length), status));
        }
    }
    reach.refused = Some((length, status));
    Ok(())
}

async fn one(
    bench: &mut Bench<'_>,
    grown: &Grown,
    name: &str,
    length: usize,
    reach: &mut Reach,
) -> Result<Option<u16>, Stopped> {
    let request = longer(bench, grown.grow, &grown.token, length)?;
    let answer = bench.try_api(name, &request).await?;
    answered(bench, answer, reach)
}

/// Whether a status is about what stands behind a gateway (RFC 9110 sections 15.6.3 to 15.6.5).
const fn is_away(status: u16) -> bool {
    matches!(status, 502..=504)
}

fn away(bench: &Bench<'_>, name: &str, status: u16) -> Stopped {
    let note = format!(
        "the {} side answered {status}: what stands behind it did not answer, and what it makes of {name} is not known",
        bench.side
    );
    Stopped::because(Reason::Needs, note)
}

/// The status of an answer; none where the side closed instead.
fn answered(
    bench: &Bench<'_>,
    answer: Result<Answer, Failure>,
    reach: &mut Reach,
) -> Result<Option<u16>, Stopped> {
    let response = match answer {
        Ok(answer) => answer.response,
        // A server that closes while a long header is still on its way refuses it so.
        Err(failure) if failure.transport().is_some() => return Ok(None),
        Err(failure) => return Err(Stopped::by(bench.side, failure)),
    };
    if response.status == 429 {
        let note = format!("the {} side answered 429 (Too Many Requests)", bench.side);
        return Err(Stopped::because(Reason::Throttled, note));
    }
    reach.http2 |= response.http == "2";
    Ok(Some(response.status))
}

/// Whether a status is for the length of a request (RFC 6585 section 5; RFC 9110 sections 15.5.14 and 15.5.15).
/// Some servers answer a long header with 400; it may mean many things where it is short.
const fn is_for_length(status: u16, length: usize) -> bool {
    matches!(status, 413 | 414 | 431) || status == 400 && length > SHORT
}

const fn what(grow: Grow) -> &'static str {
    match grow {
        Grow::Token => "token",
        Grow::Header => "header value beside a good token",
    }
}

fn in_words(seen: Pair<Reach>, grow: Grow) -> String {
    let smaller = if seen.new.passed < seen.old.passed {
        seen.new
    } else {
        seen.old
    };
    let least = if smaller.refused.is_some() {
        ""
    } else {
        "at least "
    };
    format!(
        "the largest {} that passes on both sides has {least}{} characters",
        what(grow),
        smaller.passed
    )
}

fn shown(reach: Reach) -> Observed {
    Observed::text(&match reach.refused {
        None => format!("{} characters pass", reach.passed),
        Some((at, Some(status))) => {
            format!(
                "{} characters pass, {at} are answered {status}",
                reach.passed
            )
        }
        Some((at, None)) => format!(
            "{} characters pass, at {at} the connection is closed",
            reach.passed
        ),
    })
}

/// What is certain where a side was not asked to the end: the new one refuses what passed on the old.
fn compare_cut(seen: Pair<Reach>, grow: Grow) -> Option<Difference> {
    let (refused, _) = seen.new.refused?;
    let check = if seen.new.http2 { E16 } else { E15 };
    let old = seen.old.passed;
    (refused + 2 * PRECISION < old).then(|| {
        let explain = format!(
            "the new side refuses a {} of {refused} characters, where the old side took {old}",
            what(grow)
        );
        finding(
            check,
            "header-limit",
            Kind::Length,
            Severity::Risky,
            explain,
        )
        .seen(seen.map(shown))
        .detail("old", old)
        .detail("new", seen.new.passed)
    })
}

fn compare(seen: Pair<Reach>, grow: Grow) -> Vec<Difference> {
    let most = in_words(seen, grow);
    let (old, new) = (seen.old.passed, seen.new.passed);
    let near = old.abs_diff(new) <= 2 * PRECISION;
    let differ = seen.old.refused.is_some() != seen.new.refused.is_some() || !near;
    let check = if seen.new.http2 { E16 } else { E15 };
    let item = |kind, severity, explain: String| {
        finding(check, "header-limit", kind, severity, explain)
            .seen(seen.map(shown))
            .detail("old", old)
            .detail("new", new)
    };
    if new == 0 && old > 0 {
        let explain = format!(
            "the new side refuses a {} that is hardly longer than the one at hand: clients with the \
             largest tokens are locked out",
            what(grow)
        );
        return vec![item(Kind::Length, Severity::Breaking, explain)];
    }
    if differ && new < old {
        let explain = format!(
            "the new side refuses requests whose {} is longer than {new} characters, where the old \
             side took {old}: {most}",
            what(grow)
        );
        return vec![item(Kind::Length, Severity::Risky, explain)];
    }
    if differ {
        let explain = "the new side takes longer headers than the old one".to_owned();
        return vec![item(Kind::Length, Severity::Cosmetic, explain)];
    }
    let statuses = seen.map(|reach| reach.refused.map(|(_, status)| status));
    match (statuses.old, statuses.new) {
        (Some(old), Some(new)) if old != new => {
            let explain = "a header that is too long is refused in another way".to_owned();
            vec![item(Kind::Value, Severity::Cosmetic, explain)]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(old: Reach, new: Reach) -> Vec<String> {
        let found = compare(Pair::new(old, new), Grow::Token);
        let found = found.into_iter();
        found
            .map(|d| {
                let check = d.check.as_deref().unwrap_or_default();
                format!("{check} {} {} {}", d.path, d.kind, d.severity)
            })
            .collect()
    }

    #[test]
    fn the_smaller_reach_is_told() {
        let wide = Reach {
            passed: 61440,
            refused: None,
            http2: false,
        };
        let narrow = Reach {
            passed: 8168,
            refused: Some((8180, Some(400))),
            http2: false,
        };
        assert_eq!(found(wide, wide), [""; 0]);
        assert_eq!(found(narrow, narrow), [""; 0]);
        assert_eq!(found(wide, narrow), ["E15 probe.header-limit length risky"]);
        assert_eq!(
            found(narrow, wide),
            ["E15 probe.header-limit length cosmetic"]
        );
        let closes = Reach {
            refused: Some((8180, None)),
            ..narrow
        };
        assert_eq!(
            found(narrow, closes),
            ["E15 probe.header-limit value cosmetic"]
        );
        let none = Reach {
            passed: 0,
            ..narrow
        };
        let locked = ["E15 probe.header-limit length breaking"];
        assert_eq!(found(wide, none), locked);
        let second = Reach {
            http2: true,
            ..narrow
        };
        let less = ["E16 probe.header-limit length risky"];
        assert_eq!(found(wide, second), less);
        // Cut short: only what is refused and passed on the other side counts.
        let cut = |old, new| compare_cut(Pair::new(old, new), Grow::Token).is_some();
        assert!(cut(wide, narrow));
        assert!(!cut(narrow, wide) && !cut(narrow, narrow) && !cut(wide, wide));
        let most = "the largest token that passes on both sides has 8168 characters";
        assert_eq!(in_words(Pair::new(wide, narrow), Grow::Token), most);
    }
}
