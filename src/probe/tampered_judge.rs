//! What two sides make of changed and forged tokens, weighed. Pure.

use super::control::is_taken;
use super::finding::{Finding, finding};
use super::tampered_seen::Seen;
use super::variant::{Rule, Variant};
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Observed, Severity};
use crate::token::catalogue::E07;

pub(super) fn compare(seen: &Pair<Seen>) -> Vec<Difference> {
    let status = |side: Side, variant: Variant| {
        let mut all = seen[side].statuses.iter();
        all.find(|(asked, _)| *asked == variant)
            .map(|(_, status)| *status)
    };
    let found = Variant::ALL.into_iter().filter_map(|variant| {
        let statuses = Pair::of(|side| status(side, variant));
        let shown = statuses.map(|status| status.map_or(Observed::Absent, |s| Observed::of(&s)));
        judge(variant, statuses).map(|item| item.seen(shown))
    });
    found.collect()
}

fn judge(variant: Variant, statuses: Pair<Option<u16>>) -> Option<Difference> {
    let new = statuses.new?;
    let taken = statuses.map(|status| status.map(is_taken));
    let what = variant.what();
    let of = |check, kind, severity, explain: String| {
        finding(check, variant.name(), kind, severity, explain)
    };
    let own = |kind, severity, explain| of(variant.check(), kind, severity, explain);
    let locked_out = || {
        format!(
            "the new side refuses {what}, which the old side takes: clients that send it are locked out"
        )
    };
    Some(match (variant.rule(), taken.old, is_taken(new)) {
        (Rule::Refuse, old, true) => {
            let also = if old == Some(true) {
                ", as the old side does"
            } else {
                ""
            };
            let explain = format!(
                "security hole: the new side takes {what}{also}: {}",
                variant.harm()
            );
            own(Kind::NotRefused, Severity::Breaking, explain)
        }
        (Rule::Choose, Some(false), true) => {
            let explain = format!(
                "security hole: the new side takes {what}, which the old side refuses: {}",
                variant.harm()
            );
            own(Kind::NotRefused, Severity::Breaking, explain)
        }
        (Rule::Refuse, Some(true), false) => {
            let explain =
                format!("the old side takes {what}; the new side closes this security hole");
            own(Kind::Refused, Severity::Cosmetic, explain)
        }
        (Rule::Take, Some(true), false) => own(Kind::Refused, Severity::Breaking, locked_out()),
        (Rule::Choose, Some(true), false) => own(Kind::Refused, Severity::Risky, locked_out()),
        (Rule::Take, Some(false), true) => {
            let explain = format!("the new side takes {what}, which the old side refuses");
            own(Kind::Value, Severity::Cosmetic, explain)
        }
        (rule, Some(false), false) if statuses.old != Some(new) => {
            let explain = format!(
                "{what} is refused with another status: clients that ask for a new token on 401 act otherwise"
            );
            match rule {
                Rule::Choose => own(Kind::Value, Severity::Risky, explain),
                _ => of(E07, Kind::Value, Severity::Breaking, explain),
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(old: &[(Variant, u16)], new: &[(Variant, u16)]) -> Vec<String> {
        let seen = Pair::new(old, new).map(|statuses| Seen {
            statuses: statuses.to_vec(),
            ..Seen::default()
        });
        let found = compare(&seen).into_iter();
        found
            .map(|d| format!("{} {} {}", d.path, d.kind, d.severity))
            .collect()
    }

    #[test]
    fn what_must_be_refused_is_a_hole_on_the_new_side_alone_too() {
        let hole = ["probe.none not-refused breaking"];
        assert_eq!(found(&[], &[(Variant::None, 200)]), hole);
        assert_eq!(
            found(&[(Variant::None, 200)], &[(Variant::None, 200)]),
            hole
        );
        let closed = ["probe.none refused cosmetic"];
        assert_eq!(
            found(&[(Variant::None, 200)], &[(Variant::None, 401)]),
            closed
        );
        assert_eq!(found(&[], &[(Variant::None, 401)]), [""; 0]);
    }

    #[test]
    fn what_clients_may_send_is_compared() {
        let one = |variant, old, new| found(&[(variant, old)], &[(variant, new)]);
        let locked = ["probe.lower-case-scheme refused breaking"];
        assert_eq!(one(Variant::LowerCaseScheme, 200, 401), locked);
        assert_eq!(one(Variant::Query, 200, 401), ["probe.query refused risky"]);
        let hole = ["probe.query not-refused breaking"];
        assert_eq!(one(Variant::Query, 401, 200), hole);
        assert_eq!(one(Variant::Query, 200, 200), [""; 0]);
        assert_eq!(
            one(Variant::Truncated, 401, 500),
            ["probe.truncated value breaking"]
        );
        assert_eq!(one(Variant::Truncated, 401, 401), [""; 0]);
    }

    /// Every finding that two sides can lead to stands in the table with its weight.
    #[test]
    fn each_finding_is_of_a_check_of_the_table() {
        let statuses = [None, Some(200), Some(401), Some(403)];
        for variant in Variant::ALL {
            for (old, new) in statuses.iter().flat_map(|o| statuses.map(|n| (*o, n))) {
                let Some(found) = judge(variant, Pair::new(old, new)) else {
                    continue;
                };
                let id = found.check.as_deref().unwrap_or_default();
                let check = crate::token::catalogue::check(id).unwrap();
                assert!(check.admits(found.severity), "{variant:?} {old:?} {new:?}");
                assert_eq!(found.advice.as_deref(), Some(check.advice));
            }
        }
    }

    #[test]
    fn the_page_shows_what_is_not_refused_and_what_is() {
        let told = |variant, old, new| {
            let seen = Pair::new(old, new).map(|status| Seen {
                statuses: vec![(variant, status)],
                ..Seen::default()
            });
            compare(&seen).iter().for_each(crate::page::shows);
        };
        told(Variant::Query, 401, 200);
        told(Variant::LowerCaseScheme, 200, 401);
    }
}
