//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::pair_args::PairArgs;
use super::typed::{
    ReportTarget, assignment, at_least_one, readiness_target, report_target, samples, shard,
};
use crate::config::TimeSpan;
use crate::pair::Side;
use crate::results::Severity;
use crate::run::Shard;

/// Proves that API consumers can move from an old gateway to a new one and notice nothing, or says
/// exactly what they would notice.
#[derive(Debug, Parser)]
#[command(
    name = "cutover",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
pub(super) struct Cli {
    /// When to use colours
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "WHEN"
    )]
    pub(super) color: Colour,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run suites against the pair and compare what comes back
    Run(RunArgs),
    /// Watch a migration being proved: the shipped suites on embedded doubles, no network needed
    Demo(DemoArgs),
    /// Show what would be sent; sends nothing
    List(PlanArgs),
    /// Read everything and report every mistake; sends nothing
    Check(CheckArgs),
    /// Obtain a token and explain it
    Token(TokenArgs),
    /// Serve doubles of gateways until stopped
    Mock(MockArgs),
    /// Make reports again from journals
    Report(ReportArgs),
    /// Print the JSON Schema of a file format
    Schema(SchemaArgs),
    /// Put a client program through the token profiles, and say what broke
    Client(ClientArgs),
    /// Say whether consumers can move: every row of the comparison, and one verdict
    Readiness(ReadinessArgs),
}

/// Which suites and cases.
#[derive(Debug, Args, Clone)]
pub(super) struct PlanArgs {
    /// Suites: files, or folders that are searched [default: suites]
    #[arg(value_name = "SUITE")]
    pub(super) suites: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) pair: PairArgs,
    /// A path to get and compare, without a suite
    #[arg(long, value_name = "PATH")]
    pub(super) get: Vec<String>,
    #[command(flatten)]
    pub(super) select: SelectArgs,
}

/// Which cases.
#[derive(Debug, Args, Clone)]
pub(super) struct SelectArgs {
    /// Only cases whose id contains this text
    #[arg(long, value_name = "TEXT")]
    pub(super) filter: Vec<String>,
    /// Only cases with this tag
    #[arg(long, value_name = "TAG")]
    pub(super) tag: Vec<String>,
    /// Only part K of N of the plan
    #[arg(long, value_name = "K/N", value_parser = shard)]
    pub(super) shard: Option<Shard>,
    /// Only cases that this journal does not show as same or accepted
    #[arg(long, value_name = "JOURNAL")]
    pub(super) rerun: Option<PathBuf>,
    /// Treat warnings as errors, and withheld cases as incomplete
    #[arg(long)]
    pub(super) strict: bool,
}

#[derive(Debug, Args, Clone)]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) plan: PlanArgs,
    #[command(flatten)]
    pub(super) how: HowArgs,
    /// Exchange the sides: the new one is taken for the old one
    #[arg(long)]
    pub(super) swap: bool,
}

/// How to run, and what to report.
#[derive(Debug, Args, Clone)]
pub(super) struct HowArgs {
    /// Cases at work at one time
    #[arg(short = 'j', long, value_name = "N", default_value_t = 8, value_parser = at_least_one)]
    pub(super) jobs: usize,
    /// Send writes too; with a pair file both its targets must allow them
    #[arg(long)]
    pub(super) allow_writes: bool,
    /// Allow tokens of one side to go to the other, for the probes that need it
    #[arg(long)]
    pub(super) allow_cross_side: bool,
    /// Run probes: more requests, some of them with tokens that must be refused
    #[arg(long)]
    pub(super) probes: bool,
    /// Ask each side N times (safe requests only): what varies is compared by what it is [default: what
    /// the suites say, else 1]
    #[arg(long, value_name = "N", value_parser = samples)]
    pub(super) samples: Option<u32>,
    /// The time for one exchange, e.g. 10s
    #[arg(long, value_name = "TIME", value_parser = TimeSpan::parse_some)]
    pub(super) timeout: Option<TimeSpan>,
    /// The time for the whole run; what is left then is not run
    #[arg(long, value_name = "TIME", value_parser = TimeSpan::parse)]
    pub(super) max_time: Option<TimeSpan>,
    /// Repetitions of safe requests after connect errors, timeouts, 429 and 503
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) retries: u32,
    /// Stop after the first case that is different
    #[arg(long)]
    pub(super) fail_fast: bool,
    /// Stop after N cases that are different
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(super) max_fail: Option<usize>,
    /// The severity from which a difference counts
    #[arg(long, value_name = "SEVERITY", value_enum, default_value = "risky")]
    pub(super) fail_on: FailOn,
    /// A report: terminal, json, junit, html, markdown or github, with a path behind = where wanted
    #[arg(long = "report", value_name = "FORMAT[=PATH]", value_parser = report_target)]
    pub(super) reports: Vec<ReportTarget>,
    /// Where to keep the journal [default: .cutover/runs/ID.jsonl]
    #[arg(long, value_name = "PATH")]
    pub(super) journal: Option<PathBuf>,
    /// Keep the exchanges of all cases, not only of those that differ
    #[arg(long, value_name = "WHICH", value_enum)]
    pub(super) keep_exchanges: Option<Keep>,
    #[command(flatten)]
    pub(super) look: LookArgs,
    /// No progress
    #[arg(long)]
    pub(super) no_progress: bool,
}

/// How much the terminal report says.
#[derive(Debug, Args, Clone, Copy)]
pub(super) struct LookArgs {
    /// Failures and the verdict only
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Evidence too: a curl line for each side of what failed
    #[arg(short, long)]
    pub(super) verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Keep {
    /// The exchanges of every case
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Breaking,
    Risky,
    Cosmetic,
}

impl FailOn {
    pub(super) const fn severity(self) -> Severity {
        match self {
            Self::Breaking => Severity::Breaking,
            Self::Risky => Severity::Risky,
            Self::Cosmetic => Severity::Cosmetic,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// The whole pack: a suite for each row of the comparison, over plain and TLS addresses
    #[arg(long)]
    pub(super) all: bool,
    /// Break the new side in a way that is listed by --list-defects; runs suites that see it
    #[arg(long, value_name = "NAME")]
    pub(super) defect: Option<String>,
    /// List the defects
    #[arg(long)]
    pub(super) list_defects: bool,
    /// Exchange the sides: Choreo is the old one, API Cloud the new one
    #[arg(long)]
    pub(super) swap: bool,
    /// A pair file, whose `vars`, `redact` and `accept` hold; the sides are the doubles
    #[arg(short = 'c', long = "config", value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The environment of the pair file [default for this: cutover.yaml]
    #[arg(long, value_name = "NAME")]
    pub(super) env: Option<String>,
    #[command(flatten)]
    pub(super) select: SelectArgs,
    /// A variable of the suites
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = assignment)]
    pub(super) vars: Vec<(String, String)>,
    #[command(flatten)]
    pub(super) how: HowArgs,
}

#[derive(Debug, Args)]
pub(super) struct ClientArgs {
    /// Client suites: files, or folders that are searched [default: suites]
    #[arg(value_name = "SUITE")]
    pub(super) suites: Vec<PathBuf>,
    /// The program and its arguments, without a suite
    #[arg(last = true, value_name = "COMMAND")]
    pub(super) command: Vec<String>,
    /// The profiles: names, or profile files; opaque-uuid always runs
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(super) profiles: Vec<String>,
    /// List the profiles
    #[arg(long)]
    pub(super) list_profiles: bool,
    /// Leave out the profiles that take seconds
    #[arg(long)]
    pub(super) fast: bool,
    /// Find the longest token that the program replays unharmed; no profiles but those that are named
    #[arg(long)]
    pub(super) capacity: bool,
    /// A variable of your environment that the program is given too
    #[arg(long, value_name = "NAME")]
    pub(super) pass_env: Vec<String>,
    /// Exchange the sides of the pair file: the new one is taken for the old one
    #[arg(long)]
    pub(super) swap: bool,
    /// A pair file: `vars` for placeholders, sides for `serve: { pass: .. }` and the new side's token for
    /// `--capacity` [default for these two: cutover.yaml]
    #[arg(short = 'c', long = "config", value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The environment of the pair file
    #[arg(long, value_name = "NAME")]
    pub(super) env: Option<String>,
    /// A variable of the suites
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = assignment)]
    pub(super) vars: Vec<(String, String)>,
    #[command(flatten)]
    pub(super) select: SelectArgs,
    #[command(flatten)]
    pub(super) how: HowArgs,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) plan: PlanArgs,
    /// Try each endpoint, its certificate and its clock
    #[arg(long)]
    pub(super) connect: bool,
}

#[derive(Debug, Args)]
pub(super) struct TokenArgs {
    /// The side
    #[arg(value_enum)]
    pub(super) side: SideChoice,
    /// The credential [default: the only one, or app]
    pub(super) name: Option<String>,
    #[command(flatten)]
    pub(super) pair: PairArgs,
    /// Show the token itself
    #[arg(long)]
    pub(super) show: bool,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SideChoice {
    Old,
    New,
    Both,
}

impl SideChoice {
    pub(super) const fn sides(self) -> &'static [Side] {
        match self {
            Self::Old => &[Side::Old],
            Self::New => &[Side::New],
            Self::Both => &Side::BOTH,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct MockArgs {
    /// Files of doubles
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(super) listen: std::net::IpAddr,
    /// Break the last double in a way that its file names
    #[arg(long, value_name = "NAME")]
    pub(super) defect: Option<String>,
    /// Write the pair file that fits: the first double is the old side, the second the new one
    #[arg(long, value_name = "FILE")]
    pub(super) write_pair: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// Journals; shards of one run are merged
    #[arg(value_name = "JOURNAL", required = true)]
    pub(super) journals: Vec<PathBuf>,
    /// A report: terminal, json, junit, html, markdown or github, with a path behind = where wanted
    #[arg(long = "report", value_name = "FORMAT[=PATH]", value_parser = report_target)]
    pub(super) reports: Vec<ReportTarget>,
    /// An earlier journal: say what is new, still there and fixed
    #[arg(long, value_name = "JOURNAL")]
    pub(super) since: Option<PathBuf>,
    /// Treat withheld cases as incomplete
    #[arg(long)]
    pub(super) strict: bool,
    #[command(flatten)]
    pub(super) look: LookArgs,
}

#[derive(Debug, Args)]
pub(super) struct ReadinessArgs {
    /// Journals of one or many runs of one pair; of each case the newest counts
    #[arg(value_name = "JOURNAL", required = true)]
    pub(super) journals: Vec<PathBuf>,
    /// A report: terminal, html, markdown or json, with a path behind = where wanted
    #[arg(long = "report", value_name = "FORMAT[=PATH]", value_parser = readiness_target)]
    pub(super) reports: Vec<ReportTarget>,
    /// The age from which a run no longer counts, e.g. 7d [default: none]
    #[arg(long, value_name = "TIME", value_parser = TimeSpan::parse_some)]
    pub(super) max_age: Option<TimeSpan>,
    #[command(flatten)]
    pub(super) look: LookArgs,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// The format
    #[arg(value_enum)]
    pub(super) what: SchemaKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaKind {
    Suite,
    Pair,
    Double,
    Results,
    Profile,
    Platform,
    Readiness,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
