//! [`JournalSet`]: a run as its journals tell it, whole or in shards.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::cases::Cases;
use super::error::JournalError;
use super::header::{Footer, Shard};
use super::index::{Entry, Frame, Index, Listed};
use super::merge::{missing_shards, one_run, pairs_differ, suites_differ};
use crate::pair::Pair;
use crate::results::{
    Finding, Outcome, Reason, RuleUse, RunInfo, SuiteInfo, Summary, TargetInfo, Verdict, Warning,
    exit_code,
};

/// The journal of a run, or those of its shards, indexed. Cases come in plan order and are read from
/// the files one by one, so that memory does not grow with what they say.
#[derive(Debug)]
pub struct JournalSet {
    frames: Vec<Frame>,
    index: Index,
    run: RunInfo,
    summary: Summary,
    warnings: Vec<Warning>,
    findings: Vec<Finding>,
    rules: Vec<RuleUse>,
    /// The one shard that this is about, where the others are not missed.
    shard: Option<Shard>,
}

impl JournalSet {
    /// Opens the journal of a run that has just ended. A shard is whole here: that the others are
    /// somewhere else is no fault of its run.
    ///
    /// # Errors
    /// See [`Self::open`].
    pub fn open_own(path: &Path) -> Result<Self, JournalError> {
        let mut set = Self::open(std::slice::from_ref(&path.to_owned()))?;
        set.shard = set.frames.first().and_then(|frame| frame.header.shard);
        set.run = set.merged_run();
        Ok(set)
    }

    /// Opens and indexes the journals of one run. A torn last line is dropped and said in
    /// [`Self::warnings`] (`torn-line`).
    ///
    /// # Errors
    /// A file that cannot be read or is no journal; a damaged line that is not the last; journals of
    /// other suites or pairs, or two with the same case.
    pub fn open(paths: &[PathBuf]) -> Result<Self, JournalError> {
        let mut index = Index::default();
        let mut frames: Vec<Frame> = Vec::new();
        for (number, path) in (0..).zip(paths) {
            let frame = index.scan(path, number)?;
            if let Some(first) = frames.first() {
                one_run(first, &frame, &frames)?;
            }
            frames.push(frame);
        }
        let Some(first) = frames.first() else {
            return Err(JournalError::None);
        };
        if let Some((one, other)) = index.sort() {
            return Err(twice(&frames, &index, one, other));
        }
        let mut summary = Summary::default();
        for entry in &index.entries {
            summary.count(entry.verdict);
        }
        let rules = rules(&frames);
        let mut set = Self {
            run: first.header.run.clone(),
            warnings: warnings(&frames, &rules),
            rules,
            findings: frames
                .iter()
                .filter_map(|frame| frame.footer.as_ref())
                .flat_map(|footer| footer.findings.clone())
                .collect(),
            frames,
            index,
            summary,
            shard: None,
        };
        set.run = set.merged_run();
        Ok(set)
    }

    /// The run: `planned`, `complete`, `finished` and `exit` as the journals show them.
    pub const fn run(&self) -> &RunInfo {
        &self.run
    }

    /// The targets; none in a client run without pass-through.
    pub fn pair(&self) -> Option<&Pair<TargetInfo>> {
        self.frames.first()?.header.pair.as_ref()
    }

    /// The suite files, in plan order.
    pub fn suites(&self) -> &[SuiteInfo] {
        let first = self.frames.first();
        first.map_or(&[], |frame| frame.header.suites.as_slice())
    }

    /// What a reader should know first.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// What only shows across cases.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How often each rule was of use, over all journals.
    pub fn rules(&self) -> &[RuleUse] {
        &self.rules
    }

    /// Cases by verdict.
    pub const fn summary(&self) -> Summary {
        self.summary
    }

    /// The files.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.frames.iter().map(|frame| frame.path.as_path())
    }

    /// What the exit code depends on, for [`exit_code`].
    pub fn outcome(&self, strict: bool) -> Outcome {
        Outcome {
            complete: self.run.complete,
            ended: self.frames.iter().all(|frame| frame.footer.is_some())
                && self.missing_shards().is_none(),
            withheld: self.withheld(),
            empty_shard: self.is_empty_shard(),
            strict,
        }
    }

    /// Whether this is a shard without cases of a plan that has some.
    pub fn is_empty_shard(&self) -> bool {
        let shards = self.frames.iter().map(|frame| frame.header.shard);
        self.run.planned == 0 && shards.flatten().any(|shard| shard.total > 0)
    }

    /// The shard that this is, if it is the journal of one that has just ended.
    pub const fn shard(&self) -> Option<Shard> {
        self.shard
    }

    /// What is other about a pair than about that of this run, in words.
    pub fn other_pair(&self, pair: Option<&Pair<TargetInfo>>) -> Option<String> {
        pairs_differ(self.pair(), pair)
    }

    /// What is other about suites than about those of this run, in words.
    pub fn other_suites(&self, suites: &[SuiteInfo]) -> Option<String> {
        suites_differ(self.suites(), suites)
    }

    /// The cases of the whole plan, where shards of it are missed.
    fn missing_shards(&self) -> Option<usize> {
        match self.shard {
            Some(_) => None,
            None => missing_shards(&self.frames),
        }
    }

    /// Every case in plan order, without reading it.
    pub fn list(&self) -> impl Iterator<Item = Listed<'_>> {
        self.index
            .entries
            .iter()
            .map(|entry| self.index.listed(entry))
    }

    /// The cases, in plan order.
    pub fn cases(&self) -> Result<Cases<'_>, JournalError> {
        self.cases_where(|_| true)
    }

    /// The cases that `wanted` picks by what is known of them, in plan order.
    pub fn cases_where<'a>(
        &'a self,
        wanted: impl Fn(Listed<'a>) -> bool + 'a,
    ) -> Result<Cases<'a>, JournalError> {
        let paths = self.frames.iter().map(|frame| frame.path.as_path());
        Cases::of(&self.index, paths, Box::new(wanted))
    }

    /// Ids of the cases that need not run again: `same` or `accepted`. `--rerun` runs every planned
    /// case that is not among them, also those that never ran.
    pub fn settled(&self) -> HashSet<String> {
        self.list()
            .filter(|case| matches!(case.verdict, Verdict::Same | Verdict::Accepted))
            .map(|case| case.id.to_owned())
            .collect()
    }

    fn withheld(&self) -> usize {
        let entries = self.index.entries.iter();
        entries
            .filter(|entry| entry.verdict == Verdict::Skipped)
            .filter(|entry| {
                matches!(
                    entry.reason,
                    Some(Reason::WritesWithheld | Reason::ProbesWithheld | Reason::Needs)
                )
            })
            .count()
    }

    fn merged_run(&self) -> RunInfo {
        let headers = self.frames.iter().map(|frame| &frame.header);
        let shards = self.missing_shards();
        let planned = match shards {
            Some(total) => total,
            None => headers.clone().map(|header| header.planned).sum(),
        };
        let ends: Vec<_> = self
            .frames
            .iter()
            .map(|frame| frame.footer.as_ref().map(|footer| &footer.end))
            .collect();
        let ended = ends.iter().all(|end| end.is_some_and(|end| end.complete));
        let mut run = RunInfo {
            planned,
            complete: ended && shards.is_none() && self.summary.cases >= planned,
            started: headers
                .map(|header| header.run.started.clone())
                .min()
                .unwrap_or_default(),
            finished: ends
                .iter()
                .map(|end| end.map(|end| end.finished.clone()))
                .collect::<Option<Vec<_>>>()
                .and_then(|times| times.into_iter().max()),
            exit: None,
            ..self.run.clone()
        };
        run.exit = if let ([Some(end)], None) = (ends.as_slice(), shards) {
            end.exit
        } else {
            let outcome = Outcome {
                complete: run.complete,
                ended: ends.iter().all(Option::is_some) && shards.is_none(),
                withheld: self.withheld(),
                ..Outcome::default()
            };
            Some(exit_code(&self.summary, outcome))
        };
        run
    }
}

/// The rules of all journals; what several have is one.
fn rules(frames: &[Frame]) -> Vec<RuleUse> {
    let mut rules: Vec<RuleUse> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    for rule in footers(frames).flat_map(|footer| &footer.rules) {
        let place = *places.entry((&rule.at, &rule.rule)).or_insert(rules.len());
        match rules.get_mut(place) {
            Some(known) => known.used += rule.used,
            None => rules.push(rule.clone()),
        }
    }
    rules
}

fn footers(frames: &[Frame]) -> impl Iterator<Item = &Footer> {
    frames.iter().filter_map(|frame| frame.footer.as_ref())
}

/// Whether a warning says that a rule was of no use which was of use in another shard.
fn is_outdone(warning: &Warning, rules: &[RuleUse]) -> bool {
    let is_of = |rule: &RuleUse| {
        let rest = warning.message.strip_prefix(rule.at.as_str());
        let rest = rest.and_then(|rest| rest.strip_prefix(": "));
        rest.and_then(|rest| rest.strip_prefix(rule.rule.as_str()))
            .is_some_and(|rest| rest.starts_with(' '))
    };
    warning.code == "unused-rule" && rules.iter().any(|rule| rule.used > 0 && is_of(rule))
}

fn warnings(frames: &[Frame], rules: &[RuleUse]) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = Vec::new();
    for frame in frames {
        let late = frame.footer.iter().flat_map(|footer| &footer.warnings);
        for warning in frame.header.warnings.iter().chain(late) {
            if !warnings.contains(warning) && !is_outdone(warning, rules) {
                warnings.push(warning.clone());
            }
        }
        if frame.torn {
            warnings.push(Warning {
                code: "torn-line".to_owned(),
                side: None,
                message: format!(
                    "the last line of {} was not written to its end and is dropped",
                    frame.path.display()
                ),
            });
        }
    }
    warnings
}

fn twice(frames: &[Frame], index: &Index, one: Entry, other: Entry) -> JournalError {
    let id = index.listed(&one).id.to_owned();
    let path = |entry: Entry| {
        let frame = frames.get(entry.journal as usize);
        frame.map(|frame| frame.path.clone()).unwrap_or_default()
    };
    JournalError::NotOneRun {
        paths: Box::new((path(one), path(other))),
        why: format!(
            "the case `{id}` stands twice. To compare two runs, use `--since` with the earlier one"
        ),
    }
}
