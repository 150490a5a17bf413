//! [`JournalSet`]: a run as its journals tell it, whole or in shards.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::error::JournalError;
use super::header::{Footer, Shard};
use super::index::{Entry, Frame, Index, Listed};
use super::merge::{missing_shards, one_run, pairs_differ, suites_differ};
use crate::pair::Pair;
use crate::results::{
    CaseResult, Finding, Outcome, Reason, RuleUse, RunInfo, SuiteInfo, Summary, TargetInfo,
    Verdict, Warning, exit_code,
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
        let files = self.frames.iter().map(|frame| {
            let file =
                File::open(&frame.path).map_err(|error| JournalError::io(&frame.path, error))?;
            Ok(Opened {
                file: BufReader::with_capacity(BUFFER, file),
                at: 0,
            })
        });
        Ok(Cases {
            set: self,
            files: files.collect::<Result<_, _>>()?,
            wanted: Box::new(wanted),
            next: 0,
            line: Vec::new(),
        })
    }

    /// Ids of the cases that need not run again: `same` or `accepted`. `--rerun` runs every planned
    /// case that is not among them, also those that never ran.
    pub fn settled(&self) -> HashSet<String> {
        self.list()
            .filter(|case| matches!(case.verdict, Verdict::Same | Verdict::Accepted))
            .map(|case| case.id.to_owned())
            .collect()
    }

    /// The file that a case stands in.
    fn path(&self, entry: Entry) -> PathBuf {
        let frame = self.frames.get(entry.journal as usize);
        frame.map(|frame| frame.path.clone()).unwrap_or_default()
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

/// Bytes that are read at once: cases stand nearly in the order in which they are asked for.
const BUFFER: usize = 32 * 1024;

/// A journal, and where its reader stands.
struct Opened {
    file: BufReader<File>,
    at: u64,
}

impl Opened {
    /// Reads a stretch of the file.
    fn read(&mut self, offset: u64, text: &mut [u8]) -> io::Result<()> {
        match (i64::try_from(offset), i64::try_from(self.at)) {
            (Ok(to), Ok(from)) => self.file.seek_relative(to - from)?,
            _ => drop(self.file.seek(SeekFrom::Start(offset))?),
        }
        self.file.read_exact(text)?;
        self.at = offset + text.len() as u64;
        Ok(())
    }
}

/// The cases of a [`JournalSet`], read one by one.
pub struct Cases<'a> {
    set: &'a JournalSet,
    files: Vec<Opened>,
    wanted: Box<dyn Fn(Listed<'a>) -> bool + 'a>,
    next: usize,
    line: Vec<u8>,
}

impl std::fmt::Debug for Cases<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cases")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

impl Cases<'_> {
    /// The next case as it stands in the journal, without its line break; it is not read as one.
    pub fn next_text(&mut self) -> Option<Result<&[u8], JournalError>> {
        match self.advance()? {
            Ok(_) => Some(Ok(self.line.trim_ascii_end())),
            Err(error) => Some(Err(error)),
        }
    }

    /// Reads the line of the next case that is wanted.
    fn advance(&mut self) -> Option<Result<Entry, JournalError>> {
        let set = self.set;
        loop {
            let entry = *set.index.entries.get(self.next)?;
            self.next += 1;
            if (self.wanted)(set.index.listed(&entry)) {
                return Some(self.fetch(entry).map(|()| entry));
            }
        }
    }

    fn fetch(&mut self, entry: Entry) -> Result<(), JournalError> {
        let Some(file) = self.files.get_mut(entry.journal as usize) else {
            return Err(JournalError::None);
        };
        self.line.resize(entry.length as usize, 0);
        file.read(entry.offset, &mut self.line)
            .map_err(|error| JournalError::io(&self.set.path(entry), error))
    }
}

impl Iterator for Cases<'_> {
    type Item = Result<CaseResult, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        let entry = match self.advance()? {
            Ok(entry) => entry,
            Err(error) => return Some(Err(error)),
        };
        Some(serde_json::from_slice(&self.line).map_err(|error| {
            let path = self.set.path(entry);
            JournalError::Damaged {
                line: line_number(&path, entry.offset),
                path,
                why: format!("expected a case as cutover writes it: {error}"),
            }
        }))
    }
}

/// The line, from 1, that starts at an offset; only for messages.
fn line_number(path: &Path, offset: u64) -> usize {
    File::open(path).map_or(0, |file| {
        BufReader::new(file.take(offset)).split(b'\n').count() + 1
    })
}
