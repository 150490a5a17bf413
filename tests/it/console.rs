//! What a person sees: colours, narrow terminals, quiet and verbose, where reports go.

use crate::sandbox::{Ran, Sandbox, pair};
use crate::serve::{Server, answer, json};

const LONG: &str = "a value of more than forty characters, of which the middle is left out";

/// One case with every kind of long value and path.
fn bench() -> (Sandbox, [Server; 2]) {
    let old = Server::answering(|seen| match seen.target.as_str() {
        "/gone" => json("{}"),
        "/limit" => answer(413, &[], ""),
        _ => json(&format!(
            r#"{{"note": "{LONG} old", "items": [{{"aQuiteLongNameOfAMemberOfAnItem": {{"andAnotherLongNameBelowIt": 1}}}}], "s": 1}}"#
        )),
    });
    let new = Server::answering(|seen| match seen.target.as_str() {
        "/gone" => answer(404, &[("Content-Type", "text/plain")], "no such thing"),
        "/limit" => answer(413, &[], ""),
        _ => json(&format!(
            r#"{{"note": "{LONG} new", "items": [{{"aQuiteLongNameOfAMemberOfAnItem": {{"andAnotherLongNameBelowIt": "1"}}}}], "s": 1}}"#
        )),
    });
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    sandbox.file(
        "suites/a.yaml",
        "name: A
cases:
  - name: a case with a name that is much longer than a narrow terminal is wide
    request: GET /x
  - { name: gone, request: GET /gone }
  - { name: limit, request: GET /limit }
",
    );
    (sandbox, [old, new])
}

fn with(sandbox: &Sandbox, variables: &[(&str, &str)], args: &[&str]) -> Ran {
    let mut command = sandbox.command(args);
    command.envs(variables.iter().copied());
    Ran::of(&command.output().unwrap())
}

#[test]
fn sixty_columns_are_enough_and_nothing_is_cut() {
    let (sandbox, _servers) = bench();
    let ran = with(
        &sandbox,
        &[("COLUMNS", "60")],
        &["run", "--no-progress", "-j", "1"],
    );
    assert_eq!(ran.code, 1, "{}", ran.err);
    for line in ran.out.lines() {
        assert!(line.chars().count() <= 60, "{line}");
    }
    let case = ran.out.split("DIFFERENT ").nth(1).unwrap();
    assert_eq!(
        case,
        "suites/a.yaml::a case with a name that is much
longer than a narrow terminal is wide
  body $.note
    breaking value
    old  \"a value of more … is left out old\" (74 characters)
    new  \"a value of more … is left out new\" (74 characters)
    the value changed: clients get another answer to the
    same question
  body $.items[0].aQuiteLongNameOfAMemberOfAnItem
  .andAnotherLongNameBelowIt
    breaking type
    old  1
    new  \"1\"
    a number became a string: typed clients fail to decode
    it

"
    );
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let (sandbox, _servers) = bench();
    let coloured = |variables: &[(&str, &str)], args: &[&str]| {
        let ran = with(&sandbox, variables, &[&["run"], args].concat());
        [ran.out.contains('\u{1b}'), ran.err.contains('\u{1b}')]
    };
    assert_eq!(coloured(&[], &[]), [false, false]);
    assert_eq!(coloured(&[("CI", "true")], &[]), [false, false]);
    assert_eq!(coloured(&[("NO_COLOR", "1")], &[]), [false, false]);
    assert_eq!(coloured(&[], &["--color", "never"]), [false, false]);
    assert!(coloured(&[], &["--color", "always"])[0]);
    assert!(coloured(&[("NO_COLOR", "1")], &["--color", "always"])[0]);
    // A file is no terminal.
    with(
        &sandbox,
        &[],
        &["run", "--color", "always", "--report", "terminal=r.txt"],
    );
    assert!(!sandbox.read("r.txt").contains('\u{1b}'));
}

#[test]
fn without_a_terminal_each_case_has_a_line() {
    let (sandbox, _servers) = bench();
    let lines = |args: &[&str]| {
        let ran = with(
            &sandbox,
            &[("CI", "true")],
            &[&["run", "-j", "1"], args].concat(),
        );
        let lines = ran
            .err
            .lines()
            .filter(|line| !line.starts_with("journal: "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        lines(&[]),
        [
            "[1/3] different     suites/a.yaml::a case with a name that is much longer than a narrow terminal is wide",
            "[2/3] different     suites/a.yaml::gone",
            "[3/3] inconclusive  suites/a.yaml::limit (both-failed)",
        ]
    );
    assert!(lines(&["-q"]).is_empty() && lines(&["--no-progress"]).is_empty());
}

#[test]
fn quiet_names_failures_and_verdict_only() {
    let (sandbox, _servers) = bench();
    let ran = sandbox.run(&["run", "-q", "-j", "1"]);
    let expected = "
FAILED
  different     suites/a.yaml::a case with a name that is much longer than a
                narrow terminal is wide
  different     suites/a.yaml::gone
  inconclusive  suites/a.yaml::limit (both-failed)

0 same, 0 accepted, 2 different, 1 inconclusive, 0 skipped
no parity: 2 of 3 cases different; 1 inconclusive
";
    assert_eq!((ran.out.as_str(), ran.err.as_str()), (expected, ""));
}

#[test]
fn verbose_gives_a_line_for_a_shell_without_secrets() {
    let server = |body: &'static str| Server::json(body);
    let (old, new) = (server("{\"a\": 1}"), server("{\"a\": \"1\"}"));
    let sandbox = Sandbox::new();
    let (old_url, new_url) = (old.url(), new.url());
    let mut command = sandbox.command(&[
        "run",
        "--old",
        &old_url,
        "--new",
        &new_url,
        "--old-bearer-env",
        "OLD",
        "--new-bearer-env",
        "NEW",
        "--get",
        "/a?x=1",
        "-v",
        "--no-progress",
    ]);
    command
        .env("OLD", "the-old-bearer-token")
        .env("NEW", "the-new-bearer-token");
    let ran = Ran::of(&command.output().unwrap());
    let curl: Vec<&str> = ran
        .out
        .lines()
        .filter(|line| line.contains("curl "))
        .collect();
    let expected = |side: &str, url: &str| {
        format!(
            "  {side}  curl -sS -i --path-as-is '{url}/a?x=1' -H 'User-Agent: cutover/{}' -H 'Accept: */*' \
             -H 'Accept-Encoding: gzip' -H 'Authorization: Bearer [secret app.value, 20 characters]'",
            env!("CARGO_PKG_VERSION")
        )
    };
    assert_eq!(curl, [expected("old", &old_url), expected("new", &new_url)]);
    assert_eq!(
        old.asked("/a")[0].header("authorization"),
        Some("Bearer the-old-bearer-token")
    );
}

#[test]
fn one_report_takes_standard_output_and_the_rest_takes_the_other() {
    let (sandbox, _servers) = bench();
    for reports in [["json", "junit"], ["terminal", "json"], ["github", "json"]] {
        let args = ["run", "--report", reports[0], "--report", reports[1]];
        let ran = sandbox.run(&args);
        let said = "error: only one report can go to standard output; give the others a path\n";
        assert_eq!(
            (ran.code, ran.out.as_str(), ran.err.as_str()),
            (2, "", said),
            "{reports:?}"
        );
    }
    let ran = sandbox.run(&["run", "--report", "json"]);
    assert!(
        serde_json::from_str::<serde_json::Value>(&ran.out).is_ok(),
        "{}",
        ran.out
    );
    assert!(
        ran.err.contains("no parity: 2 of 3 cases different"),
        "{}",
        ran.err
    );
    let mut command = sandbox.command(&["run", "--report", "github"]);
    command.env("GITHUB_STEP_SUMMARY", sandbox.path("summary.md"));
    let ran = Ran::of(&command.output().unwrap());
    assert!(
        ran.out.lines().all(|line| line.starts_with("::")),
        "{}",
        ran.out
    );
    assert!(
        ran.err.contains("no parity: 2 of 3 cases different"),
        "{}",
        ran.err
    );
    let summary = sandbox.read("summary.md");
    assert!(
        summary.contains("no parity: 2 of 3 cases different"),
        "{summary}"
    );
}

#[test]
fn folders_of_reports_are_made_and_what_cannot_be_written_is_named() {
    let (sandbox, _servers) = bench();
    let ran = sandbox.run(&[
        "run",
        "--report",
        "json=deep/er/r.json",
        "--journal",
        "also/deep/j.jsonl",
    ]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(sandbox.read("deep/er/r.json").starts_with('{'));
    let left: Vec<_> = std::fs::read_dir(sandbox.path("deep/er"))
        .unwrap()
        .collect();
    assert_eq!(left.len(), 1, "{left:?}");
    // A file stands where a folder should be.
    let args = [
        "report",
        "also/deep/j.jsonl",
        "--report",
        "json=cutover.yaml/r.json",
    ];
    let ran = sandbox.run(&args);
    assert!(
        ran.err
            .contains("cannot write the json report to cutover.yaml/r.json: "),
        "{}",
        ran.err
    );
    // What can be told is told, and a difference that was found stays the exit code.
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(
        ran.out.contains("no parity: 2 of 3 cases different"),
        "{}",
        ran.out
    );
    let ran = sandbox.run(&[
        "run",
        "--filter",
        "none of them",
        "--report",
        "json=cutover.yaml/r.json",
    ]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    let ran = sandbox.run(&["run", "--journal", "cutover.yaml/j.jsonl"]);
    assert!(
        ran.code == 2
            && ran
                .err
                .contains("cannot write the journal cutover.yaml/j.jsonl"),
        "{}",
        ran.err
    );
}

#[test]
fn a_run_whose_report_cannot_be_written_is_not_green_and_keeps_its_journal() {
    let sandbox = Sandbox::new();
    // What could be written before the run cannot be written behind it.
    let taken = sandbox.path("r.xml");
    let server = Server::answering(move |_| {
        let _ = std::fs::create_dir(&taken);
        json("{}")
    });
    sandbox.file("cutover.yaml", &pair(&server.url(), &server.url()));
    sandbox.file(
        "suites/a.yaml",
        "name: A\ncases:\n  - { name: x, request: GET /x }\n",
    );
    let ran = sandbox.run(&["run", "--journal", "j.jsonl", "--report", "junit=r.xml"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(
        ran.err.contains("cannot write the junit report to r.xml: "),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("journal: j.jsonl"), "{}", ran.err);
    let again = sandbox.run(&["report", "j.jsonl"]);
    assert_eq!((again.code, again.out), (0, ran.out));
}

#[test]
fn the_list_of_differences_is_never_cut() {
    let members = |value: &'static str| {
        Server::answering(move |_| {
            let members: Vec<String> = (0..300).map(|n| format!("\"m{n}\": {value}")).collect();
            json(&format!("{{{}}}", members.join(",")))
        })
    };
    let (old, new) = (members("1"), members("\"1\""));
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let args = [
        "run",
        "--get",
        "/x",
        "--report",
        "markdown=r.md",
        "--report",
        "junit=r.xml",
    ];
    let (ran, results) = sandbox.results(&args);
    assert_eq!((ran.code, results.cases[0].differences.len()), (1, 300));
    for n in 0..300 {
        let line = format!("  body $.m{n}");
        assert!(ran.out.lines().any(|shown| shown == line), "{line}");
    }
    for report in ["r.md", "r.xml"] {
        assert!(sandbox.read(report).contains("$.m299"), "{report}");
    }
}
