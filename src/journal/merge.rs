//! Whether journals are shards of one run.

use super::error::JournalError;
use super::header::{Header, Shard};
use super::index::Frame;
use crate::pair::{Pair, Side};
use crate::results::{SuiteInfo, TargetInfo};

/// Whether one more journal belongs to the run of the first.
pub(super) fn one_run(first: &Frame, other: &Frame, all: &[Frame]) -> Result<(), JournalError> {
    let differs = suites_differ(&first.header.suites, &other.header.suites)
        .or_else(|| pairs_differ(first.header.pair.as_ref(), other.header.pair.as_ref()))
        .or_else(|| settings_differ(&first.header, &other.header));
    if let Some(why) = differs {
        return Err(refused(first, other, why));
    }
    for earlier in all {
        if let Some(why) = shards_clash(earlier.header.shard, other.header.shard) {
            return Err(refused(earlier, other, why));
        }
    }
    Ok(())
}

/// The cases of the whole plan, where shards were given but not all.
pub(super) fn missing_shards(frames: &[Frame]) -> Option<usize> {
    let shards: Vec<Shard> = frames.iter().filter_map(|f| f.header.shard).collect();
    let first = shards.first()?;
    (shards.len() < first.n).then_some(first.total)
}

fn refused(first: &Frame, other: &Frame, why: String) -> JournalError {
    JournalError::NotOneRun {
        paths: Box::new((first.path.clone(), other.path.clone())),
        why,
    }
}

/// What is other about the suites of two runs.
pub(super) fn suites_differ(first: &[SuiteInfo], other: &[SuiteInfo]) -> Option<String> {
    for suite in first {
        match other.iter().find(|s| s.file == suite.file) {
            None => return Some(format!("{} is a suite of the first only", suite.file)),
            Some(same) if same.sha256 != suite.sha256 => {
                return Some(format!("{} was changed between them", suite.file));
            }
            Some(_) => {}
        }
    }
    let added = other
        .iter()
        .find(|s| first.iter().all(|f| f.file != s.file));
    added.map(|suite| format!("{} is a suite of the second only", suite.file))
}

/// What is other about two pairs.
pub(super) fn pairs_differ(
    first: Option<&Pair<TargetInfo>>,
    other: Option<&Pair<TargetInfo>>,
) -> Option<String> {
    match (first, other) {
        (Some(first), Some(other)) => Side::BOTH.into_iter().find_map(|side| {
            let (a, b) = (&first[side], &other[side]);
            (a != b).then(|| {
                format!(
                    "the {side} target is {} ({}, {}) in one and {} ({}, {}) in the other",
                    a.url, a.name, a.platform, b.url, b.name, b.platform
                )
            })
        }),
        (None, None) => None,
        _ => Some("only one of them has a pair of targets".to_owned()),
    }
}

fn settings_differ(first: &Header, other: &Header) -> Option<String> {
    let (a, b) = (&first.run, &other.run);
    let differ = |name: &str, a: String, b: String| {
        (a != b).then(|| format!("{name} is {a} in one and {b} in the other"))
    };
    let env = |env: &Option<String>| env.clone().unwrap_or_else(|| "none".to_owned());
    differ("--fail-on", a.fail_on.to_string(), b.fail_on.to_string())
        .or_else(|| differ("--env", env(&a.env), env(&b.env)))
}

fn shards_clash(first: Option<Shard>, other: Option<Shard>) -> Option<String> {
    match (first, other) {
        (Some(a), Some(b)) if a.n != b.n || a.total != b.total => Some(format!(
            "one is shard {}/{} of {} cases, the other {}/{} of {}",
            a.k, a.n, a.total, b.k, b.n, b.total
        )),
        (Some(a), Some(b)) if a.k == b.k => Some(format!("both are shard {}/{}", a.k, a.n)),
        (Some(_), None) | (None, Some(_)) => Some("only one of them is a shard".to_owned()),
        _ => None,
    }
}
