//! `cutover client`: a program through the token profiles.

use std::path::{Path, PathBuf};

use super::args::ClientArgs;
use super::client_need;
use super::client_run::{From, perform};
use super::context::Context;
use super::files::{PAIR_FILE, SUITES, read, tidy};
use super::problem::{BAD_INPUT, NOTHING_RAN, Problem};
use super::run::runtime;
use super::setup::PairSetup;
use super::suite_files::SuiteFiles;
use super::token_sides::folded;
use crate::client::Profile;
use crate::source::{Diagnostics, Entries, Source};
use crate::suite::{
    Choice, Given, Suite, check_pass, command_suite, is_file, load_client_suite, set_by_every_run,
};

/// Puts programs through the token profiles; gives the exit code.
pub(super) fn client(args: &ClientArgs, context: &Context) -> Result<u8, Problem> {
    if args.list_profiles {
        return list(args, context);
    }
    tell_what_has_no_meaning(args, context)?;
    if let Some(why) = args.pass_env.iter().find_map(|name| set_by_every_run(name)) {
        return Err(Problem::new(BAD_INPUT, format!("--pass-env: {why}")));
    }
    let pair = client_need::pair(args, context)?;
    let given = given(args, pair.as_ref(), context);
    let choice = choice(args)?;
    let suites = suites(args, &given, &choice, context)?;
    let behind = behind(args, &suites, pair.clone(), context)?;
    let pair = pair.or_else(|| behind.clone());
    if args.swap && pair.is_none() {
        let text = "--swap exchanges the sides of a pair file, and none is read here (-c FILE, `serve: { pass: .. }`)";
        passed_over(text, args, context)?;
    }
    runtime()?.block_on(async {
        let need = if args.capacity {
            Some(client_need::need(pair.as_ref()).await?)
        } else {
            None
        };
        let from = From {
            given,
            pair: behind,
            need,
        };
        perform(args, suites, from, context).await
    })
}

/// Flags that `run` has too, and that change nothing here: one command line serves both. A warning, and a
/// mistake where warnings are.
fn tell_what_has_no_meaning(args: &ClientArgs, context: &Context) -> Result<(), Problem> {
    let how = &args.how;
    let all = [
        ("--probes", how.probes),
        ("--allow-cross-side", how.allow_cross_side),
        ("--samples", how.samples.is_some()),
    ];
    for (flag, _) in all.into_iter().filter(|(_, given)| *given) {
        passed_over(
            &format!("{flag} has no meaning for client programs"),
            args,
            context,
        )?;
    }
    Ok(())
}

fn passed_over(text: &str, args: &ClientArgs, context: &Context) -> Result<(), Problem> {
    if args.select.strict {
        return Err(Problem::new(BAD_INPUT, text));
    }
    context.say(&format!("warning: {text}: it is passed over"));
    Ok(())
}

/// Columns of the list of profiles.
const COLUMNS: usize = 60;

/// Each profile: its name, what it is and whether it takes seconds, where it is seen, what is right in it.
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
        let told = [
            format!("{}{waits}", profile.about),
            format!("seen in: {}", profile.seen_in),
            format!("expected: {}", profile.expectation),
        ];
        context.print(&profile.name)?;
        for line in told.iter().flat_map(|text| folded(text, COLUMNS - 2)) {
            context.print(&format!("  {line}"))?;
        }
    }
    Ok(0)
}

/// The profiles that the command line names.
fn choice(args: &ClientArgs) -> Result<Choice, Problem> {
    let mut named = Vec::new();
    for name in &args.profiles {
        let profile = if is_file(name) {
            if !Path::new(name).exists() {
                let text = format!("there is no file {name} for a profile");
                return Err(Problem::new(BAD_INPUT, text));
            }
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
        capacity: args.capacity,
    })
}

/// Values from outside.
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
        None => client_need::read(args, context)?,
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
        return Ok(vec![command_suite(&args.command, &context.folder, choice)?]);
    }
    let files = named_files(args, context)?;
    let mut suites = Vec::new();
    let mut problems = Diagnostics::default();
    for file in &files {
        let name = tidy(file).display().to_string();
        let source = Source::new(name, read(file)?);
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

/// The suite files that the command line names, or those of the folder `suites`.
fn named_files(args: &ClientArgs, context: &Context) -> Result<Vec<PathBuf>, Problem> {
    let default = context.folder.join(SUITES);
    let named = match args.suites.as_slice() {
        [] if default.is_dir() => vec![default],
        named => named.to_vec(),
    };
    // `cutover client sh app.sh`: what looks like a suite is the program.
    if let Some(first) = named.first().filter(|first| !first.exists()) {
        let words: Vec<String> = named
            .iter()
            .map(|word| word.display().to_string())
            .collect();
        let text = format!(
            "there is no suite {}; a program and its arguments stand behind `--`: cutover client -- {}",
            first.display(),
            words.join(" ")
        );
        return Err(Problem::new(BAD_INPUT, text));
    }
    let pair = args
        .config
        .clone()
        .unwrap_or_else(|| context.folder.join(PAIR_FILE));
    let mut files = SuiteFiles::new(&pair);
    for path in &named {
        files.add(path)?;
    }
    Ok(files.found)
}

fn no_client(file: &Path) -> Problem {
    let text = format!(
        "{} has cases and no `client:`: `cutover run` runs it",
        file.display()
    );
    Problem::new(BAD_INPUT, text)
}
