//! Whole answers: what a strict library says, what never happens, and what the page shows.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::bent::{Bent, claims, compared, found, jwt, refusal, usual};
use crate::results::Kind::{
    Added, DuplicateKey, Format, Length, Removed, Type, Unparsable, Value as Other,
};
use crate::results::Severity::{Cosmetic, Risky};
use crate::results::{Kind, Where};

/// Every row of the table has what to read and what to do.
#[test]
fn what_a_strict_client_rejects_is_of_the_table() {
    let good = Bent::good(&usual());
    let strict = Bent {
        strict: Some("at `expires_in`"),
        ..good.clone()
    };
    let told = compared(&good, &strict);
    let told: Vec<_> = told
        .iter()
        .map(|d| {
            (
                d.check.as_deref(),
                d.kind,
                d.severity,
                d.r#ref.as_deref(),
                d.advice.is_some(),
            )
        })
        .collect();
    let section = Some("RFC 6749 section 5.1");
    assert_eq!(told, [(Some("B45"), Unparsable, Risky, section, true)]);
    assert_eq!(found(&strict, &strict), []);
    assert_eq!(found(&strict, &good), []);
}

proptest! {
    /// Whatever an endpoint answers: no panic, and no difference from itself; that a refusal is no JSON is told.
    #[test]
    fn an_answer_never_differs_from_itself(
        status in 100_u16..600,
        body in "(\\{(\"(access_token|expires_in|scope|error|a)\":(1|\"a.b.c\"|null|\\[1\\]),?){0,3}\\}?|.{0,40})",
    ) {
        let bent = refusal(status, &body);
        let mut all = found(&bent, &bent);
        all.retain(|(check, _, _, severity)| (check.as_str(), *severity) != ("C05", Cosmetic));
        prop_assert_eq!(all, []);
    }

    /// Every difference of a token case names its check, save those that have none.
    #[test]
    fn two_answers_are_compared_without_a_panic(
        old in "\\{\"access_token\":\"[!-~]{1,40}\",\"expires_in\":[0-9]{1,20}\\}",
        new in "\\{\"access_token\":\"[#-\\[]{0,40}\",\"expires_in\":(\"x\"|[0-9]{1,20})\\}",
    ) {
        let _ = found(&refusal(200, &old), &refusal(200, &new));
    }
}

/// Of what a changed answer gives, the first difference of a kind.
fn the_page_shows_first(kind: Kind, old: &Bent, new: &Bent) {
    let found = compared(old, new);
    let first = found
        .iter()
        .find(|d| d.kind == kind && d.r#where == Where::Token);
    crate::page::shows(first.unwrap_or_else(|| panic!("{kind}: {found:?}")));
}

#[test]
fn the_page_shows_one_of_each_kind() {
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = usual();
        change(&mut body);
        Bent::good(&body)
    };
    let good = Bent::good(&usual());
    let shows = |kind: Kind, change: &dyn Fn(&mut Value)| {
        the_page_shows_first(kind, &good, &with(change));
    };
    shows(Other, &|body| body["expires_in"] = json!(900));
    shows(Type, &|body| body["expires_in"] = json!("3600"));
    shows(Format, &|body| body["token_type"] = json!("bearer"));
    shows(Removed, &|body| {
        drop(body.as_object_mut().unwrap().remove("expires_in"));
    });
    shows(Added, &|body| body["scope"] = json!("a b c"));
    shows(Length, &|body| body["access_token"] = json!(jwt(&claims())));
    let mut twice = Bent::good(&usual());
    twice.body = twice.body.replacen('{', "{\"expires_in\":60,", 1);
    the_page_shows_first(DuplicateKey, &good, &twice);
    let mut page = Bent::good(&usual());
    page.body = "<html>busy</html>".to_owned();
    the_page_shows_first(Unparsable, &good, &page);
}
