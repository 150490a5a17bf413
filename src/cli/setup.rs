//! Reading the pair and the suites that a command line names.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::args::SelectArgs;
use super::context::Context;
use super::earlier;
use super::files::{PAIR_FILE, SUITES, read, tidy};
use super::pair_args::PairArgs;
use super::problem::{BAD_INPUT, NOTHING_RAN, Problem};
use super::suite_files::SuiteFiles;
use crate::config::{PairFile, PairInput, PairRead, UrlPair, platforms, read_pair};
use crate::judge::Accepts;
use crate::pair::Pair;
use crate::platform::Platform;
use crate::plural::plural;
use crate::redact::Secrets;
use crate::results::TargetInfo;
use crate::run::{Plan, RunOptions, Selection, Session, target_info};
use crate::source::{Cx, Diagnostics, Source};
use crate::suite::{Given, Known, Suite, get_suite, load_suite};
use crate::template::BUILT_IN;

/// The pair, checked, with what belongs to it.
#[derive(Debug, Clone)]
pub(super) struct PairSetup {
    pub(super) file: PairFile,
    pub(super) platforms: Pair<Arc<Platform>>,
    pub(super) accepts: Accepts,
    pub(super) given: Given,
    pub(super) warnings: Diagnostics,
    /// Whether there is a pair file: then it must allow writes too.
    pub(super) from_file: bool,
}

impl PairSetup {
    /// The pair as journals name it.
    pub(super) fn targets(&self) -> Pair<TargetInfo> {
        Pair::of(|side| target_info(&self.file, side))
    }
}

/// A suite's text, and the path that its relative paths start from.
pub(super) type SuiteText = (Arc<Source>, PathBuf);

/// Reads the pair that the arguments name.
pub(super) fn pair(args: &PairArgs, context: &Context) -> Result<PairSetup, Problem> {
    let urls = match (&args.old, &args.new) {
        (Some(old), Some(new)) => Some(UrlPair {
            urls: Pair::new(old.clone(), new.clone()),
            bearer_env: Pair::new(args.old_bearer_env.clone(), args.new_bearer_env.clone()),
        }),
        _ => None,
    };
    let path = match &args.config {
        Some(path) => Some(path.clone()),
        None => Some(context.folder.join(PAIR_FILE)).filter(|path| path.is_file()),
    };
    let file = match path {
        Some(path) => Some((tidy(&path), read(&path)?)),
        None if urls.is_some() => None,
        None => {
            let text = "there is no cutover.yaml here; name the pair with -c FILE, \
                        or both sides with --old URL --new URL";
            return Err(Problem::new(BAD_INPUT, text));
        }
    };
    let from_file = file.is_some();
    let input = PairInput {
        file,
        urls,
        environment: args.env.as_deref(),
    };
    let read = read_pair(input, &|name| context.env(name));
    let options = args.vars.iter().cloned().collect();
    checked(read, options, context.suite_variables()).map(|setup| PairSetup { from_file, ..setup })
}

/// Refuses a value of a name that is built in.
fn never_used(by: &str, given: &BTreeMap<String, String>) -> Result<(), Problem> {
    match BUILT_IN.iter().find(|name| given.contains_key(**name)) {
        None => Ok(()),
        Some(name) => {
            let text = format!(
                "{by}{name} gives a value that would never be used: {{{{{name}}}}} is built in; take another name"
            );
            Err(Problem::new(BAD_INPUT, text))
        }
    }
}

/// Looks up what a pair names, in every environment; every mistake is told at once.
fn checked(
    read: PairRead,
    options: BTreeMap<String, String>,
    environment: BTreeMap<String, String>,
) -> Result<PairSetup, Problem> {
    never_used("--var ", &options)?;
    never_used("CUTOVER_VAR_", &environment)?;
    let mut problems = read.problems;
    for other in &read.others {
        problems.append(looked_up(other).1);
    }
    let Some(file) = read.file else {
        return Err(problems.distinct().into());
    };
    let (found, more) = looked_up(&file);
    problems.append(more);
    let problems = problems.distinct();
    let (Some((platforms, accepts)), false) = (found, problems.has_errors()) else {
        return Err(problems.into());
    };
    let given = Given {
        options,
        environment,
        pair: file.doc.vars.clone(),
    };
    Ok(PairSetup {
        file,
        platforms,
        accepts,
        given,
        warnings: problems,
        from_file: true,
    })
}

/// What the names of a pair stand for.
type LookedUp = (Pair<Arc<Platform>>, Accepts);

/// The platforms and known changes that a pair names, and what is wrong with their names.
fn looked_up(file: &PairFile) -> (Option<LookedUp>, Diagnostics) {
    let mut cx = Cx::new(&file.source);
    let found = match platforms(file) {
        Ok(found) => Some(found),
        Err(problems) => {
            cx.diagnostics.append(problems);
            None
        }
    };
    let shown = found
        .iter()
        .flat_map(|found| [found.old.as_ref(), found.new.as_ref()]);
    let shown: Vec<&Platform> = shown.collect();
    let accepts = Accepts::new(&file.doc.accept, shown, &mut cx);
    (found.map(|found| (found, accepts)), cx.diagnostics)
}

/// The credential of `--get`: `app`, where both sides have it. A token of the command line that would
/// never be sent, since the other side has none, is a mistake.
fn token_of_get(setup: &PairSetup) -> Result<Option<&'static str>, Problem> {
    let doc = &setup.file.doc;
    let has = Pair::new(&doc.old, &doc.new).map(|target| target.tokens.get("app").is_some());
    match (has.old, has.new) {
        (true, true) => Ok(Some("app")),
        (old, new) if old == new || setup.from_file => Ok(None),
        (old, _) => {
            let (this, that) = if old { ("old", "new") } else { ("new", "old") };
            let text = format!(
                "--{this}-bearer-env alone: --get sends a token on both sides or on none; \
                 give --{that}-bearer-env NAME too"
            );
            Err(Problem::new(BAD_INPUT, text))
        }
    }
}

/// Finds and reads the suites: those named, those of `--get`, or those of the folder `suites`.
pub(super) fn suite_texts(
    named: &[PathBuf],
    get: &[String],
    setup: &PairSetup,
    context: &Context,
) -> Result<Vec<SuiteText>, Problem> {
    let mut texts = Vec::new();
    if !get.is_empty() {
        let suite = get_suite(get, token_of_get(setup)?);
        texts.push((suite, context.folder.join("--get")));
    }
    let default = context.folder.join(SUITES);
    let paths = match (named, get) {
        ([], []) if default.is_dir() => vec![default],
        _ => named.to_vec(),
    };
    let mut files = SuiteFiles::new(setup.file.path());
    for path in paths {
        files.add(&path)?;
    }
    for file in files.found {
        let source = Source::new(tidy(&file).display().to_string(), read(&file)?);
        texts.push((source, file));
    }
    Ok(texts)
}

/// What becomes of warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Warnings {
    /// They are told.
    Told,
    /// They are errors.
    Refused,
}

impl Warnings {
    /// What `--strict` makes of them.
    pub(super) const fn under(strict: bool) -> Self {
        if strict { Self::Refused } else { Self::Told }
    }
}

/// Whether probes are to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Probes {
    /// They are.
    Sent,
    /// They are not: what a credential lacks for one is a warning.
    Withheld,
}

impl Probes {
    /// What `--probes` makes of them.
    pub(super) const fn with(probes: bool) -> Self {
        if probes { Self::Sent } else { Self::Withheld }
    }
}

/// Reads suites; every mistake of every file is reported at once.
pub(super) fn suites(
    texts: &[SuiteText],
    setup: &PairSetup,
    on_warnings: Warnings,
    probes: Probes,
) -> Result<(Vec<Suite>, Diagnostics), Problem> {
    let known = Known {
        pair: &setup.file,
        platforms: setup.platforms.as_ref().map(Arc::as_ref),
        accepts: &setup.accepts,
        given: &setup.given,
        probes: probes == Probes::Sent,
    };
    let mut suites = Vec::new();
    let mut problems = Diagnostics::default();
    let mut warnings = setup.warnings.clone();
    for (source, path) in texts {
        match load_suite(source, path, known) {
            Ok((suite, more)) => {
                suites.push(suite);
                warnings.append(more);
            }
            Err(more) => problems.append(more),
        }
    }
    if problems.has_errors() {
        return Err(problems.into());
    }
    if on_warnings == Warnings::Refused && !warnings.is_empty() {
        return Err(warnings.into());
    }
    Ok((suites, warnings))
}

/// Plans the selected cases. `pair` is the pair as it is asked, sides exchanged where they are.
pub(super) fn plan(
    suites: Vec<Suite>,
    args: &SelectArgs,
    pair: &Pair<TargetInfo>,
    context: &Context,
) -> Result<Plan, Problem> {
    let settled = match &args.rerun {
        None => None,
        Some(path) => Some(earlier::settled(path, &suites, Some(pair), context)?),
    };
    let selection = Selection {
        filters: args.filter.clone(),
        tags: args.tag.clone(),
        settled,
    };
    Ok(Plan::new(suites, &selection, args.shard))
}

/// What a command that has nothing to do says: what was asked for, and of how many cases.
pub(super) fn nothing(verb: &str, plan: &Plan, args: &SelectArgs) -> Problem {
    let count: usize = plan.suites.iter().map(|suite| suite.count()).sum();
    let all = plural(count, "case");
    let quoted = |flag: &str, texts: &[String]| {
        let texts = texts.iter().map(|text| format!("{flag} {text}"));
        texts.collect::<Vec<_>>().join(" ")
    };
    let flags = [quoted("--filter", &args.filter), quoted("--tag", &args.tag)];
    let flags: Vec<String> = flags.into_iter().filter(|flag| !flag.is_empty()).collect();
    let flags = flags.join(" ");
    let why = match &args.rerun {
        None if flags.is_empty() => "no suite has a case".to_owned(),
        None => format!("none of {all} fits {flags}"),
        Some(path) if flags.is_empty() => {
            let path = path.display();
            if count == 1 {
                format!("the only case is settled in {path}")
            } else {
                format!("all {all} are settled in {path}")
            }
        }
        Some(path) => {
            let path = path.display();
            format!("none of {all} fits {flags} and is not settled in {path}")
        }
    };
    Problem::new(NOTHING_RAN, format!("nothing to {verb}: {why}"))
}

/// Makes both sides ready; nothing is sent.
pub(super) fn session(
    pair: &PairSetup,
    run_id: &str,
    options: RunOptions,
) -> Result<Arc<Session>, Problem> {
    let (platforms, given) = (pair.platforms.clone(), pair.given.clone());
    let id = run_id.to_owned();
    Session::new(&pair.file, platforms, given, id, options, Secrets::new())
        .map(Arc::new)
        .map_err(|error| Problem::new(BAD_INPUT, error.to_string()))
}

/// The day that `until` is held against, in UTC.
pub(super) fn today() -> jiff::civil::Date {
    let now = jiff::Timestamp::now();
    now.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// A pair file that fits running doubles, read as any other.
pub(super) fn doubles_pair(
    text: String,
    vars: BTreeMap<String, String>,
) -> Result<PairSetup, Problem> {
    let input = PairInput {
        file: Some((PathBuf::from("demo.yaml"), text)),
        urls: None,
        environment: None,
    };
    checked(read_pair(input, &|_| None), vars, BTreeMap::new())
}

/// Lets what a pair file says beyond its sides hold for another pair: variables, what is not shown, what is accepted.
pub(super) fn with_settings(mut setup: PairSetup, own: &PairSetup) -> PairSetup {
    setup.given.pair.clone_from(&own.given.pair);
    setup.file.doc.redact.clone_from(&own.file.doc.redact);
    setup.file.outside.clone_from(&own.file.outside);
    setup.accepts.clone_from(&own.accepts);
    setup.warnings.clone_from(&own.warnings);
    setup
}
