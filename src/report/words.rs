//! What reports say in words, the same in every format.

use super::clients;
use crate::journal::{JournalSet, Listed};
use crate::pair::{Pair, Side};
use crate::plural::plural;
use crate::results::{
    AcceptedBy, CaseResult, Difference, NEW_SEEN, OLD_SEEN, Observed, ProbeObservation, Reason,
    Severity, SideResult, Summary, Verdict, Where,
};

/// Characters of a value that a report for people shows whole.
const WHOLE: usize = 40;

/// Why a case has no result, or what its note says: `connect: the new side refused the connection`.
pub(super) fn why(case: &CaseResult) -> String {
    let Some(reason) = case.reason else {
        return case.note.clone().unwrap_or_default();
    };
    match &case.note {
        Some(note) => format!("{reason}: {note}"),
        None => format!("{reason}: {}", in_words(case, reason)),
    }
}

fn in_words(case: &CaseResult, reason: Reason) -> String {
    match reason {
        Reason::Connect => "the connection to a side failed or broke".to_owned(),
        Reason::Tls => "the TLS handshake of a side failed".to_owned(),
        Reason::Timeout => "a side gave no complete answer in time".to_owned(),
        Reason::Token => "the token of a side could not be had".to_owned(),
        Reason::BodyLimit => "a body is larger than the limit".to_owned(),
        Reason::Throttled => throttled(case),
        Reason::SideDown => "a side was given up after many connect failures".to_owned(),
        Reason::Interrupted => "the run was stopped".to_owned(),
        Reason::BothFailed => format!(
            "both sides answered {}; name it in `expect` if it is meant",
            statuses(case)
        ),
        reason => skipped_because(Some(reason)).to_owned(),
    }
}

/// Which side answered 429, how often it was asked, and the ways out.
fn throttled(case: &CaseResult) -> String {
    let refused = case
        .pair()
        .map(|side| side.filter(|side| side.status == Some(429)));
    let (who, asked) = match (refused.old, refused.new) {
        (Some(old), Some(new)) => ("both sides", old.attempts.max(new.attempts)),
        (Some(old), None) => ("the old side", old.attempts),
        (None, Some(new)) => ("the new side", new.attempts),
        (None, None) => ("a side", 1),
    };
    let asked = plural(usize::try_from(asked).unwrap_or(usize::MAX), "request");
    format!(
        "{who} answered 429 (Too Many Requests) to {asked}: ask again later, let safe requests be \
         repeated with --retries, or, if 429 is what the case is about, name it in `expect`"
    )
}

fn statuses(case: &CaseResult) -> String {
    let status = |side: Option<&SideResult>| {
        let status = side.and_then(|side| side.status);
        status.map_or_else(|| "nothing".to_owned(), |status| status.to_string())
    };
    let Pair { old, new } = case.pair().map(status);
    if old == new {
        old
    } else {
        format!("{old} and {new}")
    }
}

/// The place of a difference: `status`, `header location`, `body $.items[3].price`.
pub(super) fn place(difference: &Difference) -> String {
    let place = match difference.path.as_str() {
        "" => difference.r#where.to_string(),
        path => format!("{} {path}", difference.r#where),
    };
    match &difference.new_path {
        Some(new) => format!("{place} (new: {new})"),
        None => place,
    }
}

/// What a side showed: strings of bodies and tokens in quotation marks, since `1` is not `"1"`; a
/// long one shortened in its middle, with its length. `bytes` is the length before an earlier cut.
pub(super) fn value(
    r#where: Where,
    observed: &Observed,
    bytes: Option<u64>,
    most: usize,
) -> String {
    let Some(shown) = observed.display() else {
        return "(not there)".to_owned();
    };
    let quote = quote(r#where, observed);
    let length = shown.chars().count();
    if is_mark(&shown) || (length <= WHOLE && bytes.is_none()) {
        return format!("{quote}{shown}{quote}");
    }
    let size = match bytes {
        Some(bytes) => format!("({bytes} bytes)"),
        None => format!("({length} characters)"),
    };
    let room = most
        .min(WHOLE + size.len() + 3)
        .saturating_sub(size.len() + 2 * quote.len() + 2)
        .max(8);
    if length <= room {
        return format!("{quote}{shown}{quote} {size}");
    }
    let head: String = shown.chars().take(room.div_ceil(2)).collect();
    let tail: String = shown.chars().skip(length - room / 2).collect();
    format!("{quote}{head}…{tail}{quote} {size}")
}

/// The same as long as it is; nothing where nothing stands.
pub(super) fn whole(r#where: Where, observed: &Observed) -> Option<String> {
    let quote = quote(r#where, observed);
    Some(format!("{quote}{}{quote}", observed.display()?))
}

fn quote(r#where: Where, observed: &Observed) -> &'static str {
    let is_text = observed.json().is_some_and(|json| json.starts_with('"'));
    let quoted = is_text && matches!(r#where, Where::Body | Where::Token | Where::Expect);
    if quoted { "\"" } else { "" }
}

fn is_mark(text: &str) -> bool {
    text.starts_with("[secret ") && text.ends_with(']') && text.matches('[').count() == 1
}

/// What a probe saw, on a line: `preflight: 204`.
pub(super) fn observation(seen: &ProbeObservation) -> String {
    let status = seen.status.map(|status| status.to_string());
    let parts = [status, seen.note.clone()];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return seen.name.clone();
    }
    format!("{}: {}", seen.name, parts.join(", "))
}

/// How a run ended, in a line: never parity alone when something was withheld.
pub(super) fn verdict(journal: &JournalSet) -> String {
    match journal.shard() {
        Some(shard) => format!("shard {} of {}: {}", shard.k, shard.n, outcome(journal)),
        None => outcome(journal),
    }
}

fn outcome(journal: &JournalSet) -> String {
    if clients::is_of_clients(journal) && !journal.is_empty_shard() {
        return clients::outcome(journal);
    }
    let summary = journal.summary();
    let planned = journal.run().planned.max(summary.cases);
    if journal.is_empty_shard() {
        return "nothing to do: this shard of the plan has no case".to_owned();
    }
    let good = summary.same + summary.accepted;
    let mut line = if summary.different > 0 {
        format!(
            "no parity: {} of {planned} cases different",
            summary.different
        )
    } else if summary.inconclusive > 0 {
        format!(
            "parity not proved: {} of {planned} cases inconclusive",
            summary.inconclusive
        )
    } else if good == 0 {
        format!("nothing ran: none of {planned} cases")
    } else if journal.run().complete {
        format!("parity in {good} of {planned} cases")
    } else {
        format!(
            "parity not proved: only {} of {planned} cases have a result",
            summary.cases
        )
    };
    line += &tail(&summary, journal);
    line
}

fn tail(summary: &Summary, journal: &JournalSet) -> String {
    let mut parts = Vec::new();
    if summary.different > 0 && summary.inconclusive > 0 {
        parts.push(format!("{} inconclusive", summary.inconclusive));
    }
    if summary.accepted > 0 {
        parts.push(format!("{} by accepted differences", summary.accepted));
    }
    if summary.skipped > 0 {
        parts.push(format!("{} not run: {}", summary.skipped, not_run(journal)));
    }
    if !journal.run().complete && (summary.different > 0 || summary.inconclusive > 0) {
        let planned = journal.run().planned;
        parts.push(format!("incomplete: {} of {planned} cases", summary.cases));
    }
    parts
        .iter()
        .fold(String::new(), |tail, part| tail + "; " + part)
}

/// Why cases did not run: `writes withheld (--allow-writes)`, with counts where there are several
/// reasons. What needs a withheld case is withheld with it.
fn not_run(journal: &JournalSet) -> String {
    let mut counts: Vec<(Option<Reason>, usize)> = Vec::new();
    for case in journal
        .list()
        .filter(|case| case.verdict == Verdict::Skipped)
    {
        match counts.iter_mut().find(|(reason, _)| *reason == case.reason) {
            Some((_, count)) => *count += 1,
            None => counts.push((case.reason, 1)),
        }
    }
    if let Some(needs) = counts
        .iter()
        .position(|(reason, _)| *reason == Some(Reason::Needs))
    {
        let (_, count) = counts[needs];
        let withheld = counts
            .iter_mut()
            .find(|(reason, _)| *reason == Some(Reason::WritesWithheld));
        if let Some((_, total)) = withheld {
            *total += count;
            counts.remove(needs);
        }
    }
    match counts.as_slice() {
        [(reason, _)] => skipped_because(*reason).to_owned(),
        _ => counts
            .iter()
            .map(|(reason, count)| format!("{count} {}", skipped_because(*reason)))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// Why a case was skipped, and what would let it run.
pub(super) const fn skipped_because(reason: Option<Reason>) -> &'static str {
    match reason {
        Some(Reason::WritesWithheld) => "writes withheld (--allow-writes)",
        Some(Reason::ProbesWithheld) => "probes withheld (--probes)",
        Some(Reason::ClientSuite) => "client suites (cutover client)",
        Some(Reason::Needs) => "a case that they need did not deliver",
        Some(Reason::Skip) => "skipped by the suite",
        Some(reason) => reason.word(),
        None => "no reason given",
    }
}

/// `INCOMPLETE: 412 of 1000 cases`, where the run is.
pub(super) fn incomplete(journal: &JournalSet) -> Option<String> {
    let run = journal.run();
    (!run.complete).then(|| {
        format!(
            "INCOMPLETE: {} of {} cases",
            journal.summary().cases,
            run.planned
        )
    })
}

/// What several answers of a side showed at a place that varies.
pub(super) fn seen(difference: &Difference, side: Side) -> Option<String> {
    let key = match side {
        Side::Old => OLD_SEEN,
        Side::New => NEW_SEEN,
    };
    let values = difference.detail.get(key)?.as_array()?;
    let texts: Vec<&str> = values.iter().filter_map(|value| value.as_str()).collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

/// What would accept a known change: the line to add.
pub(super) fn accept_line(known: &str) -> String {
    format!("accept: [ {{ known: {known} }} ]")
}

/// Why a difference is meant, until when, and which rule says so.
pub(super) fn meant(by: &AcceptedBy) -> String {
    let until = by.until.as_ref().map(|day| format!(" (until {day})"));
    let until = until.unwrap_or_default();
    format!("{}{until} [{}, {}]", by.because, by.rule, by.at)
}

/// Cases whose accepted differences no other part of a report shows.
pub(super) fn is_meant(case: &Listed<'_>) -> bool {
    case.verdict == Verdict::Accepted || case.accepts && case.verdict == Verdict::Same
}

/// Whether a difference counts: nothing accepts it, and it is as severe as the run wants.
pub(super) fn counts(fail_on: Severity, difference: &Difference) -> bool {
    difference.accepted_by.is_none()
        && (difference.severity >= fail_on || difference.r#where == Where::Expect)
}

/// `1 case`, `2 cases`.
pub(super) fn cases(count: usize) -> String {
    plural(count, "case")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(r#where: Where, json: &str) -> String {
        value(r#where, &Observed::raw(json), None, 53)
    }

    #[test]
    fn values_show_their_type_and_long_ones_their_length() {
        assert_eq!(shown(Where::Body, "12.50"), "12.50");
        assert_eq!(shown(Where::Body, "\"12.50\""), "\"12.50\"");
        assert_eq!(shown(Where::Header, "\"12.50\""), "12.50");
        assert_eq!(shown(Where::Body, "null"), "null");
        assert_eq!(
            value(Where::Body, &Observed::Absent, None, 53),
            "(not there)"
        );
        let long = format!("\"{}{}\"", "a".repeat(60), "b".repeat(60));
        assert_eq!(
            shown(Where::Body, &long),
            format!("\"{}…{}\" (120 characters)", "a".repeat(17), "b".repeat(16))
        );
        let cut = value(Where::Header, &Observed::text("abc…def"), Some(1459), 53);
        assert_eq!(cut, "abc…def (1459 bytes)");
    }

    #[test]
    fn marks_are_never_cut() {
        let mark = "[secret a-rather-long-name.access_token, 1459 characters]";
        assert_eq!(value(Where::Header, &Observed::text(mark), None, 53), mark);
    }
}
