//! [`SuiteFiles`]: the suite files that a command line names, each of them once.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use super::problem::{BAD_INPUT, Problem};
use super::setup::{PAIR_FILE, tidy};

/// Suite files in the order in which they are named. What is reached in two ways (named twice, or by
/// a link) is one: two cases of one id must not be, and a link to a folder above has no end.
#[derive(Debug)]
pub(super) struct SuiteFiles<'a> {
    pair: &'a Path,
    seen: HashSet<PathBuf>,
    pub(super) found: Vec<PathBuf>,
}

impl<'a> SuiteFiles<'a> {
    /// None yet. The pair file is no suite.
    pub(super) fn new(pair: &'a Path) -> Self {
        Self {
            pair,
            seen: HashSet::new(),
            found: Vec::new(),
        }
    }

    /// Adds a file, or every YAML file below a folder that is no pair file.
    pub(super) fn add(&mut self, path: &Path) -> Result<(), Problem> {
        // What is not there is said where it is read.
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if !self.seen.insert(real) {
            return Ok(());
        }
        if !path.is_dir() {
            self.found.push(path.to_owned());
            return Ok(());
        }
        for entry in entries(path).map_err(|error| {
            let path = path.display();
            Problem::new(BAD_INPUT, format!("cannot read {path}: {error}"))
        })? {
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            let ending = entry.extension().unwrap_or_default();
            let is_yaml = ending == "yaml" || ending == "yml";
            let is_pair = name == PAIR_FILE || tidy(&entry) == tidy(self.pair);
            if !name.starts_with('.') && (entry.is_dir() || is_yaml && !is_pair) {
                self.add(&entry)?;
            }
        }
        Ok(())
    }
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut entries: Vec<PathBuf> = entries.collect::<io::Result<_>>()?;
    entries.sort();
    Ok(entries)
}
