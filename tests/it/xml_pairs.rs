//! Pairs of XML bodies with the differences that are found between them, no more and no less.
//!
//! A file of `tests/vectors/xml/` says on its first lines what it shows. Then stand parts, each under a
//! line `--- NAME`: `old` and `new`, with a character set in brackets where it is not UTF-8, `rules`,
//! and `gives` with a line for each difference: path, new path behind an arrow where it is another,
//! kind, severity. `--- old media TYPE` and `--- new media TYPE` stand for `application/xml`,
//! `--- status N` for 200.

use std::path::Path;

use bytes::Bytes;
use cutover::Pair;
use cutover::compare::{Rules, RulesDoc, Standing, compare};
use cutover::message::{Headers, Response};
use cutover::platform::Platform;
use cutover::results::Difference;
use cutover::source::{Cx, Decode, Source, parse};

struct Case {
    answers: Pair<Response>,
    rules: Rules,
    gives: Vec<String>,
}

fn read(text: &str) -> Case {
    let mut answers = Pair::of(|_| {
        Response::plain(
            200,
            Headers(vec![("Content-Type".into(), b"application/xml".to_vec())]),
            Bytes::new(),
        )
    });
    let mut rules = Rules::default();
    let mut gives = Vec::new();
    for part in text.split("\n--- ").skip(1) {
        let (head, content) = part.split_once('\n').unwrap_or((part, ""));
        let words: Vec<&str> = head.split(' ').collect();
        match words.as_slice() {
            ["status", status] => {
                let status = status.parse().expect("a status");
                answers = answers.map(|answer| Response { status, ..answer });
            }
            ["old", "media", media] => answers.old.headers.set("content-type", *media),
            ["new", "media", media] => answers.new.headers.set("content-type", *media),
            ["old", rest @ ..] => answers.old.body = encode(content, rest),
            ["new", rest @ ..] => answers.new.body = encode(content, rest),
            ["rules"] => rules = read_rules(content),
            ["gives"] => gives = content.lines().map(str::to_owned).collect(),
            other => panic!("unknown part {other:?}"),
        }
    }
    Case {
        answers,
        rules,
        gives,
    }
}

fn encode(text: &str, charset: &[&str]) -> Bytes {
    let wide = |text: &str, order: fn(u16) -> [u8; 2]| {
        let units = text.encode_utf16();
        units.flat_map(order).collect::<Vec<u8>>()
    };
    match charset {
        [] => text.to_owned().into(),
        ["(utf-8-mark)"] => format!("\u{feff}{text}").into(),
        ["(utf-16le)"] => wide(&format!("\u{feff}{text}"), u16::to_le_bytes).into(),
        ["(utf-16be)"] => wide(text, u16::to_be_bytes).into(),
        ["(iso-8859-1)"] => text
            .chars()
            .map(|c| u8::try_from(u32::from(c)).expect("Latin"))
            .collect(),
        other => panic!("unknown character set {other:?}"),
    }
}

fn read_rules(text: &str) -> Rules {
    let source = Source::new("rules.yaml", text);
    let node = parse(&source).expect("YAML");
    let mut cx = Cx::new(&source);
    let doc = RulesDoc::decode(&node, &mut cx);
    let doc = doc.unwrap_or_else(|| panic!("{}", cx.diagnostics.render(false)));
    Rules::new(&doc, &source)
}

fn short(found: &Difference) -> String {
    let arrow = found.new_path.as_ref().map(|path| format!(" -> {path}"));
    let place = found.r#where.to_string();
    let place = if place == "body" {
        String::new()
    } else {
        format!("{place} ")
    };
    let arrow = arrow.unwrap_or_default();
    format!(
        "{place}{}{arrow} {} {}",
        found.path, found.kind, found.severity
    )
}

#[test]
fn every_pair_gives_what_its_file_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/xml");
    let mut files: Vec<_> = folder
        .read_dir()
        .expect("the folder")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    assert!(files.len() >= 40, "{} pairs are left", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a text");
        let case = read(&text);
        let mut standing = Standing::default();
        standing.base(Pair::new("https://old.example", "https://new.example"));
        let platforms = Pair::new("wso2-api-cloud", "choreo")
            .map(|name| Platform::shipped(name).expect("a platform"));
        let found = compare(case.answers.as_ref(), &case.rules, &standing, platforms);
        let lines: Vec<String> = found.differences.iter().map(short).collect();
        if lines != case.gives {
            let name = file.file_name().unwrap_or_default().display().to_string();
            wrong.push(format!(
                "{name}\n  expected {:#?}\n  found {lines:#?}",
                case.gives
            ));
        }
        let unused: Vec<_> = case
            .rules
            .ids()
            .filter(|id| found.used.of(id) == 0)
            .collect();
        assert!(unused.is_empty(), "{}: {unused:?}", file.display());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
