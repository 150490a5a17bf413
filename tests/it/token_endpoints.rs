//! Revocation and introspection, as the library offers them to probes.

use std::path::PathBuf;

use cutover::config::{PairInput, load_pair, platforms};
use cutover::mock::{Doubles, pair_file};
use cutover::redact::Secrets;
use cutover::run::{RunOptions, Session};
use cutover::suite::Given;
use cutover::token::{Endpoint, Introspected, Revoked, TokenHint};
use cutover::{Pair, Side};
use std::collections::BTreeMap;

use crate::mock_support::shipped;

/// The shipped doubles as a session, all endpoints named.
fn session(doubles: &Doubles) -> Session {
    let mut text = pair_file(doubles.running());
    for (at, path) in [(0, ""), (1, "/oauth2")] {
        let url = doubles.running()[at].url();
        let token = format!("      token_endpoint: \"{url}{path}/token\"\n");
        let more = format!("      introspection_endpoint: {url}{path}/introspect\n");
        text = text.replace(&token, &format!("{token}{more}"));
    }
    let input = PairInput {
        file: Some((PathBuf::from("cutover.yaml"), text)),
        urls: None,
        environment: None,
    };
    let pair = load_pair(input, &|_| None).unwrap();
    let given = Given {
        options: BTreeMap::new(),
        environment: BTreeMap::new(),
        pair: pair.doc.vars.clone(),
    };
    let options = RunOptions::new(jiff::civil::date(2026, 11, 21));
    let platforms = platforms(&pair).unwrap();
    Session::new(
        &pair,
        platforms,
        given,
        "test".to_owned(),
        options,
        Secrets::new(),
    )
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_active_until_it_is_revoked() {
    let doubles = shipped(None).await;
    let session = session(&doubles);
    let mut unknown = Pair::new(None, None);
    for side in Side::BOTH {
        let wallet = &session.sides[side].wallet;
        let token = wallet.get("app").await.unwrap().unwrap();
        let ask = async || {
            let asked = wallet
                .introspect("app", &token.value, TokenHint::Access)
                .await;
            asked.unwrap().outcome
        };
        let Introspected::Active(members) = ask().await else {
            panic!("a fresh token");
        };
        assert_eq!(members["scope"], "default");
        let revoked = wallet
            .revoke("app", &token.value, TokenHint::Access)
            .await
            .unwrap();
        assert_eq!(
            (revoked.outcome, revoked.response.status),
            (Revoked::Done, 200)
        );
        assert_eq!(ask().await, Introspected::Inactive);
        let nobodys = "1fa22cef-c791-3105-9ac4-58511c199aa0".into();
        let revoked = wallet.revoke("app", &nobodys, TokenHint::Access).await;
        unknown[side] = Some(matches!(revoked.unwrap().outcome, Revoked::Done));
    }
    // Only the old family says of a token that it never knew that it is gone (RFC 7009 section 2.2).
    assert_eq!(unknown, Pair::new(Some(true), Some(false)));
    doubles.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_nobody_names_is_told() {
    let doubles = shipped(None).await;
    let session = session(&doubles);
    let wallet = &session.sides.old.wallet;
    let found = wallet.endpoint("app", Endpoint::Keys).await.unwrap();
    assert_eq!(found, None);
    let refused = wallet
        .revoke("nobody", &"a-token".into(), TokenHint::Refresh)
        .await;
    let message = refused.err().map(|failure| failure.message);
    assert_eq!(
        message.as_deref(),
        Some("the old side has no credential `nobody`")
    );
    doubles.stop().await;
}
