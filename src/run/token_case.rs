//! A token grant on both sides, compared by its contract.

use std::sync::Arc;

use secrecy::SecretString;

use super::capture::capture;
use super::chain::{Chain, Context};
use super::findings::Findings;
use super::observe::milliseconds;
use super::taken::take_captures;
use super::tally::Noted;
use crate::compare::{TokenTexts, Uses, rule_tokens};
use crate::config::Grant;
use crate::exchange::Failure;
use crate::judge::{SideExpect, accept, mark_known_of_grant, together};
use crate::locator::Locator;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Reason, SideResult, TokenSummary};
use crate::suite::Case;
use crate::token::{
    Acquired, Answered, Introspected, Refusal, Signature, TokenHint, catalogue, compare_answers,
    payload, shape,
};

/// Runs the grant of a case on both sides. The credential's own grant is not run again where its
/// token is at hand: the answer that it came with is looked at. Anything else would take the token
/// away from the other cases on a side that revokes it.
pub(super) async fn run_grant(
    cx: Context<'_>,
    case: &Case,
    grant: Grant,
    expects: &Pair<SideExpect>,
    chain: &mut Chain,
) -> Findings {
    let (old, new) = tokio::join!(
        acquire(cx, case, Side::Old, grant),
        acquire(cx, case, Side::New, grant)
    );
    let acquired = Pair::new(old, new);
    let sides = acquired.as_ref().map(|side| match side {
        Ok(acquired) => Some(summary(acquired)),
        Err(failure) => Some(SideResult {
            failure: Some(failure.summary()),
            ..SideResult::default()
        }),
    });
    let mut findings = Findings {
        differences: Vec::new(),
        failed: None,
        note: None,
        statuses: None,
        sides,
    };
    match (&acquired.old, &acquired.new) {
        (Ok(old), Ok(new)) => {
            let pair = Pair::new(old, new);
            findings.statuses = Some(pair.map(|side| side.response.status));
            let (old, new) = tokio::join!(
                beside(cx, case, Side::Old, old),
                beside(cx, case, Side::New, new)
            );
            let beside = Pair::new(old, new);
            match refused(pair, expects).or_else(|| unasked(&beside)) {
                Some(note) => (findings.failed, findings.note) = (Some(Reason::Token), Some(note)),
                None => {
                    let answered = answered(cx, case, grant, expects, pair, &beside);
                    findings.differences = differences(cx, case, answered, expects);
                    findings.differences.extend(captures(cx, case, pair, chain));
                    findings.note = no_token_at_all(cx, pair, expects, &findings.differences);
                    findings.failed = findings.note.as_ref().map(|_| Reason::Token);
                }
            }
            for side in Side::BOTH {
                if let Some(result) = &mut findings.sides[side] {
                    let (request, response) = (&pair[side].request, &pair[side].response);
                    result.exchange = Some(cx.session.secrets.record(request, Some(response)));
                }
            }
        }
        (Err(failure), _) | (_, Err(failure)) => findings.failed = Some(failure.reason()),
    }
    findings
}

/// Takes what the case captures of its answers and of the tokens in them. What is a token is known as a
/// secret since its answer came.
fn captures(
    cx: Context<'_>,
    case: &Case,
    pair: Pair<&Acquired>,
    chain: &mut Chain,
) -> Vec<Difference> {
    // Token answers are compared by their contract, in which nothing stands for anything.
    let mut standing = Arc::default();
    let take = |side: Side, place: &Locator| {
        let answer = &pair[side].answer;
        let token = answer.access_token().ok();
        capture(place, &pair[side].response, token)
    };
    take_captures(cx, case, take, chain, &mut standing)
}

/// Error codes that speak of what was asked and not of the client, whatever status comes with them
/// (RFC 6749 section 5.2, RFC 8693 section 2.2.2).
const OF_THE_REQUEST: [&str; 4] = [
    "invalid_grant",
    "invalid_scope",
    "invalid_target",
    "unsupported_grant_type",
];

/// A client that a side does not take, although the case does not ask for that, says that the pair
/// file is wrong, and nothing about parity. Where one side refuses as the case asks, the other one is held
/// against it.
fn refused(pair: Pair<&Acquired>, expects: &Pair<SideExpect>) -> Option<String> {
    let refusals = pair.map(|side| side.answer.access_token().err());
    if is_meant(&refusals, expects) {
        return None;
    }
    refusals.iter().find_map(|(side, refusal)| {
        let refusal = refusal.as_ref()?;
        turns_the_client_away(refusal).then(|| format!("the {side} side: {}", refusal.message))
    })
}

fn is_meant(refusals: &Pair<Option<Refusal>>, expects: &Pair<SideExpect>) -> bool {
    let mut refusals = refusals.iter();
    refusals.any(|(side, refusal)| {
        let refusal = refusal.as_ref();
        refusal.is_some_and(|refusal| expects[side].names(refusal.status))
    })
}

/// An error with a status of success is a finding of its own, whatever it says.
fn turns_the_client_away(refusal: &Refusal) -> bool {
    let error = refusal.error.as_deref().unwrap_or_default();
    let of_the_client =
        error == "invalid_client" || refusal.status == 401 && !OF_THE_REQUEST.contains(&error);
    of_the_client && !refusal.is_success()
}

/// Answers of success that have no token on either side look alike, and must not look like parity where the
/// case does not name that status.
fn no_token_at_all(
    cx: Context<'_>,
    pair: Pair<&Acquired>,
    expects: &Pair<SideExpect>,
    differences: &[Difference],
) -> Option<String> {
    let refusals = pair.map(|side| side.answer.access_token().err());
    let fail_on = cx.session.options.fail_on;
    if is_meant(&refusals, expects) || differences.iter().any(|found| found.severity >= fail_on) {
        return None;
    }
    let (old, new) = (refusals.old?, refusals.new?);
    (old.is_success() && new.is_success())
        .then(|| format!("neither side issues a token; the old side: {}", old.message))
}

async fn acquire(
    cx: Context<'_>,
    case: &Case,
    side: Side,
    grant: Grant,
) -> Result<Acquired, Failure> {
    let wallet = &cx.session.sides[side].wallet;
    let name = case.sides[side].token.as_deref().unwrap_or_default();
    let own = wallet.credential(name).map(|credential| credential.grant);
    let within = cx.session.options.timeout.or(case.extras.timeout);
    if own == Some(grant) && grant != Grant::RefreshToken {
        wallet.answer(name, within).await
    } else {
        wallet.run(name, grant, within).await
    }
}

fn summary(acquired: &Acquired) -> SideResult {
    let token = acquired.answer.access_token().ok();
    SideResult {
        status: Some(acquired.response.status),
        ms: milliseconds(acquired.took),
        bytes: acquired.response.wire_bytes,
        http: Some(acquired.response.http.to_owned()),
        attempts: 1,
        token: token.map(|token| TokenSummary {
            shape: shape(token),
            length: token.chars().count(),
            expires_in: acquired.answer.expires_in(),
        }),
        ..SideResult::default()
    }
}

/// What is asked of the issuer besides the token.
#[derive(Debug, Default)]
struct Beside {
    signature: Option<Signature>,
    introspected: Option<Introspected>,
}

/// The keys are asked wherever they are known, introspection where the pair file names its endpoint: what an
/// issuer's metadata name may be for others only.
async fn beside(cx: Context<'_>, case: &Case, side: Side, acquired: &Acquired) -> Beside {
    let Ok(token) = acquired.answer.access_token() else {
        return Beside::default();
    };
    let wallet = &cx.session.sides[side].wallet;
    let name = case.sides[side].token.as_deref().unwrap_or_default();
    let given = wallet.credential(name);
    let introspected = match given.is_some_and(|c| c.introspection_endpoint.is_some()) {
        true => {
            let secret = SecretString::from(token);
            let asked = wallet.introspect(name, &secret, TokenHint::Access).await;
            asked.ok().map(|asked| asked.outcome)
        }
        false => None,
    };
    Beside {
        signature: wallet.signature(name, token).await,
        introspected,
    }
}

/// Keys that could not be asked for say nothing about the token.
fn unasked(beside: &Pair<Beside>) -> Option<String> {
    beside
        .iter()
        .find_map(|(side, beside)| match &beside.signature {
            Some(Signature::Unasked(why)) => {
                Some(format!("the keys of the {side} side cannot be had: {why}"))
            }
            _ => None,
        })
}

fn answered<'a>(
    cx: Context<'a>,
    case: &Case,
    grant: Grant,
    expects: &Pair<SideExpect>,
    pair: Pair<&'a Acquired>,
    beside: &'a Pair<Beside>,
) -> Option<Pair<Answered<'a>>> {
    // A case that names the shape of the token on each side means the change of it: where a shape is
    // another than that, the expectation fails.
    let shape_meant = expects.iter().all(|(_, expect)| expect.token.is_some());
    let platforms = cx.session.platforms();
    let sides = pair.map_sides(|side, acquired| {
        let name = case.sides[side].token.as_deref()?;
        Some(Answered {
            acquired,
            credential: cx.session.sides[side].wallet.credential(name)?,
            grant,
            signature: beside[side].signature.as_ref(),
            introspected: beside[side].introspected.as_ref(),
            longest: platforms[side].longest_token,
            shape_meant,
        })
    });
    sides.transpose()
}

fn differences(
    cx: Context<'_>,
    case: &Case,
    answered: Option<Pair<Answered<'_>>>,
    expects: &Pair<SideExpect>,
) -> Vec<Difference> {
    let Some(answered) = answered else {
        return Vec::new();
    };
    let mut differences = compare_answers(answered);
    let used = ruled(&mut differences, answered, case);
    let failed = answered.map_sides(|side, one| unmet(side, &expects[side], one.acquired));
    differences.extend(together(failed));
    let responses = answered.map(|side| &side.acquired.response);
    let grant = answered.new.grant.word();
    mark_known_of_grant(&mut differences, responses, grant, cx.session.platforms());
    let accepted = accept(&mut differences, &case.accept, cx.session.options.today);
    let noted = Noted {
        used,
        accepted,
        ..Noted::default()
    };
    cx.tally.compared(case, noted);
    differences
}

/// Holds the rules of a case against what was found. Where one side alone issues a token they have no say: that is
/// no place in an answer.
fn ruled(differences: &mut Vec<Difference>, answered: Pair<Answered<'_>>, case: &Case) -> Uses {
    let tokens = answered.map(|side| side.acquired.answer.access_token().ok());
    if tokens.old.is_some() != tokens.new.is_some() {
        return Uses::default();
    }
    let claims = tokens.map(|token| token.and_then(payload));
    let texts = Pair::of(|side| TokenTexts {
        answer: &answered[side].acquired.response.body,
        claims: claims[side].as_deref(),
    });
    rule_tokens(differences, texts, &case.rules)
}

fn unmet(side: Side, expect: &SideExpect, acquired: &Acquired) -> Vec<Difference> {
    let mut unmet = expect.check(side, &acquired.response, milliseconds(acquired.took));
    if let Ok(token) = acquired.answer.access_token() {
        let token = SecretString::from(token);
        let token = secrecy::ExposeSecret::expose_secret(&token);
        // A change that was meant and did not happen is a finding of its own.
        let unchanged = expect.check_token(side, shape(token));
        unmet.extend(unchanged.map(|difference| Difference {
            check: Some(catalogue::B13.id.to_owned()),
            advice: Some(catalogue::B13.advice.to_owned()),
            ..difference
        }));
        if !expect.claims.is_empty() {
            unmet.extend(expect.check_claims(side, &payload(token).unwrap_or_default()));
        }
    }
    unmet
}
