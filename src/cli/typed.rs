//! Values as they are typed behind flags.

use std::path::PathBuf;

use crate::report::{Format, READINESS_FORMATS};
use crate::run::Shard;
use crate::suite::Samples;

/// A report and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReportTarget {
    pub(super) format: Format,
    pub(super) path: Option<PathBuf>,
}

pub(super) fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    if name.is_empty() {
        return Err("write NAME=VALUE".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}

pub(super) fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("a whole number of at least 1".to_owned()),
        Ok(number) => Ok(number),
    }
}

pub(super) fn samples(text: &str) -> Result<u32, String> {
    Samples::parse(text).map(|samples| samples.0)
}

pub(super) fn shard(text: &str) -> Result<Shard, String> {
    let parts = text
        .split_once('/')
        .and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    match parts {
        Some((k, n)) if (1..=n).contains(&k) => Ok(Shard { k, n }),
        _ => Err("write K/N with K from 1 to N, e.g. 2/4".to_owned()),
    }
}

pub(super) fn report_target(text: &str) -> Result<ReportTarget, String> {
    let (word, path) = match text.split_once('=') {
        Some((word, path)) if !path.is_empty() => (word, Some(PathBuf::from(path))),
        Some((word, _)) => return Err(format!("a path is missing behind {word}=")),
        None => (text, None),
    };
    let format = match word {
        "terminal" => Format::Terminal,
        "json" => Format::Json,
        "junit" => Format::Junit,
        "markdown" => Format::Markdown,
        "github" => Format::Github,
        "html" if path.is_none() => {
            return Err("a page needs a path: write html=report.html".to_owned());
        }
        "html" => Format::Html,
        _ => return Err("known: terminal, json, junit, html, markdown, github".to_owned()),
    };
    Ok(ReportTarget { format, path })
}

pub(super) fn readiness_target(text: &str) -> Result<ReportTarget, String> {
    let known = READINESS_FORMATS.map(Format::word).join(", ");
    match report_target(text) {
        Ok(target) if !READINESS_FORMATS.contains(&target.format) => {
            Err(format!("readiness has none; known: {known}"))
        }
        Err(why) if why.starts_with("known:") => Err(format!("known: {known}")),
        target => target,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_and_reports_are_read() {
        assert_eq!(shard("2/4"), Ok(Shard { k: 2, n: 4 }));
        for text in ["0/4", "5/4", "1", "a/b"] {
            assert!(shard(text).is_err(), "{text}");
        }
        let target = ReportTarget {
            format: Format::Json,
            path: Some("a=b.json".into()),
        };
        assert_eq!(report_target("json=a=b.json"), Ok(target));
        for text in ["pdf", "json=", "html"] {
            assert!(report_target(text).is_err(), "{text}");
        }
    }
}
