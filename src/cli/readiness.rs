//! `cutover readiness`: from journals and what people vouch for to the matrix and its verdict.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::args::ReadinessArgs;
use super::context::Context;
use super::earlier;
use super::files::{read, tidy};
use super::problem::{BAD_INPUT, COULD_NOT, Problem};
use super::suite_files::{READINESS_FILE, readiness_files};
use super::typed::ReportTarget;
use crate::config::Folder;
use crate::hex::hex;
use crate::journal::{JournalError, JournalSet};
use crate::pair::Pair;
use crate::platform::{Documents, Platform};
use crate::plural::plural;
use crate::readiness::{CaseNow, Current, Declared, Evidence, Matrix, RunSeen, assess, load};
use crate::redact;
use crate::report::{Format, Style, place_of, save_readiness, try_place, write_readiness};
use crate::results::{Severity, SuiteInfo, TargetInfo};
use crate::shipped;
use crate::source::{Cx, Decode, Source, parse};
use crate::suite::SuiteDoc;

/// Makes the matrix; the exit code says whether consumers can move.
pub(super) fn readiness(args: &ReadinessArgs, context: &Context) -> Result<u8, Problem> {
    let outputs = Outputs::new(&args.reports)?;
    let journals = open(&args.journals)?;
    let mut warnings = Vec::new();
    let declared = declared(&journals, context, &mut warnings)?;
    let current = current(&journals, context, &mut warnings);
    warnings.extend(silent(&journals));
    warnings.extend(lenient(&journals));
    let runs = journals.iter().zip(&args.journals);
    let runs: Vec<RunSeen> = runs
        .map(|(journal, path)| seen(journal, path))
        .collect::<Result<_, _>>()?;
    let max_age = args.max_age.map(|age| age.0);
    let mut evidence = Evidence::new(runs, current, Timestamp::now(), max_age);
    for (run, journal) in journals.iter().enumerate() {
        // A rule that matched nothing tells of a suite, and nothing of a cutover: its run has said so.
        let told = journal.warnings().iter();
        for warning in told.filter(|warning| warning.code != "unused-rule") {
            let text = format!("{}: {}", warning.code, warning.message);
            if !warnings.contains(&text) {
                warnings.push(text);
            }
        }
        let cases = journal.cases().map_err(unreadable)?;
        for case in cases {
            evidence.add(run, &case.map_err(unreadable)?, place_of);
        }
    }
    let pair = journals.iter().find_map(JournalSet::pair).cloned();
    for text in pair.iter().flat_map(documents) {
        if !warnings.contains(&text) {
            warnings.push(text);
        }
    }
    let matrix = assess(&evidence, &declared, pair, warnings);
    outputs.write(&matrix, args, context)?;
    Ok(matrix.exit)
}

/// Which document was gone by, for each feature of which documents of the platforms differ: also for rows
/// that no run can show.
fn documents(pair: &Pair<TargetInfo>) -> Vec<String> {
    let mut told = Vec::new();
    for (_, info) in pair.iter() {
        let Some(shipped) = Platform::shipped(&info.platform) else {
            continue;
        };
        let documents = info.documents.as_deref().and_then(Documents::of);
        let platform = shipped.by(documents.unwrap_or_default());
        told.extend(
            platform
                .told()
                .map(|(_, message)| format!("documents-differ: {message}")),
        );
    }
    told
}

fn unreadable(error: JournalError) -> Problem {
    Problem::new(BAD_INPUT, error.to_string())
}

/// Opens each journal by itself. A shard is a run of its own here: what the others hold is missed
/// where no run shows it. All must be about one pair.
fn open(paths: &[PathBuf]) -> Result<Vec<JournalSet>, Problem> {
    let journals = paths.iter().map(|path| JournalSet::open_own(path));
    let journals: Vec<JournalSet> = journals.collect::<Result<_, _>>().map_err(unreadable)?;
    let both = paths.iter().zip(&journals);
    let mut with_pair = both.filter(|(_, journal)| journal.pair().is_some());
    if let Some((_, first)) = with_pair.next() {
        for (path, other) in with_pair {
            let why = "readiness is said of one pair only";
            earlier::one_pair(path, other, first.pair(), first.suites(), why)?;
        }
    }
    Ok(journals)
}

fn seen(journal: &JournalSet, path: &Path) -> Result<RunSeen, Problem> {
    let run = journal.run();
    let when = run.finished.as_ref().unwrap_or(&run.started);
    let when: Timestamp = when.parse().map_err(|_| {
        let path = path.display();
        let text = format!("{path}: `{when}` is no time as cutover writes it");
        Problem::new(BAD_INPUT, text)
    })?;
    Ok(RunSeen {
        id: run.id.clone(),
        when,
        complete: run.complete,
        planned: run.planned,
        done: journal.summary().cases,
        fail_on: run.fail_on,
        suites: journal.suites().to_vec(),
    })
}

/// What people say: `readiness.yaml` here, or the one below `suites`, or for the shipped suites the
/// shipped one.
fn declared(
    journals: &[JournalSet],
    context: &Context,
    warnings: &mut Vec<String>,
) -> Result<Declared, Problem> {
    let here = context.folder.join(READINESS_FILE);
    let files = if here.is_file() {
        vec![here]
    } else {
        readiness_files(&context.folder)?
    };
    let source = match files.as_slice() {
        [file] => Source::new(tidy(file).display().to_string(), read(file)?),
        [first, second, ..] => {
            let (first, second) = (first.display(), second.display());
            let text = format!(
                "there are several: {first} and {second}; move the one that counts to ./{READINESS_FILE}"
            );
            return Err(Problem::new(BAD_INPUT, text));
        }
        [] => {
            let mut suites = journals.iter().flat_map(JournalSet::suites);
            if !suites.all(|suite| shipped_text(suite).is_some()) {
                warnings.push(format!(
                    "there is no {READINESS_FILE}: no row is attested or said not to apply"
                ));
            }
            let (name, text) = shipped::READINESS;
            Source::new(name, text)
        }
    };
    Ok(load(&source)?)
}

fn shipped_text(suite: &SuiteInfo) -> Option<&'static str> {
    let mut shipped = shipped::suites(true);
    shipped
        .find(|(name, _)| *name == suite.file)
        .map(|(_, text)| text)
}

/// The suites as they are now, as far as they are here.
fn current(
    journals: &[JournalSet],
    context: &Context,
    warnings: &mut Vec<String>,
) -> BTreeMap<String, Current> {
    let mut current = BTreeMap::new();
    let mut unknown: Vec<&str> = Vec::new();
    let suites = journals.iter().flat_map(JournalSet::suites);
    for suite in suites.filter(|suite| suite.feature.is_some()) {
        if current.contains_key(&suite.file) || unknown.contains(&suite.file.as_str()) {
            continue;
        }
        let here = std::fs::read_to_string(context.folder.join(&suite.file)).ok();
        match here.or_else(|| shipped_text(suite).map(str::to_owned)) {
            Some(text) => {
                let now = as_it_is(&suite.file, &text, context, warnings);
                current.insert(suite.file.clone(), now);
            }
            None => unknown.push(&suite.file),
        }
    }
    if let Some(first) = unknown.first() {
        let verb = if unknown.len() == 1 { "is" } else { "are" };
        warnings.push(format!(
            "{} of these runs {verb} not here, {first} first: whether they were changed since, or have \
             more cases, cannot be seen",
            plural(unknown.len(), "suite")
        ));
    }
    current
}

/// Suites that speak for no row.
fn silent(journals: &[JournalSet]) -> Option<String> {
    let suites = journals.iter().flat_map(JournalSet::suites);
    let silent = suites.filter(|suite| suite.feature.is_none());
    let files: BTreeSet<&str> = silent.map(|suite| suite.file.as_str()).collect();
    let first = files.first()?;
    Some(match files.len() {
        1 => format!("{first} is without `feature:`: what it found counts for no row"),
        more => format!(
            "{more} suites of these runs without `feature:`, {first} first: what they found counts for no row"
        ),
    })
}

/// Runs that let pass what consumers may notice.
fn lenient(journals: &[JournalSet]) -> impl Iterator<Item = String> {
    let runs = journals.iter().map(JournalSet::run);
    let lenient = runs.filter(|run| run.fail_on == Severity::Breaking);
    lenient.map(|run| {
        format!(
            "run {} was judged with --fail-on breaking: risky differences in it, which consumers may \
             notice, do not count here and are in its own report only",
            run.id
        )
    })
}

/// A suite's version, and its cases as ids name them. One that can no longer be read has another
/// version than any run saw.
fn as_it_is(name: &str, text: &str, context: &Context, warnings: &mut Vec<String>) -> Current {
    let digest = Sha256::digest(text.as_bytes());
    let source = Source::new(name, text);
    let mut cx = Cx::new(&source);
    let node = parse(&source).ok();
    let doc = node.and_then(|node| SuiteDoc::decode(&node, &mut cx));
    let folder = Folder::of(&context.folder.join(name));
    let cases = doc
        .iter()
        .flat_map(|doc| doc.cases.iter().chain(&doc.cleanup));
    let mut now = Vec::new();
    for case in cases {
        let named = |row: String| CaseNow {
            name: redact::name(&case.name).into_owned(),
            row,
        };
        match case.rows.as_ref().map(|rows| rows.table(&folder, &mut cx)) {
            None => now.push(named(String::new())),
            Some(Some(table)) => {
                now.extend((0..table.len()).map(|row| named(table.suffix(row))));
            }
            Some(None) => {
                // No run has a case of this name: it stays one that is missed.
                now.push(named(String::new()));
                warnings.push(format!(
                    "{name}: the rows of `{}` cannot be read: which of them were run cannot be seen",
                    redact::name(&case.name)
                ));
            }
        }
    }
    Current {
        sha256: hex(&digest),
        cases: now,
    }
}

/// Where the reports go.
struct Outputs {
    standard: Format,
    files: Vec<(Format, PathBuf)>,
}

impl Outputs {
    fn new(targets: &[ReportTarget]) -> Result<Self, Problem> {
        let mut standard = None;
        let mut files = Vec::new();
        for target in targets {
            match &target.path {
                Some(path) => files.push((target.format, path.clone())),
                None if standard.is_some_and(|taken| taken != target.format) => {
                    let text = "only one report can go to standard output; give the others a path";
                    return Err(Problem::new(BAD_INPUT, text));
                }
                None => standard = Some(target.format),
            }
        }
        for (format, path) in &files {
            try_place(path).map_err(|error| {
                let path = path.display();
                let text = format!("cannot write the {format} report to {path}: {error}");
                Problem::new(BAD_INPUT, text)
            })?;
        }
        Ok(Self {
            standard: standard.unwrap_or(Format::Terminal),
            files,
        })
    }

    fn write(
        &self,
        matrix: &Matrix,
        args: &ReadinessArgs,
        context: &Context,
    ) -> Result<(), Problem> {
        let failed = |error: crate::report::ReportError| Problem::new(COULD_NOT, error.to_string());
        let style = |colour| Style {
            colour,
            width: context.width,
            verbose: args.look.verbose,
            quiet: args.look.quiet,
        };
        for (format, path) in &self.files {
            save_readiness(*format, matrix, path, &style(false)).map_err(failed)?;
        }
        let colour = context.out_colour && self.standard == Format::Terminal;
        let mut out = io::stdout().lock();
        write_readiness(self.standard, matrix, &mut out, &style(colour)).map_err(failed)
    }
}
