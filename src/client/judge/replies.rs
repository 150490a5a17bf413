//! Whether a service answered the same: what changes from run to run aside.

use super::output::{shown, told};
use super::tokens::finding as client;
use super::varying::differing;
use crate::client::observation::{Observation, Reply};
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Severity};

/// The first answer that is another one than with opaque tokens. `opaque` are such runs, the baseline first.
pub(super) fn finding(run: &Observation, opaque: &[&Observation]) -> Option<Difference> {
    let usual = opaque.first()?.replies.first()?;
    let mut at = 0;
    for replies in &run.replies {
        for (nth, (reply, _)) in replies.iter().zip(usual).enumerate() {
            let known = opaque.iter().filter_map(|opaque| {
                let reply = opaque.replies.first()?.get(nth)?;
                Some((*opaque, reply))
            });
            let known: Vec<(&Observation, &Reply)> = known.collect();
            if let Some(found) = compared((run, reply), &known, at) {
                return Some(found);
            }
            at += 1;
        }
    }
    None
}

fn compared(
    (run, reply): (&Observation, &Reply),
    known: &[(&Observation, &Reply)],
    at: usize,
) -> Option<Difference> {
    let what = &reply.what;
    let (_, usual) = known.first()?;
    let (old, _) = usual.answer.as_ref()?;
    let Some((new, new_text)) = &reply.answer else {
        return Some(no_answer(what, *old, at));
    };
    if old != new {
        return Some(other_status(what, Pair::new(*old, *new), at));
    }
    let texts = known.iter().filter_map(|(run, reply)| {
        let (_, text) = reply.answer.as_ref()?;
        Some(told(run, text))
    });
    let (before, now) = differing(&told(run, new_text), &texts.collect::<Vec<_>>())?;
    let explain = format!("answered {what} with another text than with opaque tokens");
    Some(
        client(
            format!("answer[{at}].body"),
            Kind::Value,
            Severity::Risky,
            explain,
        )
        .showing(shown(&before), shown(&now))
        .advice("look at the first line that differs: the callers of the service see it"),
    )
}

fn no_answer(what: &str, usual: u16, at: usize) -> Difference {
    let explain = format!(
        "closed the connection without a whole answer to {what}, which it answers {usual} with opaque tokens"
    );
    let place = format!("answer[{at}]");
    client(place, Kind::Crashed, Severity::Breaking, explain)
        .showing(Observed::raw(&usual.to_string()), Observed::Absent)
        .advice("look into what it wrote when the request came: a handler ended in the middle")
}

fn other_status(what: &str, Pair { old, new }: Pair<u16>, at: usize) -> Difference {
    let explain = format!("answered {what} with {new}, and with {old} with opaque tokens");
    let place = format!("answer[{at}].status");
    client(place, Kind::Value, Severity::Breaking, explain)
        .showing(
            Observed::raw(&old.to_string()),
            Observed::raw(&new.to_string()),
        )
        .advice("look at what the service writes when it gives this answer")
        .detail("status", new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::judge::examples::Story;

    fn served(port: u16, runs: &[&[Option<(u16, &str)>]]) -> Observation {
        let mut run = Story::default().run();
        run.ports = vec![port];
        run.replies = runs
            .iter()
            .map(|replies| {
                let replies = replies.iter().map(|answer| Reply {
                    what: "GET /orders".to_owned(),
                    answer: answer.map(|(status, text)| (status, text.to_owned())),
                });
                replies.collect()
            })
            .collect();
        run
    }

    fn told(run: &Observation, baseline: &Observation) -> Option<(String, Kind, Severity)> {
        let found = finding(run, &[baseline])?;
        Some((found.path, found.kind, found.severity))
    }

    #[test]
    fn the_first_answer_that_is_another_one_is_told() {
        let two = Some((200, "2 items of http://localhost:20001 at port 20001"));
        let usual = served(20001, &[&[two, two]]);
        let elsewhere = Some((200, "2 items of http://localhost:20002 at port 20002"));
        assert_eq!(
            told(&served(20002, &[&[elsewhere, elsewhere]]), &usual),
            None
        );
        let worse = served(20002, &[&[elsewhere, Some((502, ""))]]);
        let status = (
            "answer[1].status".to_owned(),
            Kind::Value,
            Severity::Breaking,
        );
        assert_eq!(told(&worse, &usual), Some(status));
        let none = served(20002, &[&[None]]);
        let closed = ("answer[0]".to_owned(), Kind::Crashed, Severity::Breaking);
        assert_eq!(told(&none, &usual), Some(closed));
        // Each run of a profile is held against the one run of the baseline.
        let later = served(
            20002,
            &[&[elsewhere, elsewhere], &[elsewhere, Some((200, "none"))]],
        );
        let body = ("answer[3].body".to_owned(), Kind::Value, Severity::Risky);
        assert_eq!(told(&later, &usual), Some(body));
    }
}
