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
    let soap = syntax_is_soap(&faults);
    let one_code = soap.old && soap.new && faults.old.code == faults.new.code;
    let one_meaning = faults.old.meaning.is_some() && faults.old.meaning == faults.new.meaning;
    let meaning = faults.as_ref().map(|fault| {
        fault
            .meaning
            .map_or("an unknown fault", crate::platform::Meaning::what)
    });
    let (kind, explain) = if one_meaning || one_code {
        let from_to = if syntax.old == syntax.new {
            format!("other {} members", syntax.new)
        } else {
            format!("{} where it was {}", syntax.new, syntax.old)
        };
        let whose = if soap.old || soap.new {
            "the"
        } else {
            "the gateway's"
        };
        let what = if one_meaning {
            meaning.new
        } else {
            &faults.new.code
        };
        let text = format!(
            "{whose} fault means the same ({what}) in {from_to}: clients that read it fail"
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

fn syntax_is_soap(faults: &Pair<Fault>) -> Pair<bool> {
    faults.as_ref().map(|fault| fault.syntax.is_soap())
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
    if answers.old.status >= 400 && answers.new.status >= 400 {
        soften_description(differences);
    }
    let Some(faults) = read(answers, platforms) else {
        return;
    };
    if faults.old.dialect != faults.new.dialect || faults.old.code != faults.new.code {
        return;
    }
    // The detail of a SOAP fault is data, its reason is words.
    let soap = faults.new.syntax.is_soap();
    for difference in differences
        .iter_mut()
        .filter(|found| found.kind == Kind::Value && (!soap || is_reason(&found.path)))
    {
        difference.severity = Severity::Cosmetic;
        "the wording of a fault changed, its code did not".clone_into(&mut difference.explain);
    }
}

/// Between two errors of one code the description is for people (RFC 6749 section 5.2, RFC 6750 section 3).
fn soften_description(differences: &mut [Difference]) {
    if differences.iter().any(|found| found.path == "$.error") {
        return;
    }
    let described = differences
        .iter_mut()
        .filter(|found| found.path == "$.error_description" && found.kind == Kind::Value);
    for difference in described {
        difference.severity = Severity::Cosmetic;
        "the wording of an error changed, its code did not".clone_into(&mut difference.explain);
    }
}

/// Whether a path names the reason of a SOAP fault.
fn is_reason(path: &str) -> bool {
    path.ends_with("/Fault/faultstring") || path.contains("/Fault/Reason/Text")
}
