//! A token grant on both sides, compared by its contract.

use secrecy::SecretString;

use super::case::Context;
use super::findings::Findings;
use super::observe::milliseconds;
use crate::config::Grant;
use crate::exchange::Failure;
use crate::judge::{SideExpect, accept, mark_known, together};
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Reason, Severity, SideResult, TokenSummary};
use crate::suite::Case;
use crate::token::{Acquired, compare_answers, payload, shape};

/// Runs the grant of a case on both sides. The credential's own grant is not run again where its
/// token is at hand: the answer that it came with is looked at. Anything else would take the token
/// away from the other cases on a side that revokes it.
pub(super) async fn run_grant(
    cx: Context<'_>,
    case: &Case,
    grant: Grant,
    expects: &Pair<SideExpect>,
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
            match refused(pair, expects) {
                Some(note) => (findings.failed, findings.note) = (Some(Reason::Token), Some(note)),
                None => findings.differences = differences(cx, case, pair, expects),
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

/// A client that a side does not take, although the case does not ask for that, says that the pair
/// file is wrong, and nothing about parity.
fn refused(pair: Pair<&Acquired>, expects: &Pair<SideExpect>) -> Option<String> {
    pair.iter().find_map(|(side, acquired)| {
        let refusal = acquired.answer.access_token().err()?;
        let client = refusal.status == 401 || refusal.error.as_deref() == Some("invalid_client");
        let wanted = expects[side].names(refusal.status);
        (client && !wanted).then(|| format!("the {side} side: {}", refusal.message))
    })
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
    if own == Some(grant) && grant != Grant::RefreshToken {
        wallet.answer(name).await
    } else {
        wallet.run(name, grant).await
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

fn differences(
    cx: Context<'_>,
    case: &Case,
    pair: Pair<&Acquired>,
    expects: &Pair<SideExpect>,
) -> Vec<Difference> {
    let mut differences = compare_answers(pair);
    if expects.iter().all(|(_, expect)| expect.token.is_some()) {
        as_expected(&mut differences);
    }
    let failed = pair.map_sides(|side, acquired| unmet(side, &expects[side], acquired));
    differences.extend(together(failed));
    mark_known(&mut differences, None, cx.session.platforms());
    let accepted = accept(&mut differences, &case.accept, cx.session.options.today);
    cx.tally.compared(case, accepted, Vec::new(), Vec::new());
    differences
}

/// A case that names the shape of the token on each side means the change of it: where a shape is
/// another than that, the expectation fails.
fn as_expected(differences: &mut [Difference]) {
    for difference in differences {
        if difference.path == "$.access_token" && difference.kind == Kind::Format {
            difference.severity = Severity::Cosmetic;
        }
    }
}

fn unmet(side: Side, expect: &SideExpect, acquired: &Acquired) -> Vec<Difference> {
    let mut unmet = expect.check(side, &acquired.response, milliseconds(acquired.took));
    if let Ok(token) = acquired.answer.access_token() {
        let token = SecretString::from(token);
        let token = secrecy::ExposeSecret::expose_secret(&token);
        unmet.extend(expect.check_token(side, shape(token)));
        if !expect.claims.is_empty() {
            unmet.extend(expect.check_claims(side, &payload(token).unwrap_or_default()));
        }
    }
    unmet
}
