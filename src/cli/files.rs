//! Files that a command line names, and those that are there without being named.

use std::path::{Path, PathBuf};

use super::problem::{BAD_INPUT, Problem};

/// Where a pair file is looked for.
pub(super) const PAIR_FILE: &str = "cutover.yaml";
/// Where suites are looked for.
pub(super) const SUITES: &str = "suites";

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<String, Problem> {
    let bytes = std::fs::read(path).map_err(|error| {
        Problem::new(
            BAD_INPUT,
            format!("cannot read {}: {error}", path.display()),
        )
    })?;
    String::from_utf8(bytes)
        .map_err(|_| Problem::new(BAD_INPUT, format!("{} is not UTF-8 text", path.display())))
}

/// The path as reports show it: without `./` in front.
pub(super) fn tidy(path: &Path) -> PathBuf {
    path.components()
        .filter(|part| !matches!(part, std::path::Component::CurDir))
        .collect()
}
