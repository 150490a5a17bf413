//! Faults of the gateways themselves: one meaning in two syntaxes is one difference.

use super::body::whole;
use crate::message::Response;
use crate::pair::Pair;
use crate::platform::{Fault, Platform};
use crate::results::{Difference, Kind, Severity};

fn read(answers: Pair<&Response>, platforms: Pair<&Platform>) -> Option<Pair<Fault>> {
    let both = answers.zip(platforms);
    both.map(|(answer, platform)| platform.fault(answer.status, &answer.body))
        .transpose()
}

/// The one difference between two faults of different dialects.
pub(super) fn dialect(answers: Pair<&Response>, platforms: Pair<&Platform>) -> Option<Difference> {
    let faults = read(answers, platforms)?;
    if faults.old.dialect == faults.new.dialect {
        return None;
    }
    let syntax = faults.as_ref().map(|fault| fault.syntax.word());
    let codes = faults.as_ref().map(|fault| fault.code.clone());
    let same = faults.old.meaning.is_some() && faults.old.meaning == faults.new.meaning;
    let meaning = faults.as_ref().map(|fault| {
        fault
            .meaning
            .map_or("an unknown fault", crate::platform::Meaning::what)
    });
    let (kind, explain) = if same {
        let from_to = if syntax.old == syntax.new {
            format!("other {} members", syntax.new)
        } else {
            format!("{} where it was {}", syntax.new, syntax.old)
        };
        let text = format!(
            "the gateway's fault means the same ({}) in {from_to}: clients that read it fail",
            meaning.new
        );
        (Kind::Dialect, text)
    } else {
        let text = format!(
            "the gateway's fault meant \"{}\" and now means \"{}\", in another syntax",
            meaning.old, meaning.new
        );
        (Kind::Value, text)
    };
    let difference = whole(kind, explain, answers)
        .detail("old_code", codes.old)
        .detail("new_code", codes.new)
        .detail("old_dialect", faults.old.dialect)
        .detail("new_dialect", faults.new.dialect)
        .advice("read the status first, then the code; expect both syntaxes during the move");
    Some(difference)
}

/// Between two faults of one dialect and one code only the wording differs, which no client may
/// depend on.
pub(super) fn soften(
    answers: Pair<&Response>,
    platforms: Pair<&Platform>,
    differences: &mut [Difference],
) {
    if differences.is_empty() {
        return;
    }
    let Some(faults) = read(answers, platforms) else {
        return;
    };
    if faults.old.dialect != faults.new.dialect || faults.old.code != faults.new.code {
        return;
    }
    for difference in differences
        .iter_mut()
        .filter(|found| found.kind == Kind::Value)
    {
        difference.severity = Severity::Cosmetic;
        "the wording of a fault changed, its code did not".clone_into(&mut difference.explain);
    }
}
