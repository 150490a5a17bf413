//! `cutover demo`: the shipped pack on embedded doubles.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use super::args::DemoArgs;
use super::context::Context;
use super::demo_pack::Pack;
use super::demo_ways::BothWays;
use super::pair_args::PairArgs;
use super::perform::perform;
use super::prepare::Performance;
use super::problem::{BAD_INPUT, Problem};
use super::run::runtime;
use super::setup::{self, PairSetup, Probes, Warnings};
use crate::mock::{Double, Doubles, StartOptions, pair_file, pair_file_by_both_ways};
use crate::pair::Pair;
use crate::source::Source;
use crate::suite::Suite;

/// Runs the quick pack, the whole one, or what sees a defect, on the doubles of API Cloud and Choreo.
pub(super) fn demo(args: &DemoArgs, context: &Context) -> Result<u8, Problem> {
    let doubles = Double::embedded()?;
    if args.list_defects {
        for defect in doubles.new.defects() {
            context.print(&format!(
                "{:<22} {} ({})",
                defect.name, defect.about, defect.feature
            ))?;
        }
        return Ok(0);
    }
    let pack = Pack::of(args.all, args.defect.as_deref(), &doubles.new.defects());
    runtime()?.block_on(async {
        let plain = started(&doubles, args).await?;
        // Limits, tokens and data are counted for each way on its own.
        let secure = match pack.by_both_ways() {
            true => Some(started(&doubles, args).await?),
            false => None,
        };
        let result = on_doubles(args, &pack, &plain, secure.as_ref(), context).await;
        plain.stop().await;
        if let Some(secure) = secure {
            secure.stop().await;
        }
        result
    })
}

async fn started(doubles: &Pair<Double>, args: &DemoArgs) -> Result<Doubles, Problem> {
    let options = StartOptions {
        listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
        defect: args.defect.clone(),
    };
    let doubles = vec![doubles.old.clone(), doubles.new.clone()];
    let started = Doubles::start(doubles, &options).await;
    started.map_err(|error| Problem::new(BAD_INPUT, error.to_string()))
}

async fn on_doubles(
    args: &DemoArgs,
    pack: &Pack,
    plain: &Doubles,
    secure: Option<&Doubles>,
    context: &Context,
) -> Result<u8, Problem> {
    let (setup, suites) = work(args, pack, plain, secure, context)?;
    let mut how = args.how.clone();
    // The doubles are of this process: nobody else is hurt.
    how.allow_writes = true;
    how.probes = true;
    how.allow_cross_side = true;
    let targets = setup.targets();
    let targets = if args.swap { targets.swap() } else { targets };
    let work = Performance {
        plan: setup::plan(suites, &args.select, &targets, context)?,
        setup,
        how: &how,
        select: &args.select,
        swap: args.swap,
        meeting: None,
    };
    perform(work, context).await
}

/// The pair file that the command line names; none where it names none, since the demo needs no checkout.
fn own_pair(args: &DemoArgs, context: &Context) -> Result<Option<PairSetup>, Problem> {
    let named = args.config.is_some() || args.env.is_some();
    let file = PairArgs::of_file(args.config.as_ref(), args.env.as_ref());
    named.then(|| setup::pair(&file, context)).transpose()
}

/// The pair, and the suites that are run on it: the quick pack over plain TCP, any other over TLS too.
fn work(
    args: &DemoArgs,
    pack: &Pack,
    plain: &Doubles,
    secure: Option<&Doubles>,
    context: &Context,
) -> Result<(PairSetup, Vec<Suite>), Problem> {
    let texts: Vec<setup::SuiteText> = pack
        .texts()
        .map(|(name, text)| (Source::new(name, text), PathBuf::from(name)))
        .collect();
    let vars = args.vars.iter().cloned().collect();
    let warnings = Warnings::under(args.select.strict);
    let own = own_pair(args, context)?;
    let settled = |setup| match &own {
        Some(own) => setup::with_settings(setup, own),
        None => setup,
    };
    let Some(secure) = secure else {
        let setup = settled(setup::doubles_pair(pair_file(plain.running()), vars)?);
        let (suites, _) = setup::suites(&texts, &setup, warnings, Probes::Sent)?;
        return Ok((setup, suites));
    };
    let text = pair_file_by_both_ways(plain.running(), secure.running());
    let setup = settled(setup::doubles_pair(text, vars)?);
    let both = BothWays::read(&texts, &setup, warnings)?;
    if !args.how.look.quiet {
        if let Some(said) = pack.said() {
            context.say(&said);
        }
        context.say(&both.said());
    }
    Ok((setup, both.suites))
}
