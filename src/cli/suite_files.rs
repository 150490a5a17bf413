//! [`SuiteFiles`]: the suite files that a command line names, each of them once.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use super::files::{PAIR_FILE, SUITES, tidy};
use super::problem::{BAD_INPUT, Problem};

/// What people vouch for; it stands beside suites and is none.
pub(super) const READINESS_FILE: &str = "readiness.yaml";

/// The readiness files below the folder of suites.
pub(super) fn readiness_files(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let suites = folder.join(SUITES);
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut folders = vec![suites];
    while let Some(folder) = folders.pop() {
        let real = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        if !folder.is_dir() || !seen.insert(real) {
            continue;
        }
        for entry in read_folder(&folder)? {
            match entry.file_name() {
                Some(name) if name == READINESS_FILE => found.push(entry),
                _ if entry.is_dir() => folders.push(entry),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

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
        for entry in read_folder(path)? {
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            let ending = entry.extension().unwrap_or_default();
            let is_yaml = ending == "yaml" || ending == "yml";
            let is_pair = name == PAIR_FILE || tidy(&entry) == tidy(self.pair);
            let is_other = is_pair || name == READINESS_FILE;
            if !name.starts_with('.') && (entry.is_dir() || is_yaml && !is_other) {
                self.add(&entry)?;
            }
        }
        Ok(())
    }
}

fn read_folder(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    entries(folder).map_err(|error| {
        let path = folder.display();
        Problem::new(BAD_INPUT, format!("cannot read {path}: {error}"))
    })
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut entries: Vec<PathBuf> = entries.collect::<io::Result<_>>()?;
    entries.sort();
    Ok(entries)
}
