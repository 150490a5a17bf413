//! Whether a program wrote on standard error what it does not write with opaque tokens.
//!
//! Standard error is for people, and programs say there what they like: how far they are, who they are, how
//! long it took. So a line is told only where it is new, where the program asked and was answered just as
//! with opaque tokens, and where its standard error is the same in two runs with opaque tokens.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;

use super::output::{shown, told};
use super::tokens::finding;
use crate::client::observation::Observation;
use crate::results::{Difference, Kind, Observed, Severity};

/// Numbers, and words of hexadecimal digits: counters, process ids, names of threads, digests.
static COUNTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b[0-9a-f]*[0-9][0-9a-f]*\b|\d+").ok());

/// Words by which a line warns.
static WARNS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = "error|warn|exception|traceback|fatal|panic|fail|invalid|refus|denied|reject|truncat|deprecat|\
                 too long|unexpected|cannot|can't|unable|not supported|malformed";
    Regex::new(&format!("(?i){words}")).ok()
});

/// The first line that no run with opaque tokens has, one that warns where there is one. `opaque` are such runs, the baseline first. With one,
/// what it gives is a guess: the program may never write the same twice.
pub(crate) fn stderr(run: &Observation, opaque: &[&Observation]) -> Option<Difference> {
    let baseline = opaque.first()?;
    if traffic(run) != traffic(baseline) {
        return None;
    }
    let known = lines(baseline);
    // What varies by itself says nothing.
    if opaque.iter().any(|other| lines(other) != known) {
        return None;
    }
    let known: BTreeSet<&String> = known.iter().collect();
    let mut new = written(run);
    new.retain(|line| {
        let counted = counted(line);
        !counted.is_empty() && !known.contains(&counted)
    });
    let warns = |line: &String| WARNS.as_ref().is_some_and(|warns| warns.is_match(line));
    let first = new.iter().find(|line| warns(line)).or(new.first())?;
    let (new, warns) = (first, warns(first));
    let (severity, explain, advice) = if warns {
        (
            Severity::Risky,
            "warned on standard error of what it does not warn of with opaque tokens, though it ended well",
            "look at the line: what is a warning today may be an error with the next version",
        )
    } else {
        (
            Severity::Cosmetic,
            "wrote on standard error what it does not write with opaque tokens; nothing else differs",
            "nothing to do, unless something reads its standard error",
        )
    };
    let found = finding("stderr", Kind::Value, severity, explain);
    Some(found.showing(Observed::Absent, shown(new)).advice(advice))
}

/// The lines, tokens and times aside.
fn written(run: &Observation) -> Vec<String> {
    told(run, &run.written.stderr)
}

/// The lines without their numbers, in no order: threads write as they come.
fn lines(run: &Observation) -> BTreeSet<String> {
    let lines = written(run).into_iter().map(|line| counted(&line));
    lines.filter(|line| !line.is_empty()).collect()
}

fn counted(line: &str) -> String {
    let line = line.trim();
    match COUNTED.as_ref() {
        Some(counted) => counted.replace_all(line, "#").into_owned(),
        None => line.to_owned(),
    }
}

/// How the requests of each run of the program were answered; each way of it once.
fn traffic(run: &Observation) -> BTreeSet<(Vec<u16>, Vec<Option<u16>>)> {
    let ends = run.runs.iter().skip(1).copied().chain([Duration::MAX]);
    let each = run.runs.iter().copied().zip(ends);
    each.map(|(from, to)| {
        let within = |at: Duration| at >= from && at < to;
        let asked = run.asked.iter().filter(|asked| within(asked.at));
        let calls = run.calls.iter().filter(|call| within(call.at));
        (
            asked.map(|asked| asked.status).collect(),
            calls.map(|call| call.status).collect(),
        )
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::judge::examples::Story;
    use crate::client::observation::Ending;

    const OPAQUE: &str = "2f9c1a7e-53d4-4b1a-9c55-0a1b2c3d4e5f";
    const LONG: &str =
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJBY21lIiwiYWJjIjoxMjN9.c2lnbmF0dXJlLW9mLXRva2Vu";

    fn said(token: &str, text: &str) -> Observation {
        let mut story = Story::default();
        story
            .fetch(0, token)
            .call(1, token, 200)
            .ends(Ending::Exit(0), "", text);
        story.run()
    }

    fn severity(now: &str, before: &[&str]) -> Option<Severity> {
        let opaque: Vec<Observation> = before.iter().map(|text| said(OPAQUE, text)).collect();
        let opaque: Vec<&Observation> = opaque.iter().collect();
        stderr(&said(LONG, now), &opaque).map(|found| found.severity)
    }

    #[test]
    fn what_changes_from_run_to_run_is_no_finding() {
        let before = "[4711] 12:00:01.25 worker-3 got 2f9c1a7e... of 36 characters\n\
                      digest 9f86d081 in /tmp/x/y after 14 ms at 0x7f00\n3 of 7 done\n";
        let now = "3 of 9 done\n[815] 12:00:09.11 worker-1 got eyJhbGci... of 78 characters\n\
                   digest 60303ae2 in /tmp/a/b after 9 ms at 0x7f10\n4 of 9 done\n";
        assert_eq!(severity(now, &[before]), None);
        assert_eq!(severity("", &["working\n"]), None);
    }

    #[test]
    fn a_new_line_is_cosmetic_and_a_warning_is_risky() {
        assert_eq!(severity("hello\n", &["", ""]), Some(Severity::Cosmetic));
        assert_eq!(
            severity("WARN token has 78 characters\n", &["", ""]),
            Some(Severity::Risky)
        );
        // What stands above the line that warns is none of its own.
        let trace = "--------\nTraceback (most recent call last)\nBrokenPipeError\n";
        assert_eq!(severity(trace, &["", ""]), Some(Severity::Risky));
    }

    #[test]
    fn what_varies_by_itself_says_nothing() {
        let twice = ["i am brave-lion\n", "i am calm-owl\n"];
        assert_eq!(
            severity("i am shy-fox\n", &twice[..1]),
            Some(Severity::Cosmetic)
        );
        assert_eq!(severity("i am shy-fox\n", &twice), None);
    }

    #[test]
    fn another_course_has_another_log() {
        let mut story = Story::default();
        story
            .fetch(0, LONG)
            .call(1, LONG, 401)
            .fetch(2, OPAQUE)
            .call(3, OPAQUE, 200);
        story.ends(
            Ending::Exit(0),
            "",
            "warning: 401, asking for another token\n",
        );
        assert_eq!(stderr(&story.run(), &[&said(OPAQUE, "")]), None);
    }
}
