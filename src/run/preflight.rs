//! Before the first case: one token for each credential that is needed, one connection for each
//! origin. What fails here is said at once and not after a thousand cases.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use super::plan::Plan;
use super::session::{Session, SideSession};
use crate::message::{Headers, Request};
use crate::pair::{Pair, Side};
use crate::results::{TokenShape, Warning};
use crate::suite::{Case, Suite};
use crate::token::{catalogue, sharing};

/// The time for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks for every token that the plan needs, and tries every side's address.
pub async fn preflight(session: &Session, plan: &Plan) -> Vec<Warning> {
    // A probe asks for what it needs by itself, since its requests are counted.
    let wanted =
        |suite: &Suite, case: &Case| case.probe().is_none() && is_sent(session, suite, case);
    let needed = Pair::of(|side| credentials(plan, side, wanted));
    let ask = |side: Side| {
        let needed = &needed[side];
        async move {
            let here = &session.sides[side];
            let mut warnings = Vec::new();
            if let Err(message) = connect(here).await {
                warnings.push(warning("no-connection", side, message));
            }
            let mut lengths = Vec::new();
            for name in needed {
                match here.wallet.get(name).await {
                    Ok(token) => {
                        let jwt = token.filter(|token| token.shape() == TokenShape::Jwt);
                        lengths.extend(jwt.map(|token| (token.summary().length, *name)));
                    }
                    Err(failure) => {
                        let message = session.secrets.text(&failure.message).into_owned();
                        warnings.push(warning("no-token", side, message));
                    }
                }
            }
            let spread = spread(lengths);
            warnings.extend(spread.map(|message| warning("token-length-spread", side, message)));
            warnings
        }
    };
    let (old, new) = tokio::join!(ask(Side::Old), ask(Side::New));
    old.into_iter().chain(new).collect()
}

/// Says of JWTs of very different length that one measurement is not enough (check B16): their claims
/// grow with the roles of their subject.
fn spread(mut lengths: Vec<(usize, &str)>) -> Option<String> {
    lengths.sort_unstable();
    let (usual, _) = *lengths.get(lengths.len().checked_sub(1)? / 2)?;
    let (longest, name) = *lengths.last()?;
    (longest > 2 * usual).then(|| {
        let check = catalogue::B16;
        format!(
            "the token of `{name}` has {longest} characters, the usual one {usual}: {} (check {})",
            check.advice, check.id
        )
    })
}

fn warning(code: &str, side: Side, message: String) -> Warning {
    Warning {
        code: code.to_owned(),
        side: Some(side),
        message,
    }
}

/// Whether a case is sent at all: neither it nor a case that it needs is a write that is withheld, or skipped.
fn is_sent(session: &Session, suite: &Suite, case: &Case) -> bool {
    let is_held = |case: &Case| case.skip().is_some() || case.is_write() && !session.options.writes;
    let mut needed = case.depends.iter().map(|at| &suite.cases[*at]);
    !is_held(case) && !needed.any(|case| is_held(case))
}

/// The credentials that the cases of a plan use.
fn credentials(plan: &Plan, side: Side, wanted: impl Fn(&Suite, &Case) -> bool) -> BTreeSet<&str> {
    let cases = plan
        .steps()
        .map(|(suite, step)| (suite, &suite.cases[step.case]));
    let live = cases.filter(|(suite, case)| case.skip().is_none() && wanted(suite, case));
    live.filter_map(|(_, case)| case.sides[side].token.as_deref())
        .collect()
}

async fn connect(side: &SideSession) -> Result<(), String> {
    if side.connection.proxy.is_some() {
        return Ok(());
    }
    let Some((url, host, port)) = address(&side.url) else {
        return Ok(());
    };
    let mut pinned = side.connection.resolve.iter();
    let pinned = pinned.find(|pinned| pinned.fits(&url));
    let connecting = async {
        match pinned {
            Some(pinned) => TcpStream::connect(pinned.address).await,
            None => TcpStream::connect((host.trim_matches(['[', ']']), port)).await,
        }
    };
    match timeout(PATIENCE, connecting).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(format!("cannot connect to {host}:{port}: {error}")),
        Err(_) => Err(format!("cannot connect to {host}:{port} within 5 s")),
    }
}

fn address(url: &str) -> Option<(Url, String, u16)> {
    let url = Url::parse(url).ok()?;
    let (host, port) = (url.host_str()?.to_owned(), url.port_or_known_default()?);
    Some((url, host, port))
}

/// Asks for every token that the plan needs a second time, to see whether somebody else holds it.
pub async fn check_sharing(session: &Session, plan: &Plan) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for side in Side::BOTH {
        for name in credentials(plan, side, |_, _| true) {
            if let Some(found) = sharing(&session.sides[side].wallet, name).await {
                let message = format!("credential `{name}`: {}", found.message());
                warnings.push(warning(found.code(), side, message));
            }
        }
    }
    warnings
}

/// Seconds by which a side's clock may be wrong before tokens are refused: the smallest leeway that
/// gateways are known to give.
const SKEW: i64 = 5;

/// Compares each side's clock, as its `Date` header shows it, with ours.
pub async fn check_clocks(session: &Session) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for side in Side::BOTH {
        let here = &session.sides[side];
        let request = Request {
            method: "HEAD".to_owned(),
            url: format!("{}/", here.url),
            headers: Headers(vec![("User-Agent".to_owned(), crate::USER_AGENT.into())]),
            body: bytes::Bytes::new(),
        };
        let answer = match here.target.send(&request, here.timeout).await {
            Ok(answer) => answer.response,
            Err(failure) => {
                warnings.push(warning("no-connection", side, failure.message));
                continue;
            }
        };
        let date = answer.headers.text("date");
        let date = date.and_then(|text| jiff::fmt::rfc2822::parse(&text).ok());
        let Some(date) = date else {
            continue;
        };
        let skew = date.timestamp().as_second() - jiff::Timestamp::now().as_second();
        if skew.abs() > SKEW {
            let message = format!(
                "its clock is {} s off ours: tokens may be refused",
                skew.abs()
            );
            warnings.push(warning("clock-skew", side, message));
        }
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_more_than_twice_the_usual_length_is_told() {
        assert_eq!(spread(Vec::new()), None);
        assert_eq!(spread(vec![(1459, "app"), (2918, "admin")]), None);
        let told = spread(vec![(5000, "admin"), (1459, "app"), (1470, "user")]);
        let text = "the token of `admin` has 5000 characters, the usual one 1470: what fits for one user is \
                    cut for another with more roles: measure with the richest one (check B16)";
        assert_eq!(told.as_deref(), Some(text));
    }
}
