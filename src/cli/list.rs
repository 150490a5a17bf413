//! `cutover list`: what would be sent.

use std::borrow::Cow;

use super::args::PlanArgs;
use super::context::Context;
use super::problem::Problem;
use super::setup::{self, PairSetup, Probes, Warnings};
use crate::pair::{Pair, Side};
use crate::plural::plural;
use crate::probe::ProbeName;
use crate::redact::{self, Secrets};
use crate::run::{Plan, Step, case_id};
use crate::suite::{Action, Case, Given, Suite};
use crate::template::{Scalar, Scope, Template};

/// Shows every case: its id, method and URL on each side, and whether it is a write.
pub(super) fn list(args: &PlanArgs, context: &Context) -> Result<u8, Problem> {
    let pair = setup::pair(&args.pair, context)?;
    let texts = setup::suite_texts(&args.suites, &args.get, &pair, context)?;
    let warnings = Warnings::under(args.select.strict);
    let (suites, _) = setup::suites(&texts, &pair, warnings, Probes::Withheld)?;
    let plan = setup::plan(suites, &args.select, &pair.targets(), context)?;
    if plan.total == 0 {
        return Err(setup::nothing("list", &plan, &args.select));
    }
    let mut lines: Vec<String> = Vec::new();
    for (suite, step) in plan.steps() {
        lines.extend(describe(&pair, suite, step));
    }
    lines.push(counts(&plan));
    let secrets = known(&pair, &plan);
    context.print(&secrets.text(&lines.join("\n")))?;
    Ok(0)
}

/// What the files say at places of secrets, wherever else it stands.
fn known(pair: &PairSetup, plan: &Plan) -> Secrets {
    let secrets = Secrets::new();
    pair.file.register(&secrets);
    pair.given.register(&secrets);
    for suite in &plan.suites {
        suite.register(&secrets);
    }
    secrets
}

fn describe(pair: &PairSetup, suite: &Suite, step: Step) -> Vec<String> {
    let case = &suite.cases[step.case];
    let mut marks = Vec::new();
    if case.probe().is_some() {
        marks.push("probe".to_owned());
    }
    if case.is_write() {
        marks.push("write".to_owned());
    }
    if case.samples(None) > 1 {
        marks.push(format!("asked {} times", case.samples(None)));
    }
    if case.cleanup {
        marks.push("cleanup".to_owned());
    }
    if let Some(why) = case.skip() {
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
    let lines = Pair::of(|side| line(pair, suite, step, side));
    vec![
        format!("{}{marks}", case_id(suite, step)),
        format!("  old  {}", lines.old),
        format!("  new  {}", lines.new),
    ]
}

fn line(pair: &PairSetup, suite: &Suite, step: Step, side: Side) -> String {
    let case = &suite.cases[step.case];
    let own = &case.sides[side];
    let token = own.token.as_deref().unwrap_or("none");
    let request = |method: &str, target: &Template| {
        let apis = &pair.file.doc.apis;
        let api = own.api.as_deref().and_then(|api| apis.get(api));
        let url = pair.file.target(side).url.as_str();
        let base = api.map_or_else(|| url.to_owned(), |api| api.base(side, url));
        let known = KnownScope {
            side,
            given: &pair.given,
            suite,
            case,
            row: step.row,
        };
        let target = target.render_url_known(&known);
        let target = redact::name(&target);
        format!("{method} {base}{target}")
    };
    match &own.action {
        Action::Request { method, target } => {
            format!("{}  (token: {token})", request(method, target))
        }
        Action::Probe { probe, target, .. } if probe.name() == ProbeName::Tls => {
            format!("probe {}", request("tls", target))
        }
        Action::Probe { probe, .. } if probe.name() == ProbeName::RefreshRotation => {
            format!("probe refresh-rotation  (token: {token})")
        }
        Action::Probe {
            probe,
            method,
            target,
        } => {
            let most = probe.allowance();
            let most = most.token + most.revoke + most.api;
            format!(
                "probe {} {}  (token: {token}; at most {})",
                probe.name().word(),
                request(method, target),
                plural(usize::try_from(most).unwrap_or(usize::MAX), "request")
            )
        }
        Action::Grant(grant) => format!("grant {}  (token: {token})", grant.word()),
        Action::Client => "nothing: `cutover client` runs the program".to_owned(),
    }
}

/// The values of a case that are known before anything is sent.
struct KnownScope<'a> {
    side: Side,
    given: &'a Given,
    suite: &'a Suite,
    case: &'a Case,
    row: Option<usize>,
}

impl Scope for KnownScope<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Scalar>> {
        if name == "side" {
            return Some(Cow::Owned(Scalar::Text(self.side.word().to_owned())));
        }
        let row = self.case.rows.as_deref().zip(self.row);
        if let Some(value) = row.and_then(|(table, row)| table.get(row, name)) {
            return Some(Cow::Borrowed(value));
        }
        // Made by each run; and captures, which go before what is given.
        let earlier = self.suite.cases.iter().take(self.case.index);
        let mut captures = earlier.flat_map(|case| &case.extras.capture);
        if matches!(name, "run.id" | "uuid" | "now") || captures.any(|(known, _)| known == name) {
            return None;
        }
        let given = self.given.get(name, self.side);
        given.or_else(|| self.suite.vars.get(name)?.on(self.side).map(Cow::Borrowed))
    }
}

fn counts(plan: &Plan) -> String {
    let cases: Vec<_> = plan
        .steps()
        .map(|(suite, step)| &suite.cases[step.case])
        .collect();
    let writes = cases.iter().filter(|case| case.is_write()).count();
    let skipped = cases.iter().filter(|case| case.skip().is_some()).count();
    let probes = cases.iter().filter(|case| case.probe().is_some()).count();
    let probes = match probes {
        0 => String::new(),
        count => format!(", {}", plural(count, "probe")),
    };
    format!(
        "{} in {}: {}{probes}, {skipped} skipped",
        plural(cases.len(), "case"),
        plural(plan.suites.len(), "suite"),
        plural(writes, "write")
    )
}
