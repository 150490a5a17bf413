//! The examples of `docs/differences.md` give what the page says, and the page names every kind.

use bytes::Bytes;

use super::*;
use crate::message::{Headers, Packing};
use crate::results::{Kind, Where};
use crate::source::{Cx, Decode, Source, parse};

const PAGE: &str = include_str!("../../docs/differences.md");

struct Example<'a> {
    head: &'a str,
    sides: Pair<&'a str>,
    /// What stands under `compare:` of the suite.
    rules: Option<&'a str>,
    /// A value that each side made before: the old one and the new one.
    born: Option<&'a str>,
    /// How the new side's body is packed.
    packing: Option<&'a str>,
    gives: Vec<&'a str>,
}

fn examples() -> Vec<Example<'static>> {
    let blocks = PAGE.split("```example\n").skip(1);
    let read = |block: &'static str| {
        let lines: Vec<&str> = block
            .split("```")
            .next()
            .unwrap_or_default()
            .lines()
            .collect();
        let maybe = |key: &str| {
            let value = lines.iter().find_map(|line| line.strip_prefix(key));
            value.map(str::trim)
        };
        let side = |key: &str| maybe(key).expect("both sides");
        let gives = lines.iter().filter_map(|line| line.strip_prefix("gives: "));
        Example {
            head: lines[0],
            sides: Pair::new(side("old:"), side("new:")),
            rules: maybe("rules:"),
            born: maybe("born:"),
            packing: maybe("new packing:"),
            gives: gives.filter(|line| *line != "nothing").collect(),
        }
    };
    blocks.map(read).collect()
}

fn answer(head: &str, text: &str) -> Response {
    let mut answer = Response::plain(200, Headers::default(), Bytes::new());
    match head.split_once(' ').unwrap_or((head, "(application/json)")) {
        ("status", _) => answer.status = text.parse().expect("a status"),
        ("header", _) => {
            if let Some((name, value)) = text.split_once(": ") {
                answer.headers.set(name, value);
            }
        }
        ("body", media) => {
            answer
                .headers
                .set("content-type", media.trim_matches(['(', ')']));
            answer.body = Bytes::from(text.replace("\\n", "\n").replace("\\x00", "\0"));
        }
        (other, _) => panic!("unknown example {other}"),
    }
    answer
}

#[test]
fn every_example_gives_what_the_page_says() {
    let mut standing = Standing::default();
    standing.base(Pair::new("https://old.example", "https://new.example"));
    let examples = examples();
    assert!(examples.len() > 25, "the page lost its examples");
    for example in examples {
        let answers = example.sides.map(|text| answer(example.head, text));
        let mut answers = answers;
        let mut standing = standing.clone();
        if let Some((old, new)) = example.born.and_then(|ids| ids.split_once(' ')) {
            standing.born(Pair::new(old, new), "$.id");
        }
        if let Some(coding) = example.packing {
            answers.new.packing = packing(coding);
        }
        let platforms = Pair::both(Platform::generic());
        let rules = example.rules.map(rules).unwrap_or_default();
        let found = compare(answers.as_ref(), &rules, &standing, platforms);
        let short = |d: &Difference| {
            format!("{} {} {}", d.path, d.kind, d.severity)
                .trim()
                .to_owned()
        };
        let lines: Vec<String> = found.differences.iter().map(short).collect();
        assert_eq!(lines, example.gives, "{} {:?}", example.head, example.sides);
        assert!(found.differences.iter().all(|d| d.explain.len() > 20));
    }
}

fn packing(text: &str) -> Packing {
    match text.split_once(", but ") {
        Some((coding, why)) => Packing::Broken(coding.to_owned(), why.to_owned()),
        None => Packing::Unpacked(text.to_owned()),
    }
}

fn rules(text: &str) -> Rules {
    let source = Source::new("page.yaml", text);
    let node = parse(&source).expect("YAML");
    let mut cx = Cx::new(&source);
    let rules = RulesDoc::decode(&node, &mut cx).expect("rules");
    Rules::new(&rules, &source)
}

/// The sections of the page: part, kind, text.
fn sections() -> Vec<(&'static str, &'static str, &'static str)> {
    let parts = PAGE.split("\n## ").skip(1);
    let kinds = |part: &'static str| {
        let name = part.lines().next().unwrap_or_default();
        let kinds = part.split("\n### ").skip(1);
        kinds.map(move |text| (name, text.lines().next().unwrap_or_default(), text))
    };
    parts.flat_map(kinds).collect()
}

#[test]
fn every_kind_has_an_example_and_an_advice() {
    let mut lacking = Vec::new();
    for (part, kind, text) in sections() {
        let mut given = text.lines().filter_map(|line| line.strip_prefix("gives: "));
        let example = if ["status", "header", "body"].contains(&part) {
            given.any(|line| line.split(' ').any(|word| word == kind))
        } else {
            // Tests hold what they find against the page.
            text.contains("```found\n")
        };
        if !example {
            lacking.push(format!("{part} {kind}: no example"));
        }
        if !text.replace('\n', " ").contains("What to do: ") {
            lacking.push(format!("{part} {kind}: no advice"));
        }
    }
    assert_eq!(lacking, [""; 0]);
}

/// Every kind that there is of a part stands under it on the page.
#[test]
fn every_part_has_its_kinds() {
    let under = |part: Where| {
        let all = sections().into_iter();
        let own = all.filter(move |(name, ..)| *name == part.word());
        own.map(|(_, kind, _)| kind).collect::<Vec<_>>()
    };
    assert_eq!(under(Where::Status), ["value"]);
    let header = [
        "removed",
        "added",
        "value",
        "format",
        "broken-reference",
        "host-leak",
    ];
    assert_eq!(under(Where::Header), header);
    let body = [
        "removed",
        "added",
        "type",
        "value",
        "order",
        "missing-element",
        "extra-element",
        "format",
        "charset",
        "encoding",
        "length",
        "broken-reference",
        "host-leak",
        "duplicate-key",
        "dialect",
        "unparsable",
    ];
    assert_eq!(under(Where::Body), body);
    let token = [
        "removed",
        "added",
        "type",
        "value",
        "format",
        "length",
        "duplicate-key",
        "unparsable",
        "not-refused",
        "refused",
        "evicted",
        "still-valid",
    ];
    assert_eq!(under(Where::Token), token);
    assert_eq!(
        under(Where::Transport),
        ["reset", "short-body", "bad-framing"]
    );
    assert_eq!(under(Where::Tls), ["value", "removed", "added"]);
    let client = [
        "truncated",
        "altered",
        "not-sent",
        "rejected",
        "stale",
        "not-refreshed",
        "over-fetched",
        "leaked",
        "crashed",
        "hung",
        "value",
    ];
    assert_eq!(under(Where::Client), client);
    assert_eq!(under(Where::Expect), ["expectation"]);
}

#[test]
fn the_page_names_every_kind() {
    for kind in Kind::ALL {
        assert!(
            PAGE.contains(&format!("\n### {kind}\n")),
            "{kind} is not on the page"
        );
    }
}
