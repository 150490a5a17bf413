//! `refresh-rotation` with `parallel`: what becomes of a refresh token that is used twice at once, as two parts of
//! one client do when their token ends.

use super::bench::Bench;
use super::finding::{Finding, finding};
use super::refresh_rotation::{adopt, forget, given};
use super::stopped::Stopped;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Reason, Severity};
use crate::token::catalogue::D07;

pub(super) async fn run(
    benches: &mut Pair<Bench<'_>>,
) -> Result<(Vec<Difference>, Option<String>), Stopped> {
    let old = ask(&mut benches.old).await?;
    let new = ask(&mut benches.new).await?;
    let taken = Pair::new(old, new);
    let note = format!(
        "a refresh token that is used twice at once: {} on the old side, {} on the new",
        words(old),
        words(new)
    );
    Ok((compare(taken).into_iter().collect(), Some(note)))
}

/// How many of the two were given a token: one at least, or nothing can be learned.
async fn ask(bench: &mut Bench<'_>) -> Result<usize, Stopped> {
    let side = bench.side;
    let first = given(bench).await?;
    let answers = bench
        .refresh_twice("the refresh token, at once", &first)
        .await?;
    let taken: Vec<bool> = answers
        .iter()
        .map(|answer| answer.answer.access_token().is_ok())
        .collect();
    let count = taken.iter().filter(|taken| **taken).count();
    // The one that came last may have ended the other: where one was refused, the family may be ended too.
    for (answer, _) in answers.into_iter().zip(taken).filter(|(_, taken)| *taken) {
        adopt(bench, answer, &first).await?;
    }
    if count < 2 {
        forget(bench).await?;
    }
    if count == 0 {
        let note = format!("the {side} side refuses its own refresh token, twice at once");
        return Err(Stopped::because(Reason::Token, note));
    }
    Ok(count)
}

const fn words(taken: usize) -> &'static str {
    match taken {
        2 => "both are taken",
        _ => "one is taken, the other refused",
    }
}

fn compare(taken: Pair<usize>) -> Option<Difference> {
    let (kind, severity, explain) = match (taken.old, taken.new) {
        (old, new) if old > new => (
            Kind::Refused,
            Severity::Breaking,
            "of two refreshes at the same time the new side takes one and the old side both: parts of a \
             client that refresh on their own log each other out",
        ),
        (old, new) if old < new => (
            Kind::Value,
            Severity::Cosmetic,
            "of two refreshes at the same time the new side takes both, where the old one took one: a \
             rollback would refuse one again",
        ),
        _ => return None,
    };
    let item = finding(D07, "parallel-refresh", kind, severity, explain);
    Some(item.seen(taken.map(|taken| Observed::text(words(taken)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_that_succeed_break_clients() {
        let found = |old, new| {
            let found = compare(Pair::new(old, new));
            found.map(|found| (found.kind, found.severity))
        };
        assert_eq!(found(2, 1), Some((Kind::Refused, Severity::Breaking)));
        assert_eq!(found(1, 2), Some((Kind::Value, Severity::Cosmetic)));
        assert_eq!((found(1, 1), found(2, 2)), (None, None));
    }
}
