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
use super::found::Found;
use super::stopped::Stopped;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Observed, Severity};
use crate::token::catalogue::{D11, E08, E09, E17, E18, E19};
use crate::token::{Endpoint, Revoked};

/// What was done to a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Fresh,
    Changed,
    Expired,
    Revoked,
    /// No access token, but the refresh token that came with it, at the token endpoint.
    Refresh,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Changed => "changed",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Refresh => "refresh",
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
    taken: bool,
}

impl Field {
    const fn of(of: Side, state: State, at: Side, status: u16) -> Self {
        Self {
            of,
            state,
            at,
            status,
            taken: is_taken(status),
        }
    }
}

/// What was seen so far: what stands in it stands whatever comes after.
#[derive(Debug, Default)]
struct Seen {
    matrix: Vec<Field>,
    notes: Vec<String>,
}

pub(super) async fn run(
    benches: &mut Pair<Bench<'_>>,
    within: Option<Duration>,
    leeway: Duration,
) -> Result<Found, Stopped> {
    let tokens = fresh(benches).await?;
    let mut seen = Seen::default();
    // A token that its own side refuses shows nothing anywhere.
    for side in Side::BOTH {
        let request = benches[side].with_token(&tokens[side])?;
        let name = named(side, State::Fresh);
        let status = control(&mut benches[side], &name, &request).await?;
        seen.matrix
            .push(Field::of(side, State::Fresh, side, status));
    }
    let asked = fill(benches, tokens, (within, leeway), &mut seen).await;
    let mut told = vec![in_words(&seen.matrix)];
    told.extend(seen.notes);
    Ok(Found {
        differences: compare(&seen.matrix),
        note: Some(told.join("; ")),
        stopped: asked.err(),
    })
}

/// Everything but the fresh tokens at home.
async fn fill(
    benches: &mut Pair<Bench<'_>>,
    tokens: Pair<String>,
    (within, leeway): (Option<Duration>, Duration),
    seen: &mut Seen,
) -> Result<(), Stopped> {
    let Seen { matrix, notes } = seen;
    for of in Side::BOTH {
        look(benches, of, &tokens[of], State::Fresh, of.other(), matrix).await?;
    }
    let changed = tokens.as_ref().map(|token| one_character(token));
    everywhere(benches, &changed, State::Changed, matrix).await?;
    let mut live = tokens;
    if let Some(within) = within {
        let dead = outlived(benches, within, leeway).await?;
        everywhere(benches, &dead, State::Expired, matrix).await?;
        live = fresh(benches).await?;
    }
    // Before the revocation, which may end them too.
    notes.extend(refresh(benches, matrix).await?);
    for of in Side::BOTH {
        match revoke(benches, of, &live[of]).await? {
            None => {
                for at in Side::BOTH {
                    look(benches, of, &live[of], State::Revoked, at, matrix).await?;
                }
            }
            Some(note) => notes.push(note),
        }
    }
    Ok(())
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
    matrix.push(Field::of(of, state, at, answer.response.status));
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

/// Sends each side's refresh token to the other's token endpoint, with the other's client: whether users stay
/// signed in. Says why it was not asked, where there is a refresh token and no request left.
async fn refresh(
    benches: &mut Pair<Bench<'_>>,
    matrix: &mut Vec<Field>,
) -> Result<Option<String>, Stopped> {
    let mut unasked = false;
    for of in Side::BOTH {
        let last = benches[of].last_fresh();
        let Some(token) = last.and_then(|token| token.refresh.clone()) else {
            continue;
        };
        let bench = &mut benches[of.other()];
        if bench.token_left() == 0 {
            unasked = true;
            continue;
        }
        let name = format!("refresh token of the {of} side");
        let answer = bench.refresh_of(&name, (of, &token)).await?;
        matrix.push(Field {
            taken: answer.answer.access_token().is_ok(),
            ..Field::of(of, State::Refresh, of.other(), answer.response.status)
        });
    }
    let note = "refresh tokens were not sent across: `within` takes the request that it needs";
    Ok(unasked.then(|| note.to_owned()))
}

/// Revokes a side's token at its own server; says why not, where that cannot be done.
async fn revoke(
    benches: &mut Pair<Bench<'_>>,
    of: Side,
    token: &str,
) -> Result<Option<String>, Stopped> {
    let bench = &mut benches[of];
    let name = bench.credential.clone().unwrap_or_default();
    let endpoint = bench.wallet.endpoint(&name, Endpoint::Revocation).await;
    if !matches!(endpoint, Ok(Some(_))) {
        return Ok(Some(format!(
            "revoked: the {of} side names no endpoint for it"
        )));
    }
    let outcome = bench.revoke("revocation", &token.to_owned().into()).await?;
    Ok(match outcome {
        Revoked::Done => None,
        Revoked::Unsupported => Some(format!(
            "revoked: the server of the {of} side revokes no such token"
        )),
        Revoked::Refused(refusal) => Some(format!("revoked: the {of} side: {}", refusal.message)),
    })
}

fn compare(matrix: &[Field]) -> Vec<Difference> {
    let field = |of, state, at| {
        let mut fields = matrix.iter();
        fields.find(|f| f.of == of && f.state == state && f.at == at)
    };
    let shown = |of, state| {
        let status = |field: &Field| Observed::of(&field.status);
        Pair::of(|at| field(of, state, at).map_or(Observed::Absent, status))
    };
    let mut found = Vec::new();
    for of in Side::BOTH {
        if field(of, State::Fresh, of.other()).is_some_and(|field| !field.taken) {
            found.push(foreign(of).seen(shown(of, State::Fresh)));
        }
        if field(of, State::Refresh, of.other()).is_some_and(|field| !field.taken) {
            found.push(signed_out(of).seen(shown(of, State::Refresh)));
        }
        for state in [State::Changed, State::Expired, State::Revoked] {
            for at in Side::BOTH {
                let taken = field(of, state, at).is_some_and(|field| field.taken);
                // How long a revoked token lives on at home is what `revocation` measures.
                let own_affair = state == State::Revoked && of == at;
                if taken && !own_affair {
                    found.push(hole(of, state, at).seen(shown(of, state)));
                }
            }
        }
    }
    found
}

fn foreign(of: Side) -> Difference {
    let (check, variant, explain) = match of {
        Side::Old => (
            E17,
            "old-token-at-new",
            "the new side refuses the old side's tokens: a staged cutover, in which one client's \
             requests go to either side, cannot work, and each client must have a new token at the \
             moment at which it is switched",
        ),
        Side::New => (
            E18,
            "new-token-at-old",
            "the old side refuses the new side's tokens: after a rollback each client must have a new \
             token at once",
        ),
    };
    finding(check, variant, Kind::Refused, Severity::Risky, explain)
}

fn signed_out(of: Side) -> Difference {
    let (variant, explain) = match of {
        Side::Old => (
            "old-refresh-token-at-new",
            "the new side refuses the old side's refresh tokens: every user signs in again when their \
             client is switched",
        ),
        Side::New => (
            "new-refresh-token-at-old",
            "the old side refuses the new side's refresh tokens: after a rollback every user signs in \
             again",
        ),
    };
    finding(D11, variant, Kind::Refused, Severity::Breaking, explain)
}

fn hole(of: Side, state: State, at: Side) -> Difference {
    let word = state.word();
    let variant = if of == at {
        format!("{word}-token-at-{at}")
    } else {
        format!("{word}-{of}-token-at-{at}")
    };
    let check = match state {
        State::Expired => E08,
        State::Revoked => E09,
        _ => E19,
    };
    let explain = format!(
        "security hole: the {at} side takes {} {word} token of the {of} side",
        if state == State::Expired { "an" } else { "a" }
    );
    finding(
        check,
        &variant,
        Kind::NotRefused,
        Severity::Breaking,
        explain,
    )
}

/// The matrix on a line: `fresh: old at old 200, old at new 401, …`.
fn in_words(matrix: &[Field]) -> String {
    let states = [
        State::Fresh,
        State::Changed,
        State::Expired,
        State::Revoked,
        State::Refresh,
    ];
    let lines = states.into_iter().filter_map(|state| {
        let mut fields: Vec<&Field> = matrix.iter().filter(|field| field.state == state).collect();
        fields.sort_by_key(|field| (field.of == Side::New, field.at == Side::New));
        let fields: Vec<String> = fields
            .into_iter()
            .map(|f| format!("{} token at {} {}", f.of, f.at, f.status))
            .collect();
        (!fields.is_empty()).then(|| format!("{}: {}", state.word(), fields.join(", ")))
    });
    lines.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(matrix: &[Field]) -> Vec<String> {
        let found = compare(matrix).into_iter();
        let check = |d: &Difference| d.check.clone().unwrap_or_default();
        found
            .map(|d| format!("{} {} {} {}", check(&d), d.path, d.kind, d.severity))
            .collect()
    }

    #[test]
    fn what_stands_in_the_way_of_a_staged_cutover_is_told() {
        let (old, new) = (Side::Old, Side::New);
        let matrix = [
            Field::of(old, State::Fresh, old, 200),
            Field::of(old, State::Fresh, new, 401),
            Field::of(new, State::Fresh, new, 200),
            Field::of(new, State::Fresh, old, 200),
            Field::of(old, State::Revoked, old, 200),
            Field::of(new, State::Revoked, old, 200),
            Field::of(new, State::Changed, new, 401),
            Field::of(new, State::Expired, new, 200),
            Field::of(old, State::Refresh, new, 400),
            Field::of(new, State::Refresh, old, 200),
        ];
        let wanted = [
            "E17 probe.old-token-at-new refused risky",
            "D11 probe.old-refresh-token-at-new refused breaking",
            "E08 probe.expired-token-at-new not-refused breaking",
            "E09 probe.revoked-new-token-at-old not-refused breaking",
        ];
        assert_eq!(found(&matrix), wanted);
        assert!(in_words(&matrix).starts_with("fresh: old token at old 200, old token at new 401"));
    }
}
