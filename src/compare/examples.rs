//! The examples of `docs/differences.md` give what the page says, and the page names every kind.

use bytes::Bytes;

use super::*;
use crate::message::Headers;
use crate::results::Kind;

const PAGE: &str = include_str!("../../docs/differences.md");

struct Example<'a> {
    head: &'a str,
    sides: Pair<&'a str>,
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
        let side = |key: &str| {
            lines
                .iter()
                .find_map(|line| line.strip_prefix(key))
                .expect("both sides")
                .trim()
        };
        let gives = lines.iter().filter_map(|line| line.strip_prefix("gives: "));
        Example {
            head: lines[0],
            sides: Pair::new(side("old:"), side("new:")),
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
        let platforms = Pair::both(Platform::generic());
        let found = compare(answers.as_ref(), &Rules::default(), &standing, platforms);
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

#[test]
fn the_page_names_every_kind() {
    for kind in Kind::ALL {
        assert!(
            PAGE.contains(&format!("\n### {kind}\n")),
            "{kind} is not on the page"
        );
    }
}
