//! `cutover client`: a program through the token profiles.

use std::path::Path;
use std::sync::Arc;

use super::args::{ClientArgs, PairArgs};
use super::client_run::perform;
use super::context::Context;
use super::problem::{BAD_INPUT, NOTHING_RAN, Problem};
use super::run::runtime;
use super::setup::{self, PAIR_FILE, PairSetup};
use super::suite_files::SuiteFiles;
use crate::client::Profile;
use crate::config::TimeSpan;
use crate::source::{Diagnostics, Entries, Source};
use crate::suite::{Choice, Given, Suite, check_pass, command_suite, is_file, load_client_suite};

/// Puts programs through the token profiles; gives the exit code.
pub(super) fn client(args: &ClientArgs, context: &Context) -> Result<u8, Problem> {
    if args.list_profiles {
        return list(args, context);
    }
    refuse_what_comes_later(args)?;
    let named = args.config.is_some() || args.env.is_some();
    let pair = named.then(|| pair(args, context)).transpose()?;
    let given = given(args, pair.as_ref(), context);
    let choice = choice(args)?;
    let suites = suites(args, &given, &choice, context)?;
    let pair = behind(args, &suites, pair, context)?;
    runtime()?.block_on(perform(args, suites, (given, pair), context))
}

fn refuse_what_comes_later(args: &ClientArgs) -> Result<(), Problem> {
    let how = &args.how;
    let later = [
        (args.capacity, "--capacity is not yet in this version"),
        (how.probes, "--probes has no meaning for client programs"),
        (
            how.allow_cross_side,
            "--allow-cross-side has no meaning for client programs",
        ),
        (
            how.samples.is_some(),
            "--samples has no meaning for client programs",
        ),
    ];
    match later.into_iter().find(|(given, _)| *given) {
        Some((_, text)) => Err(Problem::new(BAD_INPUT, text)),
        None => Ok(()),
    }
}

/// Each profile: its name, what it is, and whether it takes seconds.
fn list(args: &ClientArgs, context: &Context) -> Result<u8, Problem> {
    let profiles = match choice(args)?.named {
        Some(named) => named,
        None => Profile::shipped()?,
    };
    for profile in profiles
        .iter()
        .filter(|profile| !(args.fast && profile.waits))
    {
        let waits = if profile.waits {
            " (takes seconds)"
        } else {
            ""
        };
        context.print(&format!("{:<22} {}{waits}", profile.name, profile.about))?;
    }
    Ok(0)
}

/// The profiles that the command line names.
fn choice(args: &ClientArgs) -> Result<Choice, Problem> {
    let mut named = Vec::new();
    for name in &args.profiles {
        let profile = if is_file(name) {
            Profile::load(Path::new(name))?
        } else {
            Profile::named(name).map_err(|help| {
                Problem::new(BAD_INPUT, format!("unknown profile `{name}`: {help}"))
            })?
        };
        named.push(profile);
    }
    Ok(Choice {
        named: (!named.is_empty()).then_some(named),
        fast: args.fast,
    })
}

fn pair(args: &ClientArgs, context: &Context) -> Result<PairSetup, Problem> {
    let args = PairArgs {
        config: args.config.clone(),
        env: args.env.clone(),
        old: None,
        new: None,
        old_bearer_env: None,
        new_bearer_env: None,
        vars: Vec::new(),
    };
    setup::pair(&args, context)
}

/// Values from outside. The pair file is read where it is asked for: a program needs no pair.
fn given(args: &ClientArgs, pair: Option<&PairSetup>, context: &Context) -> Given {
    Given {
        options: args.vars.iter().cloned().collect(),
        environment: context.suite_variables(),
        pair: pair.map_or_else(Entries::default, |pair| pair.file.doc.vars.clone()),
    }
}

/// The pair, where calls of a program are passed on to a side of it; every name of a suite that it does not
/// have is told.
fn behind(
    args: &ClientArgs,
    suites: &[Suite],
    read: Option<PairSetup>,
    context: &Context,
) -> Result<Option<PairSetup>, Problem> {
    let passes = suites.iter().filter_map(|suite| {
        let client = suite.client.as_ref()?;
        client.pass.as_ref()
    });
    let passes: Vec<_> = passes.collect();
    if passes.is_empty() {
        return Ok(None);
    }
    let setup = match read {
        Some(setup) => setup,
        None => pair(args, context)?,
    };
    let mut problems = Diagnostics::default();
    for pass in passes {
        problems.append(check_pass(pass, &setup.file));
    }
    if problems.has_errors() {
        return Err(problems.into());
    }
    Ok(Some(setup))
}

fn suites(
    args: &ClientArgs,
    given: &Given,
    choice: &Choice,
    context: &Context,
) -> Result<Vec<Suite>, Problem> {
    if !args.command.is_empty() {
        if let Some(suite) = args.suites.first() {
            let text = format!(
                "{} and a command behind `--` cannot run together: take one away",
                suite.display()
            );
            return Err(Problem::new(BAD_INPUT, text));
        }
        let profiles = choice.profiles(Vec::new())?;
        return Ok(vec![command_suite(
            &args.command,
            &context.folder,
            profiles,
        )]);
    }
    let default = context.folder.join(setup::SUITES);
    let named = match args.suites.as_slice() {
        [] if default.is_dir() => vec![default],
        named => named.to_vec(),
    };
    let pair = args
        .config
        .clone()
        .unwrap_or_else(|| context.folder.join(PAIR_FILE));
    let mut files = SuiteFiles::new(&pair);
    for path in &named {
        files.add(path)?;
    }
    let mut suites = Vec::new();
    let mut problems = Diagnostics::default();
    for file in &files.found {
        let name = setup::tidy(file).display().to_string();
        let source = Source::new(name, setup::read(file)?);
        match load_client_suite(&source, file, given, choice) {
            Ok(Some(suite)) => suites.push(suite),
            Ok(None) if args.suites.contains(file) => return Err(no_client(file)),
            Ok(None) => {}
            Err(more) => problems.append(more),
        }
    }
    if problems.has_errors() {
        return Err(problems.into());
    }
    if suites.is_empty() {
        let text = "no client suite found: name a program behind `--`, or a suite with `client:`";
        return Err(Problem::new(NOTHING_RAN, text));
    }
    Ok(suites)
}

fn no_client(file: &Path) -> Problem {
    let text = format!(
        "{} has cases and no `client:`: `cutover run` runs it",
        file.display()
    );
    Problem::new(BAD_INPUT, text)
}

/// The program of each suite, with what the command line says of all.
pub(super) fn adjusted(args: &ClientArgs, suite: &Suite) -> Option<Arc<crate::client::Client>> {
    let client = suite.client.as_ref()?;
    let mut client = client.as_ref().clone();
    if let Some(TimeSpan(timeout)) = args.how.timeout {
        client.timeout = timeout;
    }
    client.pass_env.extend(args.pass_env.iter().cloned());
    Some(Arc::new(client))
}
