//! Text by line.

use std::collections::HashMap;

use super::{Comparison, Relation, Standing, lcs, words};
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// Compares two texts line by line; other line ends are one `format` difference.
pub(super) fn compare(bodies: Pair<&[u8]>, standing: &Standing, found: &mut Comparison) {
    let texts = bodies.map(String::from_utf8_lossy);
    let lines = texts.as_ref().map(|text| split(text));
    let marks = Pair::of(|side| {
        let canonical = |text: &&str| {
            if standing.is_empty() {
                (*text).to_owned()
            } else {
                standing.canonical(side, text)
            }
        };
        lines[side].iter().map(canonical).collect::<Vec<String>>()
    });
    let numbers = intern(&marks);
    let (pairs, gave_up) = align(&numbers);
    line_ends(texts.as_ref().map(AsRef::as_ref), &pairs, found);
    let start = found.differences.len();
    let mut last = Pair::new(0, 0);
    for (old, new) in pairs
        .into_iter()
        .chain([(lines.old.len(), lines.new.len())])
    {
        gap(&lines, last.old..old, last.new..new, standing, found);
        last = Pair::new(old + 1, new + 1);
    }
    for difference in found.differences.iter_mut().skip(start).filter(|_| gave_up) {
        words::say_gave_up(difference);
    }
    last_line_end(texts.as_ref().map(AsRef::as_ref), lines.as_ref(), found);
    leaks(&lines.new, standing, found);
}

/// CRLF against LF, once for the text, at the first line that stays and ends otherwise. A last line
/// without an end says nothing of it; where no line stays, the first ends tell.
fn line_ends(texts: Pair<&str>, pairs: &[(usize, usize)], found: &mut Comparison) {
    let ends = texts.map(|text| {
        let lines = text
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'));
        lines
            .map(|line| line.ends_with("\r\n"))
            .collect::<Vec<bool>>()
    });
    let at = |old: usize, new: usize| Some(Pair::new(*ends.old.get(old)?, *ends.new.get(new)?));
    let stays = pairs.iter().chain(pairs.is_empty().then_some(&(0, 0)));
    let mut others = stays.filter_map(|(old, new)| Some((*old, *new, at(*old, *new)?)));
    let Some((old, new, crlf)) = others.find(|(_, _, crlf)| crlf.old != crlf.new) else {
        return;
    };
    let explain = "the line ends changed between CRLF and LF: clients that split by the old ones keep a stray character";
    let shown = crlf.map(|crlf| Observed::text(if crlf { "CRLF" } else { "LF" }));
    let difference = line(old, Kind::Format, Severity::Risky, explain.to_owned());
    found.differences.push(
        difference
            .new_path(format!("line {}", new + 1))
            .showing(shown.old, shown.new),
    );
}

/// A line break at the end of one text alone.
fn last_line_end(texts: Pair<&str>, lines: Pair<&Vec<&str>>, found: &mut Comparison) {
    let ended = texts.map(|text| text.ends_with('\n'));
    if ended.old == ended.new || lines.old.is_empty() || lines.new.is_empty() {
        return;
    }
    let explain = if ended.old {
        "the line break at the end is gone: clients that count line breaks, or join texts, act otherwise"
    } else {
        "a line break at the end is new: clients that count line breaks, or compare text, act otherwise"
    };
    let shown = ended.map(|ended| Observed::text(if ended { "a line break" } else { "none" }));
    let last = lines.map(|lines| lines.len() - 1);
    let difference = line(
        last.old,
        Kind::Format,
        Severity::Cosmetic,
        explain.to_owned(),
    );
    found.differences.push(
        difference
            .new_path(format!("line {}", last.new + 1))
            .showing(shown.old, shown.new),
    );
}

fn split(text: &str) -> Vec<&str> {
    text.lines().collect()
}

/// One number for each distinct line.
fn intern(lines: &Pair<Vec<String>>) -> Pair<Vec<u64>> {
    let mut known: HashMap<&str, u64> = HashMap::new();
    let mut number = |text| {
        let next = known.len() as u64;
        *known.entry(text).or_insert(next)
    };
    Pair::new(
        lines.old.iter().map(|text| number(text.as_str())).collect(),
        lines.new.iter().map(|text| number(text.as_str())).collect(),
    )
}

/// Lines that stay: equal starts and ends, and the common lines between them. Texts that have too
/// little in common are taken line by line.
fn align(lines: &Pair<Vec<u64>>) -> (Vec<(usize, usize)>, bool) {
    let same = lines.old.iter().zip(&lines.new).take_while(|(a, b)| a == b);
    let start = same.count();
    let left = lines.old.len().min(lines.new.len()) - start;
    let ends = lines
        .old
        .iter()
        .rev()
        .zip(lines.new.iter().rev())
        .take(left);
    let end = ends.take_while(|(a, b)| a == b).count();
    let until = Pair::new(lines.old.len() - end, lines.new.len() - end);
    let middle = Pair::new(
        lines.old.get(start..until.old),
        lines.new.get(start..until.new),
    );
    let common = lcs::common(
        middle.old.unwrap_or_default(),
        middle.new.unwrap_or_default(),
    );
    let gave_up = common.is_none();
    let mut pairs: Vec<(usize, usize)> = (0..start).map(|at| (at, at)).collect();
    pairs.extend(
        common
            .unwrap_or_default()
            .into_iter()
            .map(|(o, n)| (o + start, n + start)),
    );
    pairs.extend((0..end).map(|at| (until.old + at, until.new + at)));
    (pairs, gave_up)
}

/// The lines between two that stay: changed ones side by side, the rest gone or new.
fn gap(
    lines: &Pair<Vec<&str>>,
    old: std::ops::Range<usize>,
    new: std::ops::Range<usize>,
    standing: &Standing,
    found: &mut Comparison,
) {
    let mut old = old.filter_map(|at| lines.old.get(at).map(|text| (at, *text)));
    let mut new = new.filter_map(|at| lines.new.get(at).map(|text| (at, *text)));
    loop {
        let difference = match (old.next(), new.next()) {
            (None, None) => return,
            (Some((at, old)), Some((to, new))) => {
                let texts = Pair::new(old, new);
                let (kind, explain) = match standing.relation(texts, "") {
                    Relation::Same => continue,
                    Relation::Broken => (Kind::BrokenReference, words::BROKEN.to_owned()),
                    Relation::Different => (Kind::Value, words::value(texts, false)),
                };
                line(at, kind, Severity::Breaking, explain)
                    .new_path(format!("line {}", to + 1))
                    .showing(Observed::text(old), Observed::text(new))
            }
            (Some((at, old)), None) => {
                let explain = "a line is gone: clients that read it find nothing";
                line(at, Kind::Removed, Severity::Breaking, explain.to_owned())
                    .showing(Observed::text(old), Observed::Absent)
            }
            (None, Some((at, new))) => {
                let explain =
                    "a new line: clients that count lines, or trust the last, act otherwise";
                line(at, Kind::Added, Severity::Risky, explain.to_owned())
                    .showing(Observed::Absent, Observed::text(new))
            }
        };
        found.differences.push(difference);
    }
}

fn leaks(lines: &[&str], standing: &Standing, found: &mut Comparison) {
    for (at, text) in lines.iter().enumerate() {
        if let Some(host) = standing.leaked(text.as_bytes()) {
            let leak = line(
                at,
                Kind::HostLeak,
                Severity::Breaking,
                words::host_leak(host),
            );
            found
                .differences
                .push(leak.showing(Observed::Absent, Observed::text(text)));
        }
    }
}

fn line(at: usize, kind: Kind, severity: Severity, explain: String) -> Difference {
    Difference::new(
        Where::Body,
        format!("line {}", at + 1),
        kind,
        severity,
        explain,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(old: &str, new: &str) -> Vec<String> {
        let mut found = Comparison::default();
        compare(
            Pair::new(old.as_bytes(), new.as_bytes()),
            &Standing::default(),
            &mut found,
        );
        let short = |d: &Difference| format!("{} {} {}", d.path, d.kind, d.severity);
        found.differences.iter().map(short).collect()
    }

    #[test]
    fn lines_are_aligned() {
        assert_eq!(diff("a\nb\nc\n", "a\nb\nc\n"), [""; 0]);
        assert_eq!(diff("a\nb\nc", "a\nB\nc"), ["line 2 value breaking"]);
        assert_eq!(diff("a\nb\nc", "x\na\nb\nc"), ["line 1 added risky"]);
        assert_eq!(diff("a\nb\nc", "a\nc"), ["line 2 removed breaking"]);
    }

    #[test]
    fn a_last_line_break_on_one_side_is_told() {
        assert_eq!(diff("a\n", "a"), ["line 1 format cosmetic"]);
        assert_eq!(diff("a", "a\r\n"), ["line 1 format cosmetic"]);
        assert_eq!(
            diff("a\nb\n", "a\nc"),
            ["line 2 value breaking", "line 2 format cosmetic"]
        );
    }

    #[test]
    fn other_line_ends_are_one_difference() {
        assert_eq!(diff("a\r\nb\r\n", "a\nb\n"), ["line 1 format risky"]);
        assert_eq!(diff("a\nb\r\n", "a\nb\n"), ["line 2 format risky"]);
        assert_eq!(diff("a\r\nb\nc", "a\nb\r\nc"), ["line 1 format risky"]);
        assert_eq!(
            diff("a\r\nb", "x\ny"),
            [
                "line 1 format risky",
                "line 1 value breaking",
                "line 2 value breaking"
            ]
        );
    }

    #[test]
    fn texts_without_a_common_line_say_that_they_were_not_aligned() {
        let text = |sign: char| {
            (0..3_000)
                .map(|at| format!("{sign}{at}\n"))
                .collect::<String>()
        };
        let mut found = Comparison::default();
        let (old, new) = (text('a'), text('b'));
        let bodies = Pair::new(old.as_bytes(), new.as_bytes());
        compare(bodies, &Standing::default(), &mut found);
        let said = |d: &Difference| {
            d.explain
                .ends_with("(more than 4096 edits apart: matched by value and likeness)")
        };
        assert_eq!(found.differences.len(), 3_000);
        assert!(found.differences.iter().all(said));
    }
}
