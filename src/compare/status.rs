//! The status code.

use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// Codes that clients act on, each by itself (RFC 9110 section 15).
const ACTED_ON: [u16; 5] = [206, 304, 401, 407, 429];

/// The difference between two status codes, if there is one.
pub(super) fn compare(status: Pair<u16>) -> Option<Difference> {
    if status.old == status.new {
        return None;
    }
    let Pair { old, new } = status;
    let acted = [old, new].into_iter().find(|code| ACTED_ON.contains(code));
    let (severity, explain) = if class(old) != class(new) {
        let (from, to) = (what(old), what(new));
        (
            Severity::Breaking,
            format!("{from} became {to}: clients take the other branch"),
        )
    } else if let Some(code) = acted {
        let effect = effect(code);
        (Severity::Breaking, format!("{old} became {new}: {effect}"))
    } else {
        let what = what(old);
        let text =
            format!("{old} became {new}, still {what}: clients that test for the exact code break");
        (Severity::Risky, text)
    };
    let difference = Difference::new(Where::Status, "", Kind::Value, severity, explain)
        .showing(Observed::of(&old), Observed::of(&new))
        .advice(format!(
            "if this is meant: accept: [ {{ where: status, old: {old}, new: {new}, because: \"…\" }} ]"
        ));
    Some(difference)
}

const fn class(status: u16) -> u16 {
    status / 100
}

const fn what(status: u16) -> &'static str {
    match class(status) {
        1 => "an interim answer",
        2 => "a success",
        3 => "a redirect",
        4 => "a client error",
        5 => "a server error",
        _ => "an unknown status",
    }
}

const fn effect(status: u16) -> &'static str {
    match status {
        206 => "clients that read ranges take a part for the whole, or the whole for a part",
        304 => "clients that cache lose their copy",
        401 => "clients renew their token on 401 and on nothing else",
        407 => "clients log in at the proxy on 407 and on nothing else",
        _ => "clients wait and try again on 429 and on nothing else",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn severity(old: u16, new: u16) -> Option<Severity> {
        compare(Pair::new(old, new)).map(|difference| difference.severity)
    }

    #[test]
    fn what_clients_act_on_is_breaking() {
        assert_eq!(severity(200, 200), None);
        assert_eq!(severity(200, 500), Some(Severity::Breaking));
        assert_eq!(severity(401, 403), Some(Severity::Breaking));
        assert_eq!(severity(200, 206), Some(Severity::Breaking));
        assert_eq!(severity(405, 404), Some(Severity::Risky));
        assert_eq!(severity(500, 503), Some(Severity::Risky));
    }

    #[test]
    fn the_explanation_is_for_a_consumer() {
        let difference = compare(Pair::new(401, 403)).expect("a difference");
        assert_eq!(
            difference.explain,
            "401 became 403: clients renew their token on 401 and on nothing else"
        );
        assert_eq!(difference.old.json(), Some("401"));
    }
}
