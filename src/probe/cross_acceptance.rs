//! `cross-acceptance`: which side takes whose tokens, fresh, changed, expired and revoked. The matrix
//! says whether a staged cutover or a rollback can work.

use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::time::{Instant, sleep_until};

use super::bench::Bench;
use super::control::{control, is_taken};
use super::expiry::end_of;
use super::finding::{Finding, finding};
use super::forge::one_character;
use super::stopped::Stopped;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Observed, Severity};
use crate::token::{Endpoint, Revoked};

/// What was done to a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Fresh,
    Changed,
    Expired,
    Revoked,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Changed => "changed",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

/// One field of the matrix: a token of a side, in a state, at a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Field {
    of: Side,
    state: State,
    at: Side,
    status: u16,
}

pub(super) async fn run(
    benches: &mut Pair<Bench<'_>>,
    within: Option<Duration>,
    leeway: Duration,
) -> Result<(Vec<Difference>, Option<String>), Stopped> {
    let mut matrix = Vec::new();
    let tokens = fresh(benches).await?;
    for side in Side::BOTH {
        let request = benches[side].with_token(&tokens[side])?;
        let name = named(side, State::Fresh);
        let status = control(&mut benches[side], &name, &request).await?;
        matrix.push(Field {
            of: side,
            state: State::Fresh,
            at: side,
            status,
        });
        let at = side.other();
        look(benches, side, &tokens[side], State::Fresh, at, &mut matrix).await?;
    }
    let changed = tokens.as_ref().map(|token| one_character(token));
    everywhere(benches, &changed, State::Changed, &mut matrix).await?;
    let mut live = tokens;
    if let Some(within) = within {
        let dead = outlived(benches, within, leeway).await?;
        everywhere(benches, &dead, State::Expired, &mut matrix).await?;
        live = fresh(benches).await?;
    }
    if revoke(benches, &live).await? {
        everywhere(benches, &live, State::Revoked, &mut matrix).await?;
    }
    Ok((compare(&matrix), Some(in_words(&matrix))))
}

fn named(of: Side, state: State) -> String {
    format!("{} token of the {of} side", state.word())
}

/// A new token of each side.
async fn fresh(benches: &mut Pair<Bench<'_>>) -> Result<Pair<String>, Stopped> {
    let old = benches.old.fresh("token request").await?;
    let new = benches.new.fresh("token request").await?;
    Ok(Pair::new(old, new).map(|token| token.value.expose_secret().to_owned()))
}

async fn look(
    benches: &mut Pair<Bench<'_>>,
    of: Side,
    token: &str,
    state: State,
    at: Side,
    matrix: &mut Vec<Field>,
) -> Result<(), Stopped> {
    let request = benches[at].with_token_of(of, token)?;
    let answer = benches[at].api(&named(of, state), &request).await?;
    matrix.push(Field {
        of,
        state,
        at,
        status: answer.response.status,
    });
    Ok(())
}

async fn everywhere(
    benches: &mut Pair<Bench<'_>>,
    tokens: &Pair<String>,
    state: State,
    matrix: &mut Vec<Field>,
) -> Result<(), Stopped> {
    for of in Side::BOTH {
        for at in Side::BOTH {
            look(benches, of, &tokens[of], state, at, matrix).await?;
        }
    }
    Ok(())
}

/// The tokens that the wallet does not hold any more are over: waits for the end of both.
async fn outlived(
    benches: &mut Pair<Bench<'_>>,
    within: Duration,
    leeway: Duration,
) -> Result<Pair<String>, Stopped> {
    let tokens = Pair::new(
        benches.old.last_fresh().ok_or_else(gone)?,
        benches.new.last_fresh().ok_or_else(gone)?,
    );
    let old = end_of(&benches.old, &tokens.old, within, leeway)?;
    let new = end_of(&benches.new, &tokens.new, within, leeway)?;
    sleep_until(old.max(new).max(Instant::now()) + leeway).await;
    Ok(tokens.map(|token| token.value.expose_secret().to_owned()))
}

fn gone() -> Stopped {
    Stopped::because(crate::results::Reason::Token, "no token was asked for")
}

/// Revokes each side's token at its own server, where both have an endpoint for it.
async fn revoke(benches: &mut Pair<Bench<'_>>, tokens: &Pair<String>) -> Result<bool, Stopped> {
    for side in Side::BOTH {
        let bench = &benches[side];
        let name = bench.credential.clone().unwrap_or_default();
        let endpoint = bench.wallet.endpoint(&name, Endpoint::Revocation).await;
        if !matches!(endpoint, Ok(Some(_))) {
            return Ok(false);
        }
    }
    let mut done = true;
    for side in Side::BOTH {
        let token = secrecy::SecretString::from(tokens[side].clone());
        let outcome = benches[side].revoke("revocation", &token).await?;
        done &= outcome == Revoked::Done;
    }
    Ok(done)
}

fn compare(matrix: &[Field]) -> Vec<Difference> {
    let status = |of, state, at| {
        let mut fields = matrix.iter();
        let found = fields.find(|f| f.of == of && f.state == state && f.at == at);
        found.map(|field| field.status)
    };
    let shown = |of, state| {
        Pair::of(|at| status(of, state, at).map_or(Observed::Absent, |s| Observed::of(&s)))
    };
    let mut found = Vec::new();
    for of in Side::BOTH {
        if status(of, State::Fresh, of.other()).is_some_and(|status| !is_taken(status)) {
            found.push(foreign(of).seen(shown(of, State::Fresh)));
        }
        for state in [State::Changed, State::Expired, State::Revoked] {
            for at in Side::BOTH {
                let status = status(of, state, at);
                // How long a revoked token lives on at home is what `revocation` measures.
                let own_affair = state == State::Revoked && of == at;
                if status.is_some_and(is_taken) && !own_affair {
                    found.push(hole(of, state, at).seen(shown(of, state)));
                }
            }
        }
    }
    found
}

fn foreign(of: Side) -> Difference {
    let (variant, explain, advice) = match of {
        Side::Old => (
            "old-token-at-new",
            "the new side refuses the old side's tokens: a staged cutover, in which one client's \
             requests go to either side, cannot work, and each client must have a new token at the \
             moment at which it is switched",
            "switch each client with its token endpoint at once, and have it ask for a new token",
        ),
        Side::New => (
            "new-token-at-old",
            "the old side refuses the new side's tokens: after a rollback each client must have a new \
             token at once",
            "keep the old side's credentials in force until a rollback is ruled out",
        ),
    };
    finding(variant, Kind::Refused, Severity::Risky, explain).advice(advice)
}

fn hole(of: Side, state: State, at: Side) -> Difference {
    let word = state.word();
    let variant = if of == at {
        format!("{word}-token-at-{at}")
    } else {
        format!("{word}-{of}-token-at-{at}")
    };
    let explain = format!(
        "security hole: the {at} side takes {} {word} token of the {of} side",
        if state == State::Expired { "an" } else { "a" }
    );
    finding(&variant, Kind::NotRefused, Severity::Breaking, explain)
        .cites("RFC 9068 section 4")
        .advice("have each side check what it takes: the signature, the life, and whether it was revoked")
}

/// The matrix on a line: `fresh: old at old 200, old at new 401, …`.
fn in_words(matrix: &[Field]) -> String {
    let states = [State::Fresh, State::Changed, State::Expired, State::Revoked];
    let lines = states.into_iter().filter_map(|state| {
        let fields = matrix.iter().filter(|field| field.state == state);
        let fields: Vec<String> = fields
            .map(|f| format!("{} token at {} {}", f.of, f.at, f.status))
            .collect();
        (!fields.is_empty()).then(|| format!("{}: {}", state.word(), fields.join(", ")))
    });
    lines.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(of: Side, state: State, at: Side, status: u16) -> Field {
        Field {
            of,
            state,
            at,
            status,
        }
    }

    fn found(matrix: &[Field]) -> Vec<String> {
        let found = compare(matrix).into_iter();
        found
            .map(|d| format!("{} {} {}", d.path, d.kind, d.severity))
            .collect()
    }

    #[test]
    fn what_stands_in_the_way_of_a_staged_cutover_is_told() {
        let (old, new) = (Side::Old, Side::New);
        let matrix = [
            field(old, State::Fresh, old, 200),
            field(old, State::Fresh, new, 401),
            field(new, State::Fresh, new, 200),
            field(new, State::Fresh, old, 200),
            field(old, State::Revoked, old, 200),
            field(new, State::Revoked, old, 200),
            field(new, State::Changed, new, 401),
            field(new, State::Expired, new, 200),
        ];
        let wanted = [
            "probe.old-token-at-new refused risky",
            "probe.expired-token-at-new not-refused breaking",
            "probe.revoked-new-token-at-old not-refused breaking",
        ];
        assert_eq!(found(&matrix), wanted);
        assert!(in_words(&matrix).starts_with("fresh: old token at old 200, old token at new 401"));
    }
}
