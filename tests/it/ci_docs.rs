//! The recipes for CI servers, run as those servers run them.

use std::path::Path;
use std::process::{Command, Output};

use cutover::source::{Node, Source, Value, parse};

use crate::docs::{blocks, undated};
use crate::readme::Mock;
use crate::sandbox::{Ran, Sandbox};

const PAGE: &str = include_str!("../../docs/ci.md");

const SUITE: &str = "name: First
feature: rest-apis
api: orders
token: app
cases:
  - { name: list, request: GET /orders?limit=2 }
  - { name: one, request: GET /orders/ord-1001 }
  - { name: two, request: GET /orders/ord-1002 }
accept:
  - { where: header, path: access-control-allow-headers, because: no browser calls it }
  - { where: header, path: access-control-allow-methods, because: no browser calls it }
  - { where: header, path: access-control-allow-origin, because: no browser calls it }
";

/// A repository with a pair of doubles.
fn repository() -> (Sandbox, Mock) {
    let sandbox = Sandbox::new();
    let mock = Mock::serve(sandbox.folder());
    sandbox.file("suites/first.yaml", SUITE);
    (sandbox, mock)
}

/// Runs a script as a server does: bash, ending with the first command that fails, `cutover` on the path.
fn script(sandbox: &Sandbox, text: &str, env: &[(&str, &str)]) -> Output {
    let bin = Path::new(env!("CARGO_BIN_EXE_cutover")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    Command::new("bash")
        .args(["-e", "-o", "pipefail", "-c", text])
        .current_dir(sandbox.folder())
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("CI", "true")
        .envs(env.iter().copied())
        .output()
        .unwrap()
}

fn yaml(words: &str) -> Node {
    let text = blocks(PAGE, words)[0].to_owned();
    parse(&Source::new("recipe.yaml", text)).unwrap()
}

fn at<'n>(node: &'n Node, path: &[&str]) -> &'n Node {
    path.iter().fold(node, |node, key| node.get(key).unwrap())
}

fn list(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(items) => items,
        other => panic!("{other:?} is no list"),
    }
}

fn text(node: &Node) -> &str {
    match &node.value {
        Value::Text(text) => text,
        other => panic!("{other:?} is no text"),
    }
}

#[test]
fn the_recipe_for_github_gives_annotations_a_summary_and_artifacts() {
    let (sandbox, _mock) = repository();
    let recipe = yaml("yaml github");
    let steps = list(at(&recipe, &["jobs", "parity", "steps"]));
    let run = |name: &str| {
        let step = steps
            .iter()
            .find(|step| step.get("name").is_some_and(|n| text(n) == name));
        let command = text(at(step.unwrap(), &["run"]));
        let summary = [("GITHUB_STEP_SUMMARY", "summary.md")];
        Ran::of(&script(&sandbox, command, &summary))
    };
    let ran = run("parity");
    assert_eq!(ran.code, 0, "{ran:?}");
    let notice = "::notice title=cutover::parity in 3 of 3 cases; 3 by accepted differences\n";
    assert!(ran.out.starts_with(notice), "{}", ran.out);
    let summary = sandbox.read("summary.md");
    assert!(
        summary.contains("# cutover: parity in 3 of 3 cases"),
        "{summary}"
    );
    // The other rows are not tested.
    let ran = run("readiness");
    assert_eq!(ran.code, 3, "{ran:?}");
    let summary = sandbox.read("summary.md");
    let readiness = "# cutover readiness: not ready: 22 rows not tested";
    assert!(summary.contains(readiness), "{summary}");
    for name in [
        "run.jsonl",
        "parity.xml",
        "parity.html",
        "readiness.html",
        "readiness.md",
    ] {
        assert!(!sandbox.read(&format!("report/{name}")).is_empty());
    }

    sandbox.file("suites/first.yaml", SUITE.split("accept:").next().unwrap());
    let ran = run("parity");
    assert_eq!(ran.code, 1, "{ran:?}");
    let first = "::error file=suites/first.yaml,line=6,title=different%3A list::";
    assert!(ran.out.starts_with(first), "{}", ran.out);
    let summary = sandbox.read("summary.md");
    assert!(
        summary.contains("# cutover: no parity: 3 of 3 cases different"),
        "{summary}"
    );
}

#[test]
fn the_recipe_for_gitlab_puts_shards_together() {
    let (sandbox, _mock) = repository();
    let recipe = yaml("yaml gitlab");
    let line = |job: &str| text(&list(at(&recipe, &[job, "script"]))[0]);
    for index in ["1", "2", "3", "4"] {
        let env = [("CI_NODE_INDEX", index), ("CI_NODE_TOTAL", "4")];
        let ran = Ran::of(&script(&sandbox, line("parity"), &env));
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let ran = Ran::of(&script(&sandbox, line("verdict"), &[]));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.verdict().starts_with("parity in 3 of 3 cases"),
        "{ran:?}"
    );
    assert!(sandbox.read("report/parity.xml").contains("tests=\"3\""));
    assert!(
        sandbox
            .read("report/parity.html")
            .contains("<h1>parity in 3 of 3 cases")
    );
    std::fs::remove_file(sandbox.path("shards/2.jsonl")).unwrap();
    let ran = Ran::of(&script(&sandbox, line("verdict"), &[]));
    assert_eq!(ran.code, 3, "{ran:?}");
}

#[test]
fn the_recipe_for_jenkins_makes_what_it_collects() {
    let (sandbox, _mock) = repository();
    let recipe = blocks(PAGE, "groovy jenkins")[0];
    let shell = regex::Regex::new(r"sh '([^']+)'").unwrap();
    let commands: Vec<&str> = shell
        .captures_iter(recipe)
        .map(|found| found.get(1).unwrap().as_str())
        .collect();
    let [install, command] = commands[..] else {
        panic!("{commands:?}");
    };
    assert!(install.starts_with("cargo install"));
    let ran = Ran::of(&script(&sandbox, command, &[]));
    assert_eq!(ran.code, 0, "{ran:?}");
    let collected = regex::Regex::new(r"junit '([^']+)'").unwrap();
    let junit = collected.captures(recipe).unwrap();
    assert!(sandbox.read(&junit[1]).contains("<testsuite"));
    let open = recipe.matches('{').count();
    assert_eq!(open, recipe.matches('}').count());
}

#[test]
fn the_commands_between_the_recipes_do_what_the_page_says() {
    let (sandbox, _mock) = repository();
    for name in ["last", "report"] {
        let text = format!("cutover run --journal {name}/run.jsonl");
        assert_eq!(Ran::of(&script(&sandbox, &text, &[])).code, 0);
    }
    let shown: Vec<&str> = PAGE
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with("cutover "))
        .collect();
    let [comment, since, readiness] = shown[..] else {
        panic!("{shown:?}");
    };
    let ran = Ran::of(&script(&sandbox, comment, &[]));
    assert_eq!(ran.code, 0, "{ran:?}");
    let text = sandbox.read("report/comment.md");
    assert!(
        text.starts_with("# cutover: parity in 3 of 3 cases"),
        "{text}"
    );
    assert!(text.len() <= 60_000);
    let ran = Ran::of(&script(&sandbox, since, &[]));
    assert_eq!(ran.code, 0, "{ran:?}");
    // Two runs of one pair; the other rows are not tested.
    let ran = Ran::of(&script(&sandbox, readiness, &[]));
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.out.contains("rest-apis"), "{ran:?}");
    let rerun = "cutover run --rerun last/run.jsonl";
    assert!(PAGE.contains(&format!("`{rerun}`")));
    let ran = Ran::of(&script(&sandbox, rerun, &[]));
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.err.contains("all 3 cases are settled"), "{ran:?}");
}

#[test]
fn the_rows_of_the_example_are_in_force() {
    let (sandbox, _mock) = repository();
    let example = undated(blocks(PAGE, "yaml readiness")[0]);
    let known = cutover::readiness::ROWS.iter().filter(|row| !row.beyond);
    let others = known.filter(|row| !example.contains(&format!("  {}:", row.key)));
    let others: String = others.map(|row| format!("  {}:\n", row.key)).collect();
    sandbox.file("readiness.yaml", &format!("{example}{others}"));
    assert_eq!(sandbox.run(&["run", "--journal", "j.jsonl"]).code, 0);
    let ran = sandbox.run(&["readiness", "j.jsonl"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let words: Vec<&str> = ran.out.split_whitespace().collect();
    let told = words.join(" ");
    for part in [
        "rest-apis proved 3 cases",
        "portal-theming attested by Jane Doe on 2026-11-20: ticket 4711; until 2927-05-31",
        "client-mutual-ssl not applicable no client has a certificate",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
}
