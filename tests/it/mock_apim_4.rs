//! A double of API Manager 4: its faults, and what a client notices of them beside those of 3.x.

use cutover::results::Verdict;

use crate::mock_support::{Got, double, get, start};
use crate::readme::Mock;
use crate::sandbox::Sandbox;

fn apim(name: &str, platform: &str, faults: &str) -> String {
    format!(
        "name: {name}
platform: {platform}
token: {{ path: /token, clients: [ {{ id: my-client, secret: my-secret }} ] }}
gateway:
  base: /api
  faults: {faults}
  throttle: {{ limit: 0, per: 60m, level: application, next_access: true, only: [ GET /limited ] }}
  texts:
    missing-credentials: {{ status: 401, code: 900902, message: Missing Credentials, description: Send a token }}
    throttled: {{ status: 429, code: 900800, message: Message throttled out, description: You have exceeded your quota }}
    no-resource: {{ status: 404, code: 404, message: Runtime Error, description: No matching resource found for given API Request }}
routes:
  - {{ request: GET /limited, open: true, text: hello }}
  - {{ request: GET /hello, text: hello }}
"
    )
}

#[tokio::test]
async fn faults_are_flat_json_with_codes_as_texts_or_xml_where_that_is_asked_for() {
    let doubles = start(vec![double(&apim("T", "wso2-apim-4", "wso2-apim-4"))]).await;
    let api = format!("{}/api", doubles.running()[0].url());
    let ask = async |path: &str, accept: &str| -> Got {
        let headers = [("accept", accept)];
        let headers = if accept.is_empty() { &[][..] } else { &headers };
        get(&format!("{api}{path}"), headers).await
    };
    let json = r#"{"code":"900902","message":"Missing Credentials","description":"Send a token"}"#;
    for accept in ["", "*/*", "application/json", "application/xml, text/xml"] {
        let got = ask("/hello", accept).await;
        assert_eq!((got.status, got.body.as_str()), (401, json), "{accept}");
        let media_type = got.header("content-type");
        assert_eq!(media_type, Some("application/json; charset=UTF-8"));
    }
    let xml = "<ams:fault xmlns:ams=\"http://wso2.org/apimanager/security\"><ams:code>900902</ams:code>\
               <ams:message>Missing Credentials</ams:message><ams:description>Send a token</ams:description></ams:fault>";
    for accept in ["application/xml", "text/xml"] {
        let got = ask("/hello", accept).await;
        assert_eq!((got.status, got.body.as_str()), (401, xml));
        let media_type = format!("{accept}; charset=UTF-8");
        assert_eq!(got.header("content-type"), Some(media_type.as_str()));
    }
    // Routing goes by nothing: `fault.xml` of 4.x makes JSON.
    let json = r#"{"code":"404","type":"Status report","message":"Runtime Error","description":"No matching resource found for given API Request"}"#;
    let got = ask("/nowhere", "application/xml").await;
    assert_eq!((got.status, got.body.as_str()), (404, json));

    let got = ask("/limited", "").await;
    let told = got.json();
    assert_eq!((got.status, &told["code"]), (429, &"900803".into()));
    assert!(
        told["nextAccessTime"]
            .as_str()
            .is_some_and(|at| at.ends_with(" UTC"))
    );
    assert!(got.header("retry-after").is_some());
    doubles.stop().await;
}

#[test]
fn a_move_from_3_to_4_is_told_as_the_change_that_is_known() {
    let sandbox = Sandbox::new();
    sandbox
        .file("old.yaml", &apim("Old", "wso2-api-cloud", "wso2-xml"))
        .file("new.yaml", &apim("New", "wso2-apim-4", "wso2-apim-4"))
        .file(
            "suites/a.yaml",
            "name: A
api: main
cases:
  - { name: refused, request: GET /hello, token: none, expect: { status: 401 } }
",
        );
    let _mock = Mock::of(
        sandbox.folder(),
        ["old.yaml", "new.yaml"].map(|name| sandbox.path(name)),
    );
    let (ran, results) = sandbox.results(&["run"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let case = &results.cases[0];
    assert_eq!(case.verdict, Verdict::Different);
    let known = case.differences.iter().map(|item| item.known.as_deref());
    let known: std::collections::BTreeSet<_> = known.collect();
    assert_eq!(known, [Some("wso2-apim-4/fault-json")].into());
}
