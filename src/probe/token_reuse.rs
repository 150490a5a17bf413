//! `token-reuse`: what asking twice for a token gives.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::time::sleep;

use super::bench::Bench;
use super::control::{is_taken, not_taken};
use super::finding::{Finding, finding};
use super::found::Found;
use super::stopped::Stopped;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Severity};
use crate::token::catalogue::{B19, F10, L01, L02};
use crate::token::payload;

/// A little more than the second by which two tokens that tell the time are apart.
const SECOND: Duration = Duration::from_millis(1100);

/// What asking twice gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reuse {
    /// The same token again.
    Same,
    /// Another one; both are good.
    Fresh,
    /// Another one; the first is refused from then on.
    Revokes,
    /// Another one; the side could not be asked whether both are good.
    Another,
}

impl Reuse {
    const fn words(self) -> &'static str {
        match self {
            Self::Same => "the same token",
            Self::Fresh | Self::Another => "a fresh token",
            Self::Revokes => "a fresh token, and revokes the first",
        }
    }
}

/// What a side did, and why nothing more was seen of it, if that is so.
#[derive(Debug)]
struct Seen {
    reuse: Reuse,
    /// Whether the two tokens, where they are two, have one id.
    one_id: bool,
    cut: Option<Stopped>,
}

pub(super) async fn run(benches: &mut Pair<Bench<'_>>) -> Result<Found, Stopped> {
    let old = ask(&mut benches.old).await?;
    // It makes tokens, and may end them: a side that cannot be compared is left alone.
    if let Some(cut) = old.cut {
        return Err(cut);
    }
    let new = ask(&mut benches.new).await?;
    let note = format!(
        "asked twice, the old side gives {}, the new side {}",
        old.reuse.words(),
        new.reuse.words()
    );
    let mut found = compare(Pair::new(old.reuse, new.reuse));
    found.extend(ids(Pair::new(old.one_id, new.one_id)));
    Ok(Found {
        differences: found,
        note: Some(note),
        stopped: new.cut,
    })
}

/// What asking twice gives. What the two answers of the token endpoint show stands, whatever the API says then.
async fn ask(bench: &mut Bench<'_>) -> Result<Seen, Stopped> {
    let first = bench.fresh("first token request").await?;
    if is_dated_only(first.value.expose_secret()) {
        sleep(SECOND).await;
    }
    let second = bench.fresh("second token request").await?;
    let (first, second) = (first.value.expose_secret(), second.value.expose_secret());
    let seen = |reuse, cut| Seen {
        reuse,
        one_id: first != second && id(first).is_some_and(|first| id(second) == Some(first)),
        cut,
    };
    let (name, reuse) = match first == second {
        true => ("the token of both", Reuse::Same),
        false => ("the second token", Reuse::Another),
    };
    let request = bench.with_token(second)?;
    let status = match bench.api(name, &request).await {
        Ok(answer) => answer.response.status,
        Err(cut) => return Ok(seen(reuse, Some(cut))),
    };
    if !is_taken(status) {
        return Err(not_taken(bench, name, status));
    }
    if reuse == Reuse::Same {
        return Ok(seen(reuse, None));
    }
    let request = bench.with_token(first)?;
    Ok(match bench.api("the first token", &request).await {
        Ok(answer) if is_taken(answer.response.status) => seen(Reuse::Fresh, None),
        Ok(_) => seen(Reuse::Revokes, None),
        Err(cut) => seen(reuse, Some(cut)),
    })
}

/// The id of a JWT (RFC 7519 section 4.1.7), where it has one.
fn id(token: &str) -> Option<Value> {
    let claims: Value = serde_json::from_slice(&payload(token)?).ok()?;
    claims.get("jti").cloned()
}

/// Two tokens of the new side have one id, and those of the old side have not.
fn ids(one: Pair<bool>) -> Option<Difference> {
    let words = |one| Observed::text(if one { "one `jti` in both" } else { "apart" });
    (one.new && !one.old).then(|| {
        let explain = "two tokens of the new side have one id (`jti`): who revokes one of them by its id, or keeps \
                       ids to see a token used twice, takes one for the other";
        let found = finding(F10, "token-id", Kind::Value, Severity::Risky, explain);
        found.seen(one.map(words))
    })
}

/// Whether it is a JWT without an id of its own (`jti`): two that are signed within one second are equal by
/// chance, though no server gives a token twice.
fn is_dated_only(token: &str) -> bool {
    let claims = payload(token).and_then(|claims| serde_json::from_slice::<Value>(&claims).ok());
    claims.is_some_and(|claims| claims.get("jti").is_none())
}

fn compare(seen: Pair<Reuse>) -> Vec<Difference> {
    let (check, kind, severity, explain) = match (seen.old, seen.new) {
        (old, new) if old == new => return Vec::new(),
        // What is not known of one side is no difference.
        (Reuse::Fresh | Reuse::Revokes, Reuse::Another) | (Reuse::Another, _) => return Vec::new(),
        (Reuse::Same, Reuse::Revokes) => (
            L02,
            Kind::Evicted,
            Severity::Breaking,
            "two replicas that share a key worked on the old side and evict each other on the new: \
             the old side gives both the same token, and each token that the new side gives ends the \
             one before it",
        ),
        (_, Reuse::Revokes) => (
            L02,
            Kind::Evicted,
            Severity::Breaking,
            "two replicas that share a key worked on the old side and evict each other on the new: \
             each token that the new side gives ends the one before it",
        ),
        (Reuse::Same, _) => (
            L01,
            Kind::Value,
            Severity::Risky,
            "asked twice, the old side gives the same token and the new side a fresh one each time: \
             clients that count on one token have many, and there are more live tokens than before",
        ),
        (_, Reuse::Same) => (
            B19,
            Kind::Value,
            Severity::Risky,
            "asked twice, the new side gives the same token: everybody who holds the key shares it, and \
             what revokes it takes it from all of them",
        ),
        _ => (
            L02,
            Kind::Value,
            Severity::Cosmetic,
            "asking twice for a token is more lenient on the new side: no token ends another; a \
             rollback would end tokens that others hold",
        ),
    };
    let shown = seen.map(|reuse| Observed::text(reuse.words()));
    vec![finding(check, "token-reuse", kind, severity, explain).seen(shown)]
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;

    fn found(old: Reuse, new: Reuse) -> Vec<(Option<String>, Kind, Severity)> {
        let found = compare(Pair::new(old, new)).into_iter();
        found.map(|d| (d.check, d.kind, d.severity)).collect()
    }

    #[test]
    fn tokens_that_end_each_other_break_clients_and_other_habits_may() {
        let all = [Reuse::Same, Reuse::Fresh, Reuse::Revokes];
        for reuse in all {
            assert_eq!(found(reuse, reuse), []);
        }
        let one = |id: &str, kind, severity| [(Some(id.to_owned()), kind, severity)];
        let evicted = one("L02", Kind::Evicted, Severity::Breaking);
        assert_eq!(found(Reuse::Same, Reuse::Revokes), evicted);
        assert_eq!(found(Reuse::Fresh, Reuse::Revokes), evicted);
        let many = one("L01", Kind::Value, Severity::Risky);
        assert_eq!(found(Reuse::Same, Reuse::Fresh), many);
        let shared = one("B19", Kind::Value, Severity::Risky);
        assert_eq!(found(Reuse::Fresh, Reuse::Same), shared);
        assert_eq!(found(Reuse::Revokes, Reuse::Same), shared);
        let lenient = one("L02", Kind::Value, Severity::Cosmetic);
        assert_eq!(found(Reuse::Revokes, Reuse::Fresh), lenient);
    }

    #[test]
    fn one_id_for_two_tokens_is_told_where_it_is_new() {
        let found = |old, new| {
            let found = ids(Pair::new(old, new));
            found.map(|d| (d.check, d.path, d.kind, d.severity))
        };
        let told = (
            Some("F10".to_owned()),
            "probe.token-id".to_owned(),
            Kind::Value,
            Severity::Risky,
        );
        assert_eq!(found(false, true), Some(told));
        assert_eq!(
            [(true, true), (true, false), (false, false)].map(|(o, n)| found(o, n)),
            [const { None }; 3]
        );
        let token = |jti: Value| {
            let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let head = part(json!({ "alg": "RS256" }));
            format!("{head}.{}.c2ln", part(json!({ "jti": jti })))
        };
        assert_eq!(id(&token(json!("a"))), Some(json!("a")));
        assert_eq!((id("a.b.c"), id("opaque")), (None, None));
    }

    #[test]
    fn the_page_shows_a_token_that_ends_another() {
        compare(Pair::new(Reuse::Same, Reuse::Revokes))
            .iter()
            .for_each(crate::page::shows);
    }
}
