//! `refresh-rotation` with `client`: whether a refresh token is taken from a client that it was not given to.

use super::bench::Bench;
use super::finding::{Finding, finding};
use super::refresh_rotation::{forget, given};
use super::stopped::Stopped;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Reason, Severity};
use crate::token::catalogue::D09;

pub(super) async fn run(
    benches: &mut Pair<Bench<'_>>,
    client: &str,
) -> Result<(Vec<Difference>, Option<String>), Stopped> {
    let old = ask(&mut benches.old, client).await?;
    let new = ask(&mut benches.new, client).await?;
    Ok((compare(Pair::new(old, new)).into_iter().collect(), None))
}

/// What the token endpoint makes of it: whether it was taken, and the status.
async fn ask(bench: &mut Bench<'_>, client: &str) -> Result<(bool, u16), Stopped> {
    let side = bench.side;
    let ids = [bench.credential.as_deref().unwrap_or_default(), client]
        .map(|name| bench.wallet.credential(name).map(|c| c.client_id.clone()));
    if ids[0] == ids[1] {
        let note = format!(
            "`{client}` is the same client on the {side} side: name a credential with a `client_id` of its own"
        );
        return Err(Stopped::because(Reason::Needs, note));
    }
    let refresh = given(bench).await?;
    let name = "the refresh token, of another client";
    let answer = bench.refresh_as(name, client, (side, &refresh)).await?;
    let status = answer.response.status;
    let Err(refusal) = answer.answer.access_token() else {
        // It is used up, or shared with a client that is none of the case's.
        forget(bench).await?;
        return Ok((true, status));
    };
    if refusal.error.as_deref() == Some("invalid_client") {
        let note = format!(
            "the {side} side does not know the client of `{client}`: {}",
            refusal.message
        );
        return Err(Stopped::because(Reason::Token, note));
    }
    Ok((false, status))
}

fn compare(seen: Pair<(bool, u16)>) -> Option<Difference> {
    let (kind, severity, explain) = match (seen.old.0, seen.new.0) {
        (old, true) => (
            Kind::NotRefused,
            Severity::Breaking,
            if old {
                "security hole: the new side takes a refresh token from a client that it was not given \
                 to, as the old side does: a stolen one works for every client"
            } else {
                "security hole: the new side takes a refresh token from a client that it was not given \
                 to: a stolen one works for every client"
            },
        ),
        (true, false) => (
            Kind::Refused,
            Severity::Cosmetic,
            "the old side takes a refresh token from a client that it was not given to; the new side \
             closes this security hole",
        ),
        (false, false) => return None,
    };
    let item = finding(D09, "foreign-client", kind, severity, explain);
    Some(item.seen(seen.map(|(_, status)| Observed::of(&status))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_of_another_client_must_be_refused() {
        let found = |old, new| {
            let seen = Pair::new(old, new).map(|taken| (taken, if taken { 200 } else { 400 }));
            compare(seen).map(|found| (found.kind, found.severity))
        };
        let hole = Some((Kind::NotRefused, Severity::Breaking));
        assert_eq!((found(false, true), found(true, true)), (hole, hole));
        assert_eq!(
            found(true, false),
            Some((Kind::Refused, Severity::Cosmetic))
        );
        assert_eq!(found(false, false), None);
    }
}
