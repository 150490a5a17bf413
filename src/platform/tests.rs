use super::*;

#[test]
fn every_shipped_file_is_sound() {
    for (name, text) in SHIPPED {
        let source = Source::new(format!("{name}.yaml"), text);
        match Platform::parse(&source) {
            Ok(platform) => assert_eq!(platform.name, name),
            Err(problems) => panic!("{}", problems.render(false)),
        }
    }
    assert_eq!(PLATFORMS.len(), SHIPPED.len());
}

#[test]
fn statements_speak_of_features_and_have_two_sides() {
    for platform in PLATFORMS.iter() {
        for statement in &platform.statements {
            let feature = statement.feature.as_str();
            assert!(crate::suite::FEATURES.contains(&feature), "{feature}");
            assert!(statement.told(Documents::Page).is_some(), "{feature}");
        }
    }
    let choreo = Platform::shipped("choreo").expect("shipped");
    assert_eq!(choreo.statements.len(), 3);
}

#[test]
fn what_one_document_says_is_a_known_change_where_it_is_gone_by() {
    let choreo = Platform::shipped("choreo").expect("shipped");
    let has = |platform: &Platform| {
        let mut changes = platform.changes();
        let mut by_the_page = vec!["limits-of-ones-own-soon", "grants-soon"];
        changes.any(|known| {
            by_the_page.retain(|id| *id != known.id);
            by_the_page.is_empty()
        })
    };
    assert_eq!(choreo.documents, Documents::Page);
    assert!(has(choreo) && !has(&choreo.by(Documents::Latest)));
    let rest = choreo.by(Documents::Latest).changes().count();
    assert_eq!(rest + 2, choreo.known.len());
    // An acceptance may name it all the same: which document is gone by is no mistake of a suite.
    assert!(choreo.change("limits-of-ones-own-soon").is_some());
}

#[test]
fn one_meaning_is_read_in_every_syntax() {
    let read = |platform: &str, status: u16, body: &str| {
        let platform = Platform::shipped(platform).expect("shipped");
        let fault = platform.fault(status, body.as_bytes()).expect("a fault");
        (fault.dialect, fault.code, fault.meaning)
    };
    let scope = Some(Meaning::ForbiddenScope);
    let xml = "<ams:fault xmlns:ams=\"http://wso2.org/apimanager/security\">\n <ams:code>900910</ams:code>\n  <ams:message>no</ams:message><ams:description>x\n </ams:description></ams:fault>";
    assert_eq!(
        read("wso2-api-cloud", 403, xml),
        ("wso2-3-xml".into(), "900910".into(), scope)
    );
    let wrapped = r#"{"fault":{"code":900910,"message":"no","description":"x"}}"#;
    assert_eq!(
        read("wso2-api-cloud", 403, wrapped),
        ("wso2-3-json".into(), "900910".into(), scope)
    );
    let enforcer = r#"{"error_message":"no","code":"900910","error_description":"x"}"#;
    assert_eq!(
        read("choreo", 403, enforcer),
        ("choreo-enforcer".into(), "900910".into(), scope)
    );
    let router = "{\"message\":\"Not Found\",\"description\":\"x\",\"code\":\"404\"}\n";
    let gone = Some(Meaning::NoSuchResource);
    assert_eq!(
        read("choreo", 404, router),
        ("wso2-flat-json".into(), "404".into(), gone)
    );
}

#[test]
fn what_a_backend_says_is_no_fault_of_the_gateway() {
    let choreo = Platform::shipped("choreo").expect("shipped");
    assert_eq!(choreo.fault(404, b"{\"error\":\"no such order\"}"), None);
    assert_eq!(
        choreo.fault(200, br#"{"message":"m","description":"d","code":"404"}"#),
        None
    );
    let old = Platform::shipped("wso2-api-cloud").expect("shipped");
    assert_eq!(
        old.fault(
            500,
            b"<fault xmlns=\"urn:other\"><code>1</code><message>x</message></fault>"
        ),
        None
    );
}

#[test]
fn identity_headers_are_the_platforms_own_and_those_of_http() {
    let choreo = Platform::shipped("choreo").expect("shipped");
    for name in [
        "x-trace-key",
        "x-envoy-upstream-service-time",
        "server",
        "via",
    ] {
        assert!(choreo.is_identity(name), "{name}");
    }
    assert!(!choreo.is_identity("x-ratelimit-limit"));
    assert!(!Platform::generic().is_identity("x-trace-key"));
}

#[test]
fn a_broken_file_names_every_problem() {
    let source = Source::new(
        "p.yaml",
        "platform: p\nfaults: [ { name: f, syntax: yaml, code: c, message: m, codes: { \"1\": gone } } ]\nknown:\n  - { id: k, from: o, description: d, covers: [ bodi ], explain: e, advice: a, source: s }\n",
    );
    let problems = Platform::parse(&source).expect_err("problems");
    let messages: Vec<&str> = problems
        .sorted()
        .iter()
        .map(|d| d.message.as_str())
        .collect();
    assert_eq!(messages, ["unknown meaning `gone`"]);
}
