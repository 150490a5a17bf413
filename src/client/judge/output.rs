//! Whether a program said the same: tokens, times, addresses and random names aside.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::client::observation::{Ending, Observation};
use crate::results::{Difference, Kind, Observed, Severity};

/// Characters of a line that is shown.
const LINE: usize = 160;

/// What changes from run to run: addresses, dates and times, long random words, durations, and large
/// numbers such as seconds since 1970.
static CHANGING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:127\.0\.0\.1|localhost):\d+",
        r"|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?",
        r"|\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b",
        r"|\b\d+(?:[.,]\d+)?\s?(?:ns|us|ms|s|sec|secs|seconds|milliseconds)\b",
        r"|/tmp/\S+",
        r"|\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b",
        r"|\b0x[0-9a-fA-F]+\b",
        r"|\b[0-9a-fA-F]{16,}\b",
        r"|\b\d{7,}(?:\.\d+)?\b",
    ))
    .ok()
});

/// The first line that is another one than with opaque tokens.
pub(super) fn finding_in(run: &Observation, baseline: &Observation) -> Option<(String, String)> {
    let (now, before) = (normal(run), normal(baseline));
    if now == before {
        return None;
    }
    let count = now.len().max(before.len());
    let line = |lines: &[String], at: usize| lines.get(at).cloned().unwrap_or_default();
    let at = (0..count).find(|at| line(&now, *at) != line(&before, *at))?;
    Some((line(&before, at), line(&now, at)))
}

pub(super) fn finding(run: &Observation, baseline: &Observation) -> Option<Difference> {
    let (before, now) = finding_in(run, baseline)?;
    let explain = "wrote something else than with opaque tokens, though it ended well";
    Some(
        value("stdout", explain)
            .showing(shown(&before), shown(&now))
            .advice("look at the first line that differs: the program's users see it"),
    )
}

fn value(path: &str, explain: &str) -> Difference {
    super::tokens::finding(path, Kind::Value, Severity::Risky, explain)
}

pub(super) fn shown(line: &str) -> Observed {
    Observed::text(&line.chars().take(LINE).collect::<String>())
}

/// The lines of a text that a program wrote, what changes from run to run replaced.
pub(super) fn told(run: &Observation, text: &str) -> Vec<String> {
    let mut text = text.to_owned();
    let mut numbers: BTreeSet<usize> = run.ports.iter().map(|port| usize::from(*port)).collect();
    for issued in &run.issued {
        let tokens = [Some(issued.token.as_str()), issued.refresh.as_deref()];
        for token in tokens.into_iter().flatten() {
            text = text.replace(token, "<token>");
            numbers.insert(token.chars().count());
        }
        let life = issued.until.saturating_sub(issued.at).as_secs();
        let life = usize::try_from(life).unwrap_or_default();
        // A life in time lapse is a number like any other.
        if life > 60 {
            numbers.extend(life - 5..=life);
        }
    }
    if let Some(changing) = CHANGING.as_ref() {
        text = changing.replace_all(&text, "<changing>").into_owned();
    }
    // Lengths and lives of tokens are not what the program is asked about.
    for number in numbers {
        text = replace_number(&text, number);
    }
    let lines = text.lines().map(|line| line.trim_end().to_owned());
    lines.collect()
}

/// The lines of standard output; several runs say it once.
fn normal(run: &Observation) -> Vec<String> {
    let mut lines = told(run, &run.written.stdout);
    if run.ending == Ending::Stopped {
        // How often it came to a line hangs on when it was stopped.
        let mut seen = BTreeSet::new();
        lines.retain(|line| seen.insert(line.clone()));
        return lines;
    }
    let runs = run.runs.len().max(1);
    let once = (lines.len() / runs).max(1);
    let first = lines.get(..once).unwrap_or_default().to_vec();
    let repeated = lines.len().is_multiple_of(runs) && lines.chunks(once).all(|part| part == first);
    if repeated { first } else { lines }
}

/// Replaces a number where it stands alone.
fn replace_number(text: &str, number: usize) -> String {
    let Ok(alone) = Regex::new(&format!(r"\b{number}\b")) else {
        return text.to_owned();
    };
    alone.replace_all(text, "<number>").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::judge::examples::Story;

    fn said(token: &str, stdout: &str) -> Observation {
        let mut story = Story::default();
        story
            .fetch(0, token)
            .call(1, token, 200)
            .ends(Ending::Exit(0), stdout, "");
        story.run()
    }

    #[test]
    fn tokens_times_and_addresses_do_not_count() {
        let before = said(
            "opaque-token",
            "12:00:01 got opaque-token (12 characters)\n3 orders in 14 ms from http://127.0.0.1:4001/api\n",
        );
        let now = said(
            "a.longer.token",
            "12:00:09 got a.longer.token (14 characters)\n3 orders in 9 ms from http://127.0.0.1:5001/api\n",
        );
        assert_eq!(finding_in(&now, &before), None);
    }

    #[test]
    fn another_result_does() {
        let (before, now) = (said("a", "3 orders\n"), said("b", "0 orders\n"));
        let found = finding(&now, &before).expect("a finding");
        assert_eq!((found.path.as_str(), found.kind), ("stdout", Kind::Value));
        assert_eq!(found.new.display().as_deref(), Some("0 orders"));
    }
}
