//! The modules see each other in one direction, and those that are pure touch nothing outside: the table of
//! `docs/design.md` is in force.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const DESIGN: &str = include_str!("../../docs/design.md");

/// What the root of the crate gives beside modules: the module that it comes from, or none of ours.
const GIVEN: [(&str, Option<&str>); 4] = [
    ("Pair", Some("pair")),
    ("Side", Some("pair")),
    ("USER_AGENT", None),
    // Of tests.
    ("page", None),
];

/// What reaches the world outside: the network, the disk, the clock, the environment.
const WORLD: &str =
    r"\b(tokio|reqwest|hyper|std::(fs|net|env|process)|Instant|SystemTime)\b|\bnow\(\)";

/// The modules of the table, lowest first, and whether each is pure.
fn table() -> Vec<(&'static str, bool)> {
    let rows = DESIGN.lines().skip_while(|line| *line != "## Layout");
    let rows = rows.filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    rows.map(|(module, rest)| (module, rest.starts_with(" pure |")))
        .collect()
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Each file of the product below a path, with its text: tests may look where they like.
fn files(at: &Path) -> Vec<(PathBuf, String)> {
    if at.is_dir() {
        let entries = std::fs::read_dir(at).unwrap();
        return entries
            .flat_map(|entry| files(&entry.unwrap().path()))
            .collect();
    }
    let name = at.file_name().unwrap().to_str().unwrap();
    let is_code = at.extension().is_some_and(|kind| kind == "rs");
    if !is_code || name.ends_with("tests.rs") {
        return Vec::new();
    }
    let text = std::fs::read_to_string(at).unwrap();
    let product = text.split("#[cfg(test)]\nmod ").next().unwrap();
    let code = product
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    vec![(at.to_owned(), code.collect::<Vec<_>>().join("\n"))]
}

/// The files of a module: of its folder, or the one that is it.
fn module(name: &str) -> Vec<(PathBuf, String)> {
    let folder = source().join(name);
    match folder.is_dir() {
        true => files(&folder),
        false => files(&folder.with_extension("rs")),
    }
}

#[test]
fn the_table_has_every_module() {
    let known: BTreeSet<&str> = table().into_iter().map(|(name, _)| name).collect();
    let entries = std::fs::read_dir(source()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: BTreeSet<String> = names
        .map(|name| name.trim_end_matches(".rs").to_owned())
        .filter(|name| !matches!(&**name, "lib" | "main"))
        .collect();
    assert_eq!(known, names.iter().map(String::as_str).collect());
}

#[test]
fn a_module_sees_only_those_above_it_in_the_table() {
    let uses = regex::Regex::new(r"\bcrate::(\w+)").unwrap();
    let mut above = BTreeSet::new();
    for (name, _) in table() {
        above.insert(name);
        for (path, text) in module(name) {
            for found in uses.captures_iter(&text) {
                let seen = found.get(1).unwrap().as_str();
                let given = GIVEN.into_iter().find(|(given, _)| *given == seen);
                let seen = given.map_or(Some(seen), |(_, from)| from);
                let fits = seen.is_none_or(|seen| above.contains(seen));
                assert!(fits, "{} sees {seen:?}", path.display());
            }
        }
    }
}

#[test]
fn what_is_pure_touches_nothing_outside() {
    let world = regex::Regex::new(WORLD).unwrap();
    let modules = table().into_iter().filter(|(_, pure)| *pure);
    let mut pure: Vec<&str> = modules.map(|(name, _)| name).collect();
    assert!(pure.contains(&"compare") && pure.contains(&"judge"));
    pure.push("client/judge");
    for (path, text) in pure.into_iter().flat_map(module) {
        let found = world.find(&text).map(|found| found.as_str());
        assert_eq!(found, None, "{}", path.display());
    }
}
