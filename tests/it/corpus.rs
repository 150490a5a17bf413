//! The corpus of the fuzz targets, replayed without nightly.

use std::fs;
use std::path::Path;

#[path = "../fuzz/checks.rs"]
mod checks;

/// Runs a check on every input of a corpus. Gives how many there were.
fn replay(name: &str, check: fn(&[u8])) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz/corpus")
        .join(name);
    let files = fs::read_dir(&folder).unwrap();
    let inputs = files.map(|file| fs::read(file.unwrap().path()).unwrap());
    inputs.map(|input| check(&input)).count()
}

#[test]
fn json_of_the_corpus_holds() {
    assert!(replay("json", checks::json) >= 40);
}

#[test]
fn xml_of_the_corpus_holds() {
    assert!(replay("xml", checks::xml) >= 40);
}
