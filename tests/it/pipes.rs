//! A reader that goes away is no error: no panic, no message, the verdict's exit code.

use std::process::Stdio;

use crate::issuer::{Issuer, side};
use crate::sandbox::{Ran, Sandbox};

/// Runs the command with a standard output that nobody reads any more.
fn unread(sandbox: &Sandbox, args: &[&str]) -> Ran {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = sandbox.command(args);
    command.stdout(writer).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    // The writer's own end must not keep the pipe open.
    drop(command);
    Ran::of(&child.wait_with_output().unwrap())
}

/// Also standard error.
fn unheard(sandbox: &Sandbox, args: &[&str]) -> i32 {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = sandbox.command(args);
    command.stdout(writer.try_clone().unwrap()).stderr(writer);
    command.status().unwrap().code().unwrap()
}

#[test]
fn no_command_minds_a_closed_pipe() {
    let (old, new) = (Issuer::start("old", 3600), Issuer::start("new", 3600));
    let sandbox = Sandbox::new();
    let pair = format!("{}{}", side("old", &old.url()), side("new", &new.url()));
    sandbox.file("cutover.yaml", &pair);
    // Thousands of lines: more than a pipe or a buffer holds.
    let cases =
        (0..3_000).map(|n| format!("  - {{ name: c{n}, request: GET /{n}, skip: later }}\n"));
    let cases: String = cases.collect();
    let differs = "  - { name: differs, request: GET /x, new: { request: GET /refuse } }\n";
    sandbox.file(
        "suites/a.yaml",
        &format!("name: A\ntoken: app\ncases:\n{differs}{cases}"),
    );
    let journal = sandbox.run(&["run", "--journal", "j.jsonl", "-q"]);
    assert_eq!(journal.code, 1, "{}", journal.err);
    let mut commands: Vec<(Vec<&str>, i32)> = vec![
        (vec!["run", "-q"], 1),
        (vec!["run", "--report", "json", "-q"], 1),
        (vec!["demo", "-q"], 0),
        (vec!["demo", "--list-defects"], 0),
        (vec!["list"], 0),
        (vec!["check"], 0),
        (vec!["check", "--connect"], 0),
        (vec!["token", "both"], 0),
        (vec!["token", "both", "--json"], 0),
        (vec!["--help"], 0),
        (vec!["--version"], 0),
        (vec!["report", "j.jsonl", "--since", "j.jsonl"], 1),
    ];
    for what in ["suite", "pair", "double", "results"] {
        commands.push((vec!["schema", what], 0));
    }
    for format in ["terminal", "json", "junit", "markdown", "github"] {
        commands.push((vec!["report", "j.jsonl", "-v", "--report", format], 1));
    }
    for (args, code) in commands {
        let ran = unread(&sandbox, &args);
        assert_eq!(ran.code, code, "{args:?} {}", ran.err);
        let complains = ["panicked", "roken pipe", "\nerror: ", "os error"];
        assert!(
            !complains.iter().any(|word| ran.err.contains(word)),
            "{args:?} {}",
            ran.err
        );
        assert_eq!(unheard(&sandbox, &args), code, "{args:?}");
    }
}
