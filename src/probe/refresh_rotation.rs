//! `refresh-rotation`: what becomes of a used refresh token.

use secrecy::{ExposeSecret, SecretString};

use super::bench::Bench;
use super::finding::{Finding, finding};
use super::kind::RefreshUse;
use super::stopped::Stopped;
use super::{refresh_at_once, refresh_by_another};
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Reason, Severity};
use crate::token::Acquired;
use crate::token::catalogue::{D02, D03, D04, D05, D07};

/// What the answer to a refresh token gives in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Another refresh token.
    Another,
    /// The same one again.
    Same,
    /// None: the used one stays in force (RFC 6749 section 6).
    None,
}

/// What became of a used refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Used {
    next: Next,
    /// Whether it works a second time.
    again: bool,
    /// Whether its second use ended the one that came in its place; none where that was not asked.
    family_ended: Option<bool>,
}

impl Next {
    const fn words(self) -> &'static str {
        match self {
            Self::Another => "a new refresh token",
            Self::Same => "the same refresh token",
            Self::None => "no refresh token",
        }
    }
}

pub(super) async fn run(
    benches: &mut Pair<Bench<'_>>,
    how: &RefreshUse,
) -> Result<(Vec<Difference>, Option<String>), Stopped> {
    match how {
        RefreshUse::Twice => twice(benches).await,
        RefreshUse::AtOnce => refresh_at_once::run(benches).await,
        RefreshUse::By(client) => refresh_by_another::run(benches, client).await,
    }
}

async fn twice(
    benches: &mut Pair<Bench<'_>>,
) -> Result<(Vec<Difference>, Option<String>), Stopped> {
    let old = ask(&mut benches.old).await?;
    let new = ask(&mut benches.new).await?;
    let note = "whether a second use ends the next refresh token too was not asked: that takes one \
                request more than a probe has, unless another case (`needs`) has used the credential";
    let unasked = [old, new]
        .iter()
        .any(|used| used.next == Next::Another && !used.again && used.family_ended.is_none());
    let note = unasked.then(|| note.to_owned());
    Ok((compare(Pair::new(old, new)), note))
}

/// The refresh token that came with the credential's token.
pub(super) async fn given(bench: &mut Bench<'_>) -> Result<SecretString, Stopped> {
    let side = bench.side;
    let token = bench.needed_token().await?;
    token.refresh.clone().ok_or_else(|| {
        let note = format!("the {side} side gave no refresh token");
        Stopped::because(Reason::Token, note)
    })
}

async fn ask(bench: &mut Bench<'_>) -> Result<Used, Stopped> {
    let side = bench.side;
    let first = given(bench).await?;
    let answer = bench.refresh("the refresh token", &first).await?;
    if let Err(refusal) = answer.answer.access_token() {
        let note = format!(
            "the {side} side refuses its own refresh token: {}",
            refusal.message
        );
        return Err(Stopped::because(Reason::Token, note));
    }
    let next = answer.answer.text("refresh_token").map(SecretString::from);
    adopt(bench, answer, &first).await?;
    let used = |next, again, family_ended| Used {
        next,
        again,
        family_ended,
    };
    let (kind, next) = match next {
        None => (Next::None, None),
        Some(next) if next.expose_secret() == first.expose_secret() => (Next::Same, None),
        Some(next) => (Next::Another, Some(next)),
    };
    let again = bench.refresh("the same once more", &first).await?;
    if again.answer.access_token().is_ok() {
        adopt(bench, again, &first).await?;
        return Ok(used(kind, true, None));
    }
    let Some(next) = next.filter(|_| bench.token_left() > 0) else {
        return Ok(used(kind, false, None));
    };
    let last = bench.refresh("the next refresh token", &next).await?;
    let ended = last.answer.access_token().is_err();
    if ended {
        forget(bench).await?;
    } else {
        adopt(bench, last, &next).await?;
    }
    Ok(used(kind, false, Some(ended)))
}

/// The cases behind this one ask for a token afresh: what they have may be ended.
pub(super) async fn forget(bench: &Bench<'_>) -> Result<(), Stopped> {
    let name = bench.credential.as_deref().unwrap_or_default();
    let forgotten = bench.wallet.forget(name).await;
    forgotten.map_err(|failure| Stopped::by(bench.side, failure))
}

/// The cases behind this one go on with the newest refresh token.
pub(super) async fn adopt(
    bench: &Bench<'_>,
    answer: Acquired,
    used: &SecretString,
) -> Result<(), Stopped> {
    let name = bench.credential.as_deref().unwrap_or_default();
    let adopted = bench.wallet.adopt(name, answer, used).await;
    adopted.map_err(|failure| Stopped::by(bench.side, failure))
}

fn compare(seen: Pair<Used>) -> Vec<Difference> {
    let mut found = Vec::new();
    found.extend(next(seen.map(|used| used.next)));
    found.extend(again(seen));
    if let (Some(false) | None, Some(true)) = (seen.old.family_ended, seen.new.family_ended)
        && (seen.old.again || seen.old.family_ended == Some(false))
    {
        found.push(
            finding(
                D05,
                "refresh-family",
                Kind::Evicted,
                Severity::Risky,
                "on the new side the second use of a refresh token ends the next one too: two calls \
                 that refresh at the same time log the user out",
            )
            .seen(Pair::new(
                Observed::text("the next one lives on"),
                Observed::text("the next one is ended too"),
            )),
        );
    }
    found
}

fn next(seen: Pair<Next>) -> Option<Difference> {
    let (check, kind, explain) = match (seen.old, seen.new) {
        (old, new) if old == new => return None,
        (_, Next::Another) => (
            D02,
            Kind::Value,
            "the new side gives a new refresh token with each use: a client that keeps its first one \
             is logged out when that ends",
        ),
        (_, Next::None) => (
            D03,
            Kind::Removed,
            "the answer to a refresh has no refresh token on the new side: a client that stores what \
             the answer has loses its own",
        ),
        _ => (
            D03,
            Kind::Value,
            "the new side gives the refresh token that was used once more: it lives on, and a rollback \
             would end refresh tokens with each use",
        ),
    };
    let shown = seen.map(|next| Observed::text(next.words()));
    Some(finding(check, "refresh-token", kind, Severity::Risky, explain).seen(shown))
}

/// What a side does that replaces refresh tokens and takes the old ones on.
const REPLACED: &str = "security hole: a refresh token that was replaced still works on the new side: a stolen \
                        one is never noticed";

fn again(seen: Pair<Used>) -> Option<Difference> {
    let rotates = seen.new.next == Next::Another;
    let (check, kind, explain) = match (seen.old.again, seen.new.again) {
        (true, false) => (
            D07,
            Kind::Refused,
            "a refresh token works once only on the new side: two calls that refresh at the same \
             time, or a client that keeps its first refresh token, lose the session"
                .to_owned(),
        ),
        // As other holes: told whether or not the old side has it too.
        (false, true) if rotates => (D04, Kind::NotRefused, REPLACED.to_owned()),
        (true, true) if rotates => (
            D04,
            Kind::NotRefused,
            format!("{REPLACED}; on the old side a used one works too"),
        ),
        _ => return None,
    };
    let words = |again| Observed::text(if again { "taken again" } else { "refused" });
    let item = finding(
        check,
        "used-refresh-token",
        kind,
        Severity::Breaking,
        explain,
    );
    Some(item.seen(seen.map(|used| words(used.again))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEEPS: Used = Used {
        next: Next::Same,
        again: true,
        family_ended: None,
    };
    const ROTATES: Used = Used {
        next: Next::Another,
        again: false,
        family_ended: Some(false),
    };

    fn found(old: Used, new: Used) -> Vec<String> {
        let found = compare(Pair::new(old, new));
        let found = found.into_iter();
        found
            .map(|d| {
                let check = d.check.as_deref().unwrap_or_default();
                format!("{check} {} {} {}", d.path, d.kind, d.severity)
            })
            .collect()
    }

    #[test]
    fn each_change_is_told_by_what_it_does_to_clients() {
        assert_eq!(found(KEEPS, KEEPS), [""; 0]);
        assert_eq!(found(ROTATES, ROTATES), [""; 0]);
        let strict = [
            "D02 probe.refresh-token value risky",
            "D07 probe.used-refresh-token refused breaking",
        ];
        assert_eq!(found(KEEPS, ROTATES), strict);
        let family = Used {
            family_ended: Some(true),
            ..ROTATES
        };
        let evicts = ["D05 probe.refresh-family evicted risky"];
        assert_eq!(found(ROTATES, family), evicts);
        assert_eq!(
            found(ROTATES, KEEPS),
            ["D03 probe.refresh-token value risky"]
        );
        let lenient = Used {
            again: true,
            ..ROTATES
        };
        let hole = ["D04 probe.used-refresh-token not-refused breaking"];
        assert_eq!(found(ROTATES, lenient), hole);
        assert_eq!(found(lenient, lenient), hole);
        let both = ["D02 probe.refresh-token value risky", hole[0]];
        assert_eq!(found(KEEPS, lenient), both);
        assert_eq!(
            found(lenient, KEEPS),
            ["D03 probe.refresh-token value risky"]
        );
        let none = Used {
            next: Next::None,
            ..KEEPS
        };
        assert_eq!(
            found(KEEPS, none),
            ["D03 probe.refresh-token removed risky"]
        );
    }
}
