//! E: rows of changed and forged tokens.

use super::uses::{Probed, lets, table};
use crate::probe_gate::Habits;

const TAMPERED: &str = "probe: tampered-token";
const KEYS: &str = "probe: tampered-token, with: { forge: key }";
const USERS: &str = "probe: tampered-token, token: user";

/// Every row of `tampered-token`.
pub(super) fn rows() -> Vec<Probed> {
    let strict = || Habits {
        refuses: &["lower-case-scheme"],
        ..Habits::new()
    };
    let forbids = || Habits {
        refusal: 403,
        ..Habits::new()
    };
    let old = |lets| Habits {
        lets,
        ..Habits::old()
    };
    let identifies = |base: Habits| Habits {
        id_token: true,
        ..base
    };
    table! {
        "E02" TAMPERED: strict() => "E02 breaking token probe.lower-case-scheme refused";
        "E03" TAMPERED: lets(&["form"]) => "E03 breaking token probe.form not-refused";
        "E03" TAMPERED [old: old(&["form"])]: Habits::new() => "E03 risky token probe.form refused";
        "E04" TAMPERED: lets(&["query"]) => "E04 breaking token probe.query not-refused";
        "E04" TAMPERED [old: old(&["query"])]: Habits::new() => "E04 risky token probe.query refused";
        "E07" TAMPERED: forbids()
            => "E07 breaking token probe.truncated value", "E07 breaking token probe.one-character value",
               "E26 risky token probe.two-headers value", "E04 risky token probe.query value",
               "E03 risky token probe.form value";
        "E08" TAMPERED: lets(&["payload", "expired"])
            => "E19 breaking token probe.payload not-refused", "E08 breaking token probe.expired not-refused";
        "E19" TAMPERED: lets(&["one-character"]) => "E19 breaking token probe.one-character not-refused";
        "E19" TAMPERED [old: old(&["one-character"])]: Habits::new()
            => "E19 cosmetic token probe.one-character refused";
        "E20" TAMPERED: lets(&["none"]) => "E20 breaking token probe.none not-refused";
        "E20" KEYS: lets(&["key-url"]) => "E20 breaking token probe.key-url not-refused";
        "E21" TAMPERED: lets(&["payload", "aud"])
            => "E19 breaking token probe.payload not-refused", "E21 breaking token probe.aud not-refused";
        "E22" TAMPERED: lets(&["payload", "iss"])
            => "E19 breaking token probe.payload not-refused", "E22 breaking token probe.iss not-refused";
        "E23" USERS [old: identifies(Habits::old())]: identifies(lets(&["id-token"]))
            => "E23 breaking token probe.id-token not-refused";
        "E26" TAMPERED: lets(&["two-headers"]) => "E26 breaking token probe.two-headers not-refused";
    }
}
