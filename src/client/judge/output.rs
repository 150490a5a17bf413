//! Whether a program said the same: tokens, times, addresses and random names aside.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::varying::differing;
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
        r"|\b\d{1,2}:\d\d:\d\d(?:[.,]\d+)?\b",
        r"|\b\d+(?:[.,]\d+)?\s?(?:ns|us|µs|μs|ms|s|sec|secs|seconds|milliseconds|microseconds|minutes)\b",
        r#"|\b(?i:elapsed|duration|took|latency|pid)\b["']?[:= ]{1,2}["']?\d+(?:[.,]\d+)?"#,
        r"|/tmp/\S+",
        r"|\S*/cutover-client-\S+",
        r"|\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b",
        r"|\b0x[0-9a-fA-F]+\b",
        r"|\b[0-9a-fA-F]{16,}\b",
        r"|\b\d{7,}(?:\.\d+)?\b",
    ))
    .ok()
});

/// Words that may be a part of a token; two dots and more stand for what was left out.
static WORDS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9_+/=~-]+(?:\.[A-Za-z0-9_+/=~-]+)*").ok());
/// Characters of the shortest end of a token that is known for one.
const END: usize = 4;

/// The first line that is another one than with opaque tokens, which are in `opaque`, the baseline first.
pub(super) fn finding(run: &Observation, opaque: &[&Observation]) -> Option<Difference> {
    let known: Vec<Vec<String>> = opaque.iter().map(|run| normal(run).concat()).collect();
    let mut each = normal(run).into_iter();
    let (before, now) = each.find_map(|lines| differing(&lines, &known))?;
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
            text = without_ends(&text, token);
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

/// The lines of standard output, those of each run where they are as many in each.
fn normal(run: &Observation) -> Vec<Vec<String>> {
    let mut lines = told(run, &run.written.stdout);
    if run.ending == Ending::Stopped {
        // How often it came to a line hangs on when it was stopped.
        let mut seen = BTreeSet::new();
        lines.retain(|line| seen.insert(line.clone()));
        return vec![lines];
    }
    let runs = run.runs.len().max(1);
    if lines.is_empty() || !lines.len().is_multiple_of(runs) {
        return vec![lines];
    }
    let each = lines.chunks(lines.len() / runs);
    each.map(<[String]>::to_vec).collect()
}

/// Replaces the first and last characters of a token, which programs write in place of all of it.
fn without_ends(text: &str, token: &str) -> String {
    let Some(words) = WORDS.as_ref() else {
        return text.to_owned();
    };
    let replaced = words.replace_all(text, |found: &regex::Captures<'_>| {
        let word = found.get(0).map_or("", |word| word.as_str());
        if word.len() >= END && (token.starts_with(word) || token.ends_with(word)) {
            "<token>".to_owned()
        } else {
            word.to_owned()
        }
    });
    replaced.into_owned()
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
        assert_eq!(finding(&now, &[&before]), None);
    }

    #[test]
    fn the_ends_of_tokens_do_not_count() {
        let before = said(
            "2f9c1a7e-53d4-4b1a",
            "token 2f9c...4b1a\nid 2f9c1a7e\n3 orders\n",
        );
        let now = said(
            "eyJhbGciOi.eyJzdWIi",
            "token eyJh...dWIi\nid eyJhbGci\n3 orders\n",
        );
        assert_eq!(finding(&now, &[&before]), None);
    }

    #[test]
    fn each_of_several_runs_is_held_against_the_one() {
        let before = said("a", "3 orders\n");
        let runs = |stdout: &str| {
            let mut run = said("b", stdout);
            run.runs = vec![std::time::Duration::ZERO; 3];
            finding(&run, &[&before])
                .map(|found| found.new.display().unwrap_or_default().into_owned())
        };
        assert_eq!(runs("3 orders\n3 orders\n3 orders\n"), None);
        let other = runs("3 orders\n0 orders\n3 orders\n");
        assert_eq!(other.as_deref(), Some("0 orders"));
    }

    #[test]
    fn durations_and_process_ids_do_not_count() {
        let text = |n: u32| {
            format!(
                "elapsed: 0.02{n}\n{{\"duration\":0.020{n}}}\n1208{n} µs\n0:00:00.01658{n}\npid 1000{n}\n"
            )
        };
        let (before, now) = (said("token-1", &text(1)), said("token-2", &text(7)));
        assert_eq!(finding(&now, &[&before]), None);
    }

    #[test]
    fn another_result_does() {
        let (before, now) = (said("a", "3 orders\n"), said("b", "0 orders\n"));
        let found = finding(&now, &[&before]).expect("a finding");
        assert_eq!((found.path.as_str(), found.kind), ("stdout", Kind::Value));
        assert_eq!(found.new.display().as_deref(), Some("0 orders"));
    }
}
