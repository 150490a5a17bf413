//! Where documents of a platform differ, the pair file chooses, and every report names what was gone by.

use crate::sandbox::Sandbox;
use crate::serve::{Server, answer};

/// A limit of one's own, which the new side does not have.
fn bench(documents: &str) -> (Sandbox, [Server; 2]) {
    let fault = "<amt:fault xmlns:amt=\"http://wso2.org/apimanager/throttling\"><amt:code>900800</amt:code>\
                 <amt:message>Message throttled out</amt:message></amt:fault>";
    let old =
        Server::answering(move |_| answer(429, &[("Content-Type", "application/xml")], fault));
    let new = Server::json("{}");
    let sandbox = Sandbox::new();
    let pair = format!(
        "old: {{ platform: wso2-api-cloud, url: \"{}\" }}\nnew: {{ platform: choreo, {documents}url: \"{}\" }}\n",
        old.url(),
        new.url()
    );
    sandbox.file("cutover.yaml", &pair);
    sandbox.file(
        "suites/a.yaml",
        "name: A\nfeature: api-throttling\ncases:\n  - { name: limited, request: GET /x, \
         expect: { old: { status: 429 }, new: { status: 200 } } }\n",
    );
    (sandbox, [old, new])
}

#[test]
fn the_comparison_page_is_the_default_and_later_documents_are_chosen() {
    for (key, used, known) in [
        ("", "2023", Some("choreo/limits-of-ones-own-soon")),
        (
            "documents: page, ",
            "2023",
            Some("choreo/limits-of-ones-own-soon"),
        ),
        ("documents: latest, ", "2024-12", None),
    ] {
        let (sandbox, _servers) = bench(key);
        let reports = ["--report", "html=r.html", "--report", "markdown=r.md"];
        let args = [&["run", "--journal", "j.jsonl"], reports.as_slice()].concat();
        let (ran, results) = sandbox.results(&args);
        assert_eq!(ran.code, 1, "{ran:?}");
        let status = results.cases[0].differences.iter();
        let mut status = status.filter(|one| one.r#where.to_string() == "status");
        assert_eq!(status.next().unwrap().known.as_deref(), known, "{key}");
        let named = format!("api-throttling: documents differ; used is that of {used}: ");
        let told = |text: &str| {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains(&named), "{key}: {words}");
        };
        told(&results.warnings[0].message);
        told(&ran.out);
        told(&sandbox.read("r.html"));
        told(&sandbox.read("r.md"));
        for format in ["terminal", "json", "markdown"] {
            let ready = sandbox.run(&["readiness", "j.jsonl", "--report", format]);
            told(&ready.out);
        }
        let html = ["readiness", "j.jsonl", "--report", "html=ready.html"];
        sandbox.run(&html);
        told(&sandbox.read("ready.html"));
        let journal = sandbox.read("j.jsonl");
        let chosen = journal
            .lines()
            .next()
            .unwrap()
            .contains("\"documents\":\"latest\"");
        assert_eq!(chosen, used == "2024-12", "{journal}");
    }
}

/// The known changes of the differences of a case, and what they say, where the new side's endpoint answers a
/// grant of the old one's with this.
fn of_a_grant(
    documents: &str,
    grant: &str,
    refusal: &'static str,
) -> Vec<(String, Option<String>)> {
    let token = r#"{"access_token":"1fa22cef-c791-3105-9ac4-58511c199aa0","token_type":"Bearer","expires_in":3600}"#;
    let old = Server::json(token);
    let new =
        Server::answering(move |_| answer(400, &[("Content-Type", "application/json")], refusal));
    let sandbox = Sandbox::new();
    let side = |name: &str, platform: &str, url: &str| {
        let token = format!(
            "grant: {grant}, token_endpoint: \"{url}/token\", client_id: an-id, client_secret: a-secret"
        );
        format!(
            "{name}: {{ platform: {platform}, url: \"{url}\", writes: allowed, tokens: {{ user: {{ {token}, username: jane, password: a-password }} }} }}\n"
        )
    };
    let documents = format!("choreo, {documents}");
    let pair = [
        side("old", "wso2-api-cloud", &old.url()),
        side("new", documents.trim_end_matches(", "), &new.url()),
    ];
    let pair = pair.concat();
    let pair = match grant {
        "password" => pair,
        _ => pair.replace(", username: jane, password: a-password", ""),
    };
    sandbox.file("cutover.yaml", &pair);
    let suite = format!(
        "name: A\nfeature: grant-types\ncases:\n  - {{ name: a, grant: {grant}, token: user, accept: [ {{ known: choreo/token-jwt }} ] }}\n"
    );
    sandbox.file("suites/a.yaml", &suite);
    let (ran, results) = sandbox.results(&["run", "--allow-writes"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let found = results.cases[0].differences.iter();
    let found = found.map(|d| {
        assert!(d.accepted_by.is_none(), "{d:?}");
        (format!("{} {}", d.r#where, d.path), d.known.clone())
    });
    found.collect()
}

#[test]
fn a_grant_that_the_page_has_for_later_is_known_by_the_page_alone() {
    let refusal = r#"{"error":"unsupported_grant_type"}"#;
    let soon = Some("choreo/grants-soon".to_owned());
    let lost = |known: &Option<String>| {
        let places = ["status ", "token $.access_token"];
        places
            .map(|place| (place.to_owned(), known.clone()))
            .to_vec()
    };
    assert_eq!(of_a_grant("", "password", refusal), lost(&soon));
    assert_eq!(
        of_a_grant("documents: page, ", "password", refusal),
        lost(&soon)
    );
    assert_eq!(
        of_a_grant("documents: latest, ", "password", refusal),
        lost(&None)
    );
    // What every document offers, and what the user got wrong, is no such change; nor is a token that is not
    // there a JWT, although the case accepts those.
    assert_eq!(of_a_grant("", "client_credentials", refusal), lost(&None));
    let refusal = r#"{"error":"invalid_grant"}"#;
    assert_eq!(of_a_grant("", "password", refusal), lost(&None));
}

#[test]
fn another_word_is_a_mistake() {
    let (sandbox, _servers) = bench("documents: lates, ");
    let ran = sandbox.run(&["check"]);
    assert_eq!(ran.code, 2);
    for told in [
        "unknown choice of documents `lates`",
        "did you mean `latest`?",
    ] {
        assert!(ran.err.contains(told), "{}", ran.err);
    }
}
