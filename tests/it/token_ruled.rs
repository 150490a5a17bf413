//! Compare rules of a grant (`token:…`, `claims:…`), and the time that a grant has.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::sandbox::{Sandbox, outcomes};
use crate::serve::{Seen, Server, answer};

const OLD: &str = "1fa22cef-c791-3105-9ac4-58511c199aa0";
const NEW: &str = "7d3b9c04-52e8-4f16-8a7d-90c1e2b3f465";

/// A side whose token answer is this, after a while; its API answers `{}`.
fn issuer(members: Value, after: Duration) -> Server {
    Server::answering(move |seen: &Seen| {
        let headers = [
            ("Content-Type", "application/json"),
            ("Cache-Control", "no-store"),
        ];
        if seen.target != "/token" {
            return answer(200, &headers, "{}");
        }
        std::thread::sleep(after);
        answer(200, &headers, &members.to_string())
    })
}

fn members(token: &str, life: u64) -> Value {
    json!({ "access_token": token, "token_type": "Bearer", "expires_in": life,
            "refresh_token": format!("{token}-for-refresh") })
}

fn bench(old: &Server, new: &Server, suite: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let side = |name: &str, url: &str| {
        let client = format!(
            "token_endpoint: '{url}/token', client_id: me, client_secret: a-secret-of-tests"
        );
        format!(
            "{name}:\n  url: {url}\n  writes: allowed\n  tokens:\n    app: {{ {client} }}\n    \
             user: {{ {client}, grant: password, username: u, password: a-password-of-tests }}\n"
        )
    };
    let pair = side("old", &old.url()) + &side("new", &new.url());
    sandbox.file("cutover.yaml", &pair);
    sandbox.file("suites/a.yaml", &format!("name: A\ntoken: app\n{suite}"));
    sandbox
}

/// The exit code, the outcomes, how often each rule was of use, and the codes of the warnings.
type Told = (i32, Vec<String>, Vec<String>, Vec<String>);

fn run(sandbox: &Sandbox, flags: &[&str]) -> Told {
    let (ran, results) = sandbox.results(&[&["run", "--allow-writes"], flags].concat());
    let rules = results.rules.iter();
    let rules = rules.map(|rule| format!("{}: {}", rule.rule, rule.used));
    let warnings = results.warnings.iter().map(|one| one.code.clone());
    for text in [&ran.out, &ran.err, &sandbox.read("results.json")] {
        assert!(!text.contains(OLD) && !text.contains(NEW), "{text}");
    }
    (
        ran.code,
        outcomes(&results),
        rules.collect(),
        warnings.collect(),
    )
}

fn told(code: i32, outcomes: &[&str], rules: &[&str], warnings: &[&str]) -> Told {
    let own = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
    (code, own(outcomes), own(rules), own(warnings))
}

const CASES: &str =
    "cases:\n  - { name: g, grant: client_credentials }\n  - { name: r, request: GET /r }\n";

#[test]
fn a_rule_of_a_suite_holds_for_its_grants_and_for_them_alone() {
    let old = issuer(members(OLD, 3600), Duration::ZERO);
    let new = issuer(members(NEW, 900), Duration::ZERO);
    let of = |rules: &str| bench(&old, &new, &format!("{rules}{CASES}"));
    let shorter = "g: different token $.expires_in value";
    assert_eq!(run(&of(""), &[]), told(1, &[shorter, "r: same"], &[], &[]));
    let same = ["g: same", "r: same"];
    for rule in [
        "ignore token:$.expires_in",
        "tolerance token:$.expires_in",
        "pattern token:$.expires_in",
    ] {
        let text = match rule.split_once(' ').unwrap() {
            ("ignore", place) => format!("ignore: [ \"{place}\" ]"),
            ("tolerance", place) => format!("tolerance: {{ \"{place}\": 45m }}"),
            (_, place) => format!("pattern: {{ \"{place}\": integer }}"),
        };
        let sandbox = of(&format!("compare: {{ {text} }}\n"));
        let used = format!("{rule}: 1");
        assert_eq!(run(&sandbox, &[]), told(0, &same, &[&used], &[]));
        // A run without a grant does not say that nothing matched.
        let alone = run(&sandbox, &["--filter", "::r"]);
        assert_eq!(alone, told(0, &["r: same"], &[], &[]));
    }
    // Too small a tolerance, a form that both have not, and a place that is not there.
    for (rule, used) in [
        (
            "tolerance: { \"token:$.expires_in\": 44m }",
            "tolerance token:$.expires_in: 1",
        ),
        (
            "pattern: { \"token:$.expires_in\": uuid }",
            "pattern token:$.expires_in: 1",
        ),
    ] {
        let sandbox = of(&format!("compare: {{ {rule} }}\n"));
        let expected = told(1, &[shorter, "r: same"], &[used], &[]);
        assert_eq!(run(&sandbox, &[]), expected);
    }
    let sandbox = of("compare: { ignore: [ \"token:$.nope\" ] }\n");
    let used = ["ignore token:$.nope: 0"];
    let expected = told(1, &[shorter, "r: same"], &used, &["unused-rule"]);
    assert_eq!(run(&sandbox, &[]), expected);
}

#[test]
fn a_claim_is_ruled_as_a_member_is() {
    let jwt = |claims: &Value| {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(&json!({ "alg": "RS256", "typ": "at+jwt" }));
        format!("{head}.{}.{}", part(claims), "c".repeat(342))
    };
    let claims = |sub: &str| {
        json!({ "iss": "https://sts.example.dev", "aud": "api", "sub": sub, "client_id": "me", "exp": 4_102_444_800_u64,
                "iat": 1_700_000_000, "jti": "0f8e4c1c-61f6-4f0a-8d2e-5b1f6c7a9d10" })
    };
    let side = |sub: &str| {
        let token = jwt(&claims(sub));
        issuer(
            json!({ "access_token": token, "token_type": "Bearer" }),
            Duration::ZERO,
        )
    };
    let (old, new) = (side("c-17"), side("c-88"));
    let case = |rules: &str| {
        let case = format!("cases:\n  - {{ name: g, grant: client_credentials{rules} }}\n");
        run(&bench(&old, &new, &case), &[])
    };
    let other = "g: different token claims.$.sub value";
    assert_eq!(case(""), told(1, &[other], &[], &[]));
    for (rule, used) in [
        ("ignore: [ \"claims:$.sub\" ]", "ignore claims:$.sub: 1"),
        (
            "pattern: { claims:sub: \"/^c-[0-9]+$/\" }",
            "pattern claims:sub: 1",
        ),
    ] {
        let expected = told(0, &["g: same"], &[used], &[]);
        assert_eq!(case(&format!(", compare: {{ {rule} }}")), expected);
    }
    let narrow = "pattern: { claims:sub: \"/^c-1/\" }";
    let expected = told(1, &[other], &["pattern claims:sub: 1"], &[]);
    assert_eq!(case(&format!(", compare: {{ {narrow} }}")), expected);
}

/// A token that one side alone issues is no place in an answer: only `accept` says that it is meant.
#[test]
fn a_rule_hides_no_refusal() {
    let old = issuer(json!({ "error": "invalid_scope" }), Duration::ZERO);
    let new = issuer(members(NEW, 900), Duration::ZERO);
    let ignore = "compare: { ignore: [ \"token:$.access_token\", \"token:$.error\" ] }";
    let case = |old: &Server, new: &Server| {
        let case = format!("cases:\n  - {{ name: g, grant: client_credentials, {ignore} }}\n");
        run(&bench(old, new, &case), &[]).1
    };
    let opened = case(&old, &new);
    assert_eq!(opened, ["g: different token $.access_token not-refused"]);
    let lost = case(&new, &old);
    assert!(
        lost[0].starts_with("g: different token $.access_token removed"),
        "{lost:?}"
    );
}

#[test]
fn a_rule_that_can_hold_nowhere_is_told() {
    let (old, new) = (Server::json("{}"), Server::json("{}"));
    let check = |suite: &str| {
        let ran = bench(&old, &new, suite).run(&["check"]);
        let lines = ran.err.lines().map(str::trim);
        let told = lines.filter(|line| {
            line.contains("error: ") || line.contains("warning: ") || line.contains("did you")
        });
        (
            ran.code,
            told.map(str::to_owned).collect::<Vec<_>>().join(" | "),
        )
    };
    let request =
        |rule: &str| format!("cases:\n  - {{ name: r, request: GET /r, compare: {{ {rule} }} }}\n");
    let grant = |rule: &str| {
        format!("cases:\n  - {{ name: g, grant: client_credentials, compare: {{ {rule} }} }}\n")
    };
    for (suite, code, said) in [
        (
            request("ignore: [ \"token:$.expires_in\" ]"),
            2,
            "error: `token:$.expires_in` is ruled of a grant, and this case is none",
        ),
        (
            grant("bind: [ \"claims:$.jti\" ]"),
            2,
            "error: `claims:$.jti` cannot stand in this rule",
        ),
        (
            grant("ignore: [ \"tokens:$.jti\" ]"),
            2,
            "did you mean `token:$.jti`?",
        ),
        (
            grant("ignore: [ \"$.expires_in\" ]"),
            0,
            "warning: `$.expires_in` says nothing of a grant, which is compared by its contract",
        ),
        (
            grant("ignore: [ \"header:cache-control\" ]"),
            0,
            "warning: `header:cache-control` says nothing of a grant, which is compared by its contract",
        ),
        (
            "compare: { pattern: { \"claims:$.jti\": uuid } }\ncases:\n  - { name: r, request: GET /r }\n".to_owned(),
            0,
            "warning: `claims:$.jti` is ruled of a grant, and this suite has none",
        ),
    ] {
        let told = check(&suite);
        assert!(told.0 == code && told.1.contains(said), "{suite}: {told:?}");
    }
    assert_eq!((old.seen().len(), new.seen().len()), (0, 0));
}

/// The answer at hand came from the preflight, and the refresh is asked for by the case: both have the case's time.
#[test]
fn a_grant_has_the_time_of_its_case() {
    let old = issuer(members(OLD, 3600), Duration::ZERO);
    let new = issuer(members(NEW, 3600), Duration::from_millis(900));
    let cases = "cases:
  - { name: held, grant: client_credentials, timeout: 300ms }
  - { name: asked, grant: refresh_token, token: user, timeout: 300ms }
  - { name: patient, grant: client_credentials }
  - { name: request, request: GET /r, timeout: 60s }
";
    let (ran, results) = bench(&old, &new, cases).results(&["run", "--allow-writes"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (
            3,
            [
                "held: inconclusive (token)",
                "asked: inconclusive (token)",
                "patient: same",
                "request: same"
            ]
            .map(str::to_owned)
            .to_vec()
        ),
        "{}",
        ran.out
    );
    let failure = |at: usize| {
        let new = results.cases[at].new.as_ref().unwrap();
        new.failure.as_ref().unwrap().message.clone()
    };
    assert!(
        failure(0).starts_with("no answer from the token endpoint in the 300 ms of this case"),
        "{}",
        failure(0)
    );
    assert!(
        failure(1).starts_with("no answer from the token endpoint: "),
        "{}",
        failure(1)
    );
}
