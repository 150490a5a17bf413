//! `cutover list`: what would be sent.

use super::args::PlanArgs;
use super::context::Context;
use super::problem::{NOTHING_RAN, Problem};
use super::setup;
use crate::config::PairFile;
use crate::pair::{Pair, Side};
use crate::plural::plural;
use crate::redact;
use crate::run::{Plan, Step, case_id};
use crate::suite::{Action, Case, Suite};

/// Shows every case: its id, method and URL on each side, and whether it is a write.
pub(super) fn list(args: &PlanArgs, context: &Context) -> Result<u8, Problem> {
    let pair = setup::pair(&args.pair, context)?;
    let texts = setup::suite_texts(&args.suites, &args.get, &pair, context)?;
    let (suites, _) = setup::suites(&texts, &pair, args.select.strict)?;
    let plan = setup::plan(suites, &args.select)?;
    if plan.total == 0 {
        return Err(Problem::new(
            NOTHING_RAN,
            "nothing to list: no case was selected",
        ));
    }
    let mut lines: Vec<String> = Vec::new();
    for (suite, step) in plan.steps() {
        lines.extend(describe(&pair.file, suite, step));
    }
    lines.push(counts(&plan));
    context.print(&lines.join("\n"))?;
    Ok(0)
}

fn describe(pair: &PairFile, suite: &Suite, step: Step) -> Vec<String> {
    let case = &suite.cases[step.case];
    let mut marks = Vec::new();
    if case.is_write() {
        marks.push("write".to_owned());
    }
    if case.cleanup {
        marks.push("cleanup".to_owned());
    }
    if let Some(why) = &case.skip {
        marks.push(if why.is_empty() {
            "skip".to_owned()
        } else {
            format!("skip: {}", redact::name(why))
        });
    }
    let marks = if marks.is_empty() {
        String::new()
    } else {
        format!("  [{}]", marks.join(", "))
    };
    let lines = Pair::of(|side| line(pair, case, side));
    vec![
        format!("{}{marks}", case_id(suite, step)),
        format!("  old  {}", lines.old),
        format!("  new  {}", lines.new),
    ]
}

fn line(pair: &PairFile, case: &Case, side: Side) -> String {
    let own = &case.sides[side];
    let token = own.token.as_deref().unwrap_or("none");
    match &own.action {
        Action::Request { method, target } => {
            let api = own.api.as_deref().and_then(|api| pair.doc.apis.get(api));
            let base = api.map(|api| match side {
                Side::Old => api.old.as_str(),
                Side::New => api.new.as_str(),
            });
            let url = pair.target(side).url.as_str();
            let target = target.to_string();
            let target = redact::name(&target);
            format!(
                "{method} {url}{}{target}  (token: {token})",
                base.unwrap_or_default()
            )
        }
        Action::Grant(grant) => format!("grant {}  (token: {token})", grant.word()),
    }
}

fn counts(plan: &Plan) -> String {
    let cases: Vec<_> = plan
        .steps()
        .map(|(suite, step)| &suite.cases[step.case])
        .collect();
    let writes = cases.iter().filter(|case| case.is_write()).count();
    let skipped = cases.iter().filter(|case| case.skip.is_some()).count();
    format!(
        "{} in {}: {}, {skipped} skipped",
        plural(cases.len(), "case"),
        plural(plan.suites.len(), "suite"),
        plural(writes, "write")
    )
}
