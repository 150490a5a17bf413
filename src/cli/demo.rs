//! `cutover demo`: the shipped pack on embedded doubles.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use super::args::DemoArgs;
use super::context::Context;
use super::perform::{Performance, perform};
use super::problem::{BAD_INPUT, Problem};
use super::run::runtime;
use super::setup;
use crate::mock::{Double, Doubles, StartOptions};
use crate::shipped;
use crate::source::Source;

/// Runs the quick pack, or the whole one, on the doubles of API Cloud and Choreo.
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
    runtime()?.block_on(async {
        let options = StartOptions {
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
            defect: args.defect.clone(),
        };
        let doubles = Doubles::start(vec![doubles.old, doubles.new], &options)
            .await
            .map_err(|error| Problem::new(BAD_INPUT, error.to_string()))?;
        let result = on_doubles(args, &doubles, context).await;
        doubles.stop().await;
        result
    })
}

async fn on_doubles(args: &DemoArgs, doubles: &Doubles, context: &Context) -> Result<u8, Problem> {
    let vars = args.vars.iter().cloned().collect();
    let setup = setup::doubles_pair(doubles, vars)?;
    let texts: Vec<setup::SuiteText> = shipped::suites(args.all)
        .map(|(name, text)| (Source::new(name, text), PathBuf::from(name)))
        .collect();
    let (suites, _) = setup::suites(&texts, &setup, args.select.strict)?;
    let mut how = args.how.clone();
    // The doubles are of this process: nobody else is hurt.
    how.allow_writes = true;
    how.probes = true;
    let work = Performance {
        plan: setup::plan(suites, &args.select, &setup.targets(), context)?,
        setup,
        how: &how,
        select: &args.select,
        swap: false,
        meeting: None,
    };
    perform(work, context).await
}
