//! A, E and L, and what of the other letters only a probe, a request or a run shows: rows of probes.

use std::collections::BTreeSet;

use cutover::results::Verdict;

use super::{tampered, told, verdict};
use crate::probe_founded::founded;
use crate::probe_gate::{Gate, Habits, bench};

/// What two sides do, and what a probe finds.
pub(super) struct Probed {
    pub(super) check: &'static str,
    pub(super) case: &'static str,
    pub(super) old: Habits,
    pub(super) new: Habits,
    /// Of each difference, in order: check, severity, where, path, kind.
    pub(super) found: &'static [&'static str],
}

const REUSE: &str = "probe: token-reuse";
const ROTATION: &str = "probe: refresh-rotation, token: user";
const EXPIRY: &str = "probe: expiry, with: { within: 60s, leeway: 1s }";
const CROSS: &str = "probe: cross-acceptance";
const THROTTLE: &str = "probe: throttle, with: { limit: 10, per: 8s }";
const CORS: &str = "probe: cors, with: { request: GET /orders, method: PUT, \
                    origin: \"https://app.example.com\", headers: [ Authorization ] }";

/// Rows of probes, one a line: the check, the case, the old side where it is no sound one (`[old: ..]`), the new side, and
/// what is found.
macro_rules! table {
    ($( $check:literal $case:tt $([old: $old:expr])?: $new:expr => $($found:literal),+; )*) => {
        vec![$({
            #[allow(unused_mut, reason = "few rows have an old side of their own")]
            let mut probed = $crate::token_rows::uses::Probed {
                check: $check,
                case: $case,
                old: $crate::probe_gate::Habits::old(),
                new: $new,
                found: &[$($found),+],
            };
            $(probed.old = $old;)?
            probed
        }),*]
    };
}
pub(super) use table;

pub(super) fn lets(lets: &'static [&'static str]) -> Habits {
    Habits {
        lets,
        ..Habits::new()
    }
}

fn keeps(base: Habits) -> Habits {
    Habits {
        refresh: "keep",
        ..base
    }
}

fn again(base: Habits, reissue: &'static str) -> Habits {
    Habits { reissue, ..base }
}

fn lives() -> Vec<Probed> {
    let same = || again(Habits::old(), "same");
    let lenient = || Habits {
        reuse: true,
        ..Habits::new()
    };
    let brief = |base: Habits| Habits { life: 8, ..base };
    let immortal = |base: Habits| Habits {
        immortal: true,
        ..base
    };
    let for_ever = || Habits {
        lag: None,
        ..Habits::new()
    };
    table! {
        "L01" REUSE [old: same()]: Habits::new() => "L01 risky token probe.token-reuse value";
        "B19" REUSE: again(Habits::new(), "same") => "B19 risky token probe.token-reuse value";
        "L02" REUSE: again(Habits::new(), "revokes") => "L02 breaking token probe.token-reuse evicted";
        "F10" REUSE: again(Habits::new(), "one-id") => "F10 risky token probe.token-id value";
        "E24" EXPIRY [old: immortal(brief(Habits::old()))]: brief(Habits::new())
            => "E24 risky token probe.expiry refused";
        "E09" "probe: revocation, with: { within: 2s }": for_ever() => "E09 breaking token probe.revocation still-valid";
        "D07" ROTATION [old: keeps(Habits::old())]: Habits::new()
            => "D02 risky token probe.refresh-token value", "D07 breaking token probe.used-refresh-token refused";
        "D04" ROTATION: lenient() => "D04 breaking token probe.used-refresh-token not-refused";
        "D09" "probe: refresh-rotation, token: user, with: { client: other }": lets(&["foreign-client"])
            => "D09 breaking token probe.foreign-client not-refused";
    }
}

fn across() -> Vec<Probed> {
    let short = || Habits {
        header_limit: Some((8_192, 431)),
        ..Habits::new()
    };
    let closed = || Habits {
        cors: &[],
        ..Habits::new()
    };
    let limited = |base: Habits, limit| Habits {
        limit: Some(limit),
        ..base
    };
    table! {
        "E17" CROSS: Habits::new()
            => "E17 risky token probe.old-token-at-new refused", "E18 risky token probe.new-token-at-old refused";
        "E18" CROSS: lets(&["foreign"])
            => "E19 breaking token probe.changed-old-token-at-new not-refused",
               "E09 breaking token probe.revoked-old-token-at-new not-refused",
               "E18 risky token probe.new-token-at-old refused";
        "D11" "probe: cross-acceptance, token: user": Habits::new()
            => "E17 risky token probe.old-token-at-new refused",
               "D11 breaking token probe.old-refresh-token-at-new refused",
               "E18 risky token probe.new-token-at-old refused",
               "D11 breaking token probe.new-refresh-token-at-old refused";
        "E15" "probe: header-limit": short() => "E15 risky token probe.header-limit length";
        "A36" CORS: closed()
            => "A36 breaking header access-control-allow-origin[preflight] removed",
               "A36 breaking header access-control-allow-origin[request] removed",
               "A36 risky header access-control-allow-origin[preflight of a foreign origin] removed",
               "A36 risky header access-control-allow-origin[request of a foreign origin] removed";
        "C11" THROTTLE [old: limited(Habits::old(), 10)]: limited(Habits::new(), 5)
            => "C11 risky token probe.limit value";
    }
}

fn holds(row: Probed) {
    let (old, new) = (Gate::start(row.old), Gate::start(row.new));
    let sandbox = bench(&old, &new, row.case);
    let mut flags = vec!["run", "--probes", "--allow-writes"];
    if row.case.contains("cross-acceptance") {
        flags.push("--allow-cross-side");
    }
    let (ran, results) = sandbox.results(&flags);
    founded(&results);
    let case = &results.cases[0];
    let found: Vec<String> = case.differences.iter().map(told).collect();
    let name = format!("{} {}: {:?}", row.check, row.case, case.note);
    assert_eq!(found, row.found, "{name}");
    let mut checks = found.iter().map(|found| found.starts_with(row.check));
    assert!(checks.any(|own| own), "{name}");
    let wanted = verdict(&found);
    let code = i32::from(wanted == Verdict::Different);
    assert_eq!((ran.code, case.verdict), (code, wanted), "{name}");
}

#[test]
fn what_a_changed_token_shows_is_found() {
    tampered::rows().into_iter().for_each(holds);
}

#[test]
fn what_asking_again_shows_is_found() {
    lives().into_iter().for_each(holds);
}

#[test]
fn what_the_ways_to_a_side_show_is_found() {
    across().into_iter().for_each(holds);
}

/// Every check that has a row here.
pub(super) fn checks() -> BTreeSet<&'static str> {
    let mut rows = tampered::rows();
    rows.extend(lives());
    rows.extend(across());
    rows.iter().map(|row| row.check).collect()
}
