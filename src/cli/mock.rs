//! `cutover mock`: doubles, served until stopped.

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use super::args::MockArgs;
use super::context::Context;
use super::problem::{BAD_INPUT, COULD_NOT, Problem};
use super::run::runtime;
use crate::mock::{Double, Doubles, StartOptions, is_written, pair_file};
use crate::private;
use crate::run::Stop;
use crate::source::Diagnostics;

/// Serves doubles; a line for each says where.
pub(super) fn mock(args: &MockArgs, context: &Context) -> Result<u8, Problem> {
    let mut doubles = Vec::new();
    let mut problems = Diagnostics::default();
    for file in &args.files {
        match Double::load(file) {
            Ok(double) => doubles.push(double),
            Err(more) => problems.append(more),
        }
    }
    if problems.has_errors() {
        return Err(problems.into());
    }
    if args.write_pair.is_some() && doubles.len() != 2 {
        let text = "--write-pair needs two doubles: the old side, then the new one";
        return Err(Problem::new(BAD_INPUT, text));
    }
    if let Some(path) = &args.write_pair {
        refuse_foreign(path)?;
    }
    runtime()?.block_on(serve(args, doubles, context))
}

/// A pair file that somebody wrote is not replaced; one of an earlier `--write-pair` is.
fn refuse_foreign(path: &Path) -> Result<(), Problem> {
    let there = match std::fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        there => there.unwrap_or_default(),
    };
    if is_written(&String::from_utf8_lossy(&there)) {
        return Ok(());
    }
    let text = format!(
        "{} is there already, and --write-pair did not write it; choose another path or remove it",
        path.display()
    );
    Err(Problem::new(BAD_INPUT, text))
}

/// The first line by which editors know the keys of a pair file, as the shipped suites have it; none where the
/// schema is not beside the file, since editors take that for a mistake.
fn schema_line(pair: &Path) -> &'static str {
    let folder = pair.parent().unwrap_or(Path::new(""));
    match folder.join("schema/pair.schema.json").is_file() {
        true => "# yaml-language-server: $schema=schema/pair.schema.json\n",
        false => "",
    }
}

async fn serve(args: &MockArgs, doubles: Vec<Double>, context: &Context) -> Result<u8, Problem> {
    let options = StartOptions {
        listen: args.listen,
        defect: args.defect.clone(),
    };
    let stop = Stop::default();
    super::signals::listen(stop.clone());
    let doubles = Doubles::start(doubles, &options)
        .await
        .map_err(|error| Problem::new(BAD_INPUT, error.to_string()))?;
    // The pair file first: whoever waits for the lines may read it at once.
    if let Some(path) = &args.write_pair {
        let text = format!("{}{}", schema_line(path), pair_file(doubles.running()));
        // Secrets of doubles are test values, but whoever fills in their own starts from this file.
        let written = private::create(path).and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| {
            Problem::new(
                COULD_NOT,
                format!("cannot write {}: {error}", path.display()),
            )
        })?;
    }
    for double in doubles.running() {
        context.print(&format!(
            "{}: {}{}",
            double.name(),
            double.url(),
            double.base()
        ))?;
    }
    stop.urgent().await;
    doubles.stop().await;
    Ok(0)
}
