//! How bodies are packed on their way: `Content-Encoding`.

use super::Comparison;
use crate::message::{Packing, Response};
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// Compares how two bodies are packed. `false` where what is in them cannot be compared then.
pub(super) fn compare(answers: Pair<&Response>, found: &mut Comparison) -> bool {
    let packing = answers.map(|answer| &answer.packing);
    if packing.old == packing.new {
        return true;
    }
    let readable = packing.map(is_readable);
    let difference = if readable.old && readable.new {
        let explain = "the body is packed otherwise: HTTP libraries unpack it by themselves";
        Difference::new(
            Where::Body,
            "$",
            Kind::Encoding,
            Severity::Cosmetic,
            explain,
        )
    } else {
        unreadable(packing, readable)
    };
    let shown = packing.map(|packing| match packing {
        Packing::Plain => Observed::Absent,
        Packing::Unpacked(coding) | Packing::Foreign(coding) => Observed::text(coding),
        Packing::Broken(coding, why) => Observed::text(&format!("{coding}, but {why}")),
    });
    found
        .differences
        .push(difference.showing(shown.old, shown.new));
    readable.old && readable.new
}

const fn is_readable(packing: &Packing) -> bool {
    matches!(packing, Packing::Plain | Packing::Unpacked(_))
}

/// A body that a client cannot read as its header says, on one side or each in its own way.
fn unreadable(packing: Pair<&Packing>, readable: Pair<bool>) -> Difference {
    let side = if readable.new { Side::Old } else { Side::New };
    let (explain, advice) = match packing[side] {
        Packing::Broken(coding, why) => (
            format!(
                "the {side} side says that its body is {coding}, but {why}: clients that unpack it fail"
            ),
            "see what packs the answer on that side: a gateway that keeps the header and changes the body",
        ),
        Packing::Foreign(coding) => (
            format!(
                "the {side} side packs its body in {coding}, which was not asked for: clients that cannot unpack it read nothing, and what is in it was not compared"
            ),
            "let that side pack only as Accept-Encoding allows",
        ),
        Packing::Plain | Packing::Unpacked(_) => (String::new(), ""),
    };
    Difference::new(
        Where::Body,
        "$",
        Kind::Encoding,
        Severity::Breaking,
        explain,
    )
    .advice(advice)
    .detail("side", side.word())
}
