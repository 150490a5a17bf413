//! Tokens of a run: obtained once, renewed, refused, and sent to their own side only.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::issuer::{Issuer, side};
use crate::sandbox::{Sandbox, outcomes};
use crate::serve::{Server, json};

struct Bench {
    old: Issuer,
    new: Issuer,
    sandbox: Sandbox,
}

fn bench(life: u64) -> Bench {
    let (old, new) = (Issuer::start("old", life), Issuer::start("new", life));
    let sandbox = Sandbox::new();
    let pair = format!("{}{}", side("old", &old.url()), side("new", &new.url()));
    sandbox.file("cutover.yaml", &pair);
    Bench { old, new, sandbox }
}

fn suite(sandbox: &Sandbox, cases: &str) {
    let text = format!("name: A\ntoken: app\ncases:\n{cases}");
    sandbox.file("suites/a.yaml", &text);
}

#[test]
fn a_thousand_cases_take_one_token_request_and_tokens_stay_on_their_side() {
    let bench = bench(3600);
    let cases = (0..1000).map(|n| format!("  - {{ name: c{n}, request: GET /{n} }}\n"));
    suite(&bench.sandbox, &cases.collect::<String>());
    let ran = bench.sandbox.run(&["run", "-j", "64", "-q"]);
    assert_eq!(
        (ran.code, ran.verdict()),
        (0, "parity in 1000 of 1000 cases")
    );
    for (name, issuer) in [("old", &bench.old), ("new", &bench.new)] {
        assert_eq!(issuer.token_requests(), ["grant_type=client_credentials"]);
        let expected = vec![format!("Bearer {name}-token-000001"); 1000];
        assert_eq!(issuer.credentials(), expected);
        let basic = STANDARD.encode(format!("{name}-client:{name}-client-secret"));
        let asked = issuer.server.asked("/token");
        assert_eq!(
            asked[0].header("authorization"),
            Some(format!("Basic {basic}").as_str())
        );
    }
}

#[test]
fn a_token_that_an_api_repeats_stands_for_that_of_the_other_side() {
    let bench = bench(3600);
    suite(
        &bench.sandbox,
        "  - { name: echo, request: GET /echo }\n  - { name: evicted, request: GET /evict, needs: [echo] }\n  - { name: again, request: GET /echo, needs: [evicted] }\n",
    );
    let (ran, results) = bench.sandbox.results(&["run"]);
    let expected = ["echo: same", "evicted: same", "again: same"];
    assert_eq!(
        (ran.code, outcomes(&results)),
        (0, expected.map(String::from).to_vec()),
        "{}",
        ran.out
    );
    let other = Server::answering(|seen| match seen.target.as_str() {
        "/token" => json(r#"{"access_token":"new-token-000001","token_type":"Bearer"}"#),
        _ => json(
            r#"{"token":"new-token-000009","header":"Bearer new-token-000001","in":"/in?t%3Dnew-token-000001"}"#,
        ),
    });
    let old = Issuer::start("old", 3600);
    let pair = format!("{}{}", side("old", &old.url()), side("new", &other.url()));
    bench.sandbox.file("cutover.yaml", &pair);
    suite(&bench.sandbox, "  - { name: echo, request: GET /echo }\n");
    let (ran, results) = bench.sandbox.results(&["run"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert_eq!(outcomes(&results), ["echo: different body $.token value"]);
    let shown = format!("{}{}", ran.out, serde_json::to_string(&results).unwrap());
    assert!(!shown.contains("token-000001"), "{shown}");
}

#[test]
fn a_token_that_ends_in_mid_run_is_renewed() {
    let bench = bench(1);
    suite(
        &bench.sandbox,
        "  - { name: slow, request: GET /slow }\n  - { name: after, request: GET /after, needs: [slow] }\n",
    );
    let (ran, results) = bench.sandbox.results(&["run"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (0, vec!["slow: same".to_owned(), "after: same".to_owned()])
    );
    for (name, issuer) in [("old", &bench.old), ("new", &bench.new)] {
        let used = [1, 2].map(|n| format!("Bearer {name}-token-00000{n}"));
        assert_eq!(issuer.credentials(), used);
        // A refresh token that came with the first is the way to the second.
        let refresh = format!("grant_type=refresh_token&refresh_token={name}-refresh-000001");
        assert_eq!(
            issuer.token_requests(),
            ["grant_type=client_credentials", &refresh]
        );
    }
    assert!(
        results
            .cases
            .iter()
            .all(|case| !case.old.as_ref().unwrap().reacquired)
    );
}

#[test]
fn a_refused_token_is_replaced_once_and_one_side_alone_is_a_difference() {
    let bench = bench(3600);
    let run = |cases: &str| {
        suite(&bench.sandbox, cases);
        let (ran, results) = bench.sandbox.results(&["run", "-j", "1"]);
        let case = &results.cases[0];
        let sides = [&case.old, &case.new].map(|side| {
            let side = side.as_ref().unwrap();
            (side.reacquired, side.attempts)
        });
        (ran.code, outcomes(&results), sides)
    };
    let one = |text: &str| vec![text.to_owned()];
    // Only the new side forgets its token.
    let got = run("  - { name: x, request: GET /fine, new: { request: GET /evict } }\n");
    assert_eq!(
        got,
        (
            1,
            one("x: different token  evicted"),
            [(false, 1), (true, 2)]
        )
    );
    // A token that is refused and refused again was not evicted: the status says what is wrong.
    let got = run("  - { name: x, request: GET /fine, new: { request: GET /refuse } }\n");
    let refused = "x: different status  value, header content-type removed, \
                   header www-authenticate added, body $ removed";
    assert_eq!(got, (1, one(refused), [(false, 1), (true, 2)]));
    // A case that wants 401 has it.
    let got = run("  - { name: x, request: GET /refuse, expect: { status: 401 } }\n");
    assert_eq!(got, (0, one("x: same"), [(false, 1), (false, 1)]));
}

#[test]
fn both_sides_that_forget_are_the_same() {
    let bench = bench(3600);
    suite(&bench.sandbox, "  - { name: x, request: GET /evict }\n");
    let (ran, results) = bench.sandbox.results(&["run"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (0, vec!["x: same".to_owned()])
    );
    let case = &results.cases[0];
    assert!(
        [&case.old, &case.new]
            .iter()
            .all(|side| side.as_ref().unwrap().reacquired)
    );
}

#[test]
fn a_refresh_token_is_the_way_in_and_rotates() {
    let (old, new) = (Issuer::start("old", 3600), Issuer::start("new", 3600));
    let sandbox = Sandbox::new();
    let text = |name: &str, issuer: &Issuer| {
        side(name, &issuer.url()).replace(
            "app: {",
            &format!("app: {{ grant: refresh_token, refresh_token: {name}-first-refresh,"),
        )
    };
    sandbox.file(
        "cutover.yaml",
        &format!("{}{}", text("old", &old), text("new", &new)),
    );
    suite(
        &sandbox,
        "  - { name: a, request: GET /evict }\n  - { name: b, request: GET /b, needs: [a] }\n",
    );
    let (ran, results) = sandbox.results(&["run"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (0, vec!["a: same".to_owned(), "b: same".to_owned()])
    );
    for (name, issuer) in [("old", &old), ("new", &new)] {
        let expected = [
            format!("{name}-first-refresh"),
            format!("{name}-refresh-000001"),
        ]
        .map(|token| format!("grant_type=refresh_token&refresh_token={token}"));
        assert_eq!(issuer.token_requests(), expected);
        let used = [1, 2, 2].map(|n| format!("Bearer {name}-token-00000{n}"));
        assert_eq!(issuer.credentials(), used);
    }
}

#[test]
fn tokens_that_are_there_already_stand_where_the_pair_file_says() {
    let (old, new) = (Server::json("{}"), Server::answering(|_| json("{}")));
    let sandbox = Sandbox::new();
    let tokens = |name: &str| {
        format!(
            "tokens: {{ fixed: {{ grant: static, value: {name}-fixed-value }}, \
             named: {{ grant: static, value: {name}-named-value, send: {{ header: X-Token, scheme: Custom }} }}, \
             key: {{ grant: api_key, value: {name}-key-value, header: apikey }}, \
             query: {{ grant: api_key, value: \"{name}&query\", query: api-key }}, nobody: {{ grant: none }} }}"
        )
    };
    sandbox.file(
        "cutover.yaml",
        &format!(
            "old: {{ url: \"{}\", {} }}\nnew: {{ url: \"{}\", {} }}\n",
            old.url(),
            tokens("old"),
            new.url(),
            tokens("new")
        ),
    );
    let names = ["fixed", "named", "key", "query", "nobody", "none"];
    let cases =
        names.map(|name| format!("  - {{ name: {name}, request: GET /{name}, token: {name} }}\n"));
    sandbox.file(
        "suites/a.yaml",
        &format!("name: A\ncases:\n{}", cases.concat()),
    );
    let ran = sandbox.run(&["run", "-q"]);
    assert_eq!(
        (ran.code, ran.verdict()),
        (0, "parity in 6 of 6 cases"),
        "{}",
        ran.err
    );
    for (side, server) in [("old", &old), ("new", &new)] {
        let given = names.map(|name| {
            let asked = server.asked(&format!("/{name}"));
            let [seen] = asked.as_slice() else {
                panic!("{asked:?}")
            };
            let header = |name: &str| seen.header(name).unwrap_or("-").to_owned();
            [
                header("authorization"),
                header("x-token"),
                header("apikey"),
                seen.target.clone(),
            ]
            .join(" ")
        });
        let expected = [
            format!("Bearer {side}-fixed-value - - /fixed"),
            format!("- Custom {side}-named-value - /named"),
            format!("- - {side}-key-value /key"),
            format!("- - - /query?api-key={side}%26query"),
            "- - - /nobody".to_owned(),
            "- - - /none".to_owned(),
        ];
        assert_eq!(given, expected);
    }
}

#[test]
fn credentials_share_a_token_only_where_nothing_but_its_place_differs() {
    let (old, new) = (Issuer::start("old", 3600), Issuer::start("new", 3600));
    let sandbox = Sandbox::new();
    let more = |url: &str, name: &str| {
        let endpoint = format!("token_endpoint: \"{url}/token\", client_id: {name}-client");
        format!(
            "    other: {{ {endpoint}, client_secret: another-secret }}\n    \
             moved: {{ {endpoint}, client_secret: {name}-client-secret, send: {{ header: X-Token }} }}\n"
        )
    };
    let text = |name: &str, url: &str| side(name, url) + &more(url, name);
    sandbox.file(
        "cutover.yaml",
        &(text("old", &old.url()) + &text("new", &new.url())),
    );
    sandbox.file(
        "suites/a.yaml",
        "name: A\ncases:
  - { name: a, request: GET /a, token: app }
  - { name: b, request: GET /b, token: other }
  - { name: c, request: GET /c, token: moved, expect: { status: 401 } }
",
    );
    let ran = sandbox.run(&["run", "-j", "1"]);
    assert_eq!(
        (ran.code, ran.verdict()),
        (0, "parity in 3 of 3 cases"),
        "{}",
        ran.out
    );
    for (name, issuer) in [("old", &old), ("new", &new)] {
        let asked = issuer.server.asked("/token");
        let given: Vec<_> = asked
            .iter()
            .filter_map(|seen| seen.header("authorization"))
            .collect();
        let basic = ["client-secret", "another-secret"].map(|secret| {
            let secret = if secret == "client-secret" {
                format!("{name}-{secret}")
            } else {
                secret.to_owned()
            };
            format!(
                "Basic {}",
                STANDARD.encode(format!("{name}-client:{secret}"))
            )
        });
        assert_eq!(given, basic);
        let moved = issuer.server.asked("/c");
        assert_eq!(
            moved[0].header("x-token"),
            Some(format!("{name}-token-000001").as_str())
        );
        assert_eq!(moved[0].header("authorization"), None);
    }
}
