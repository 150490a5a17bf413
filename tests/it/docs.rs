//! What the documentation shows is what the command takes.

use std::path::Path;

use crate::command::{code, cutover, said};

const SUITES: &str = include_str!("../../docs/suites.md");
const FEATURES: &str = "environment-support";

/// The fenced blocks of a page whose fence has these words.
pub(crate) fn blocks<'t>(page: &'t str, words: &str) -> Vec<&'t str> {
    let fence = format!("```{words}\n");
    let pieces = page.split(fence.as_str()).skip(1);
    pieces
        .map(|piece| piece.split("```").next().unwrap())
        .collect()
}

/// The pair file of the page, its variables of the environment filled in.
fn pair(folder: &Path) {
    let text = blocks(SUITES, "yaml pair")[0].to_owned();
    let names = regex::Regex::new(r"\$\{env:([A-Z_]+)\}").unwrap();
    let text = names.replace_all(&text, "value-of-$1");
    std::fs::write(folder.join("cutover.yaml"), text.as_bytes()).unwrap();
}

#[test]
fn every_block_of_the_reference_is_in_force() {
    let shown = blocks(SUITES, "yaml suite");
    assert_eq!(shown.len(), 6);
    for block in shown {
        let folder = tempfile::tempdir().unwrap();
        pair(folder.path());
        std::fs::create_dir(folder.path().join("suites")).unwrap();
        std::fs::write(folder.path().join("suites/block.yaml"), block).unwrap();
        let output = cutover(folder.path(), &["check", "--strict"]);
        assert_eq!(
            (code(&output), said(&output)),
            (0, String::new()),
            "{block}"
        );
    }
}

#[test]
fn the_reference_lists_every_feature() {
    let line = SUITES.lines().find(|line| line.contains(FEATURES)).unwrap();
    let listed = line.split('`').nth(3).unwrap();
    let listed: Vec<&str> = listed.split(' ').collect();
    assert_eq!(listed, cutover::suite::FEATURES);
}
