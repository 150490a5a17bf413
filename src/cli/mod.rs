//! The command line: wiring only. The one place that reads the environment and the terminal.

mod args;
mod check;
mod client;
mod client_need;
mod client_run;
mod context;
mod demo;
mod demo_pack;
mod demo_ways;
mod earlier;
mod files;
mod journal_place;
mod keeper;
mod list;
mod mock;
mod output;
mod pair_args;
mod perform;
mod prepare;
mod problem;
mod readiness;
mod ready;
mod real_side;
mod report;
mod run;
mod schema;
mod setup;
mod signals;
mod suite_files;
mod token;
mod token_sides;
mod token_text;
mod token_warnings;
mod typed;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
pub use context::Context;

use crate::escape;
use problem::Problem;
pub(crate) use ready::{Ready, ready};

/// Runs the command line and gives the exit code.
pub fn main(args: impl IntoIterator<Item = OsString>, mut context: Context) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, &mut context),
    };
    context.colour(cli.color);
    // One provider for every signature and every TLS session; a second call changes nothing.
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
    match dispatch(cli, &mut context) {
        Ok(code) => ExitCode::from(code),
        Err(problem) => {
            context.say_as_is(&problem.render(context.err_colour));
            ExitCode::from(problem.code)
        }
    }
}

fn dispatch(cli: Cli, context: &mut Context) -> Result<u8, Problem> {
    match cli.command {
        Command::Run(args) => run::run(&args, context),
        Command::Demo(args) => demo::demo(&args, context),
        Command::List(args) => list::list(&args, context),
        Command::Check(args) => check::check(&args, context),
        Command::Token(args) => token::token(&args, context),
        Command::Mock(args) => mock::mock(&args, context),
        Command::Report(args) => report::report(&args, context),
        Command::Schema(args) => schema::schema(&args, context),
        Command::Client(args) => client::client(&args, context),
        Command::Readiness(args) => readiness::readiness(&args, context),
    }
}

/// `--help` and `--version` are answers; everything else is bad usage.
fn usage(error: &clap::Error, context: &mut Context) -> ExitCode {
    let text =
        if context.err_colour && error.use_stderr() || context.out_colour && !error.use_stderr() {
            error.render().ansi().to_string()
        } else {
            escape::lines(&error.render().to_string()).into_owned()
        };
    if error.use_stderr() {
        context.say_as_is(text.trim_end());
        ExitCode::from(2)
    } else {
        let _ = context.print_as_is(text.trim_end());
        ExitCode::SUCCESS
    }
}
