//! No form of a secret leaves: every spelling, in every kind of text.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test")]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use bytes::Bytes;
use cutover::locator::Locator;
use cutover::message::{Headers, Request, Response};
use cutover::redact::Secrets;
use cutover::results::{Difference, Kind, Observed, PayloadEncoding, Severity, Where};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;

/// Every spelling of a value.
#[expect(clippy::too_many_lines, reason = "one table")]
fn spellings(id: &str, value: &str) -> Vec<(&'static str, String)> {
    let form =
        |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let percent = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
    let lower_hex = |text: &str| {
        let mut out = String::new();
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            out.push(c);
            if c == '%' {
                out.extend(rest.by_ref().take(2).map(|c| c.to_ascii_lowercase()));
            }
        }
        out
    };
    let json = serde_json::to_string(value).expect("JSON");
    let json = json[1..json.len() - 1].to_owned();
    let units: Vec<String> = value
        .encode_utf16()
        .map(|u| format!("\\u{u:04X}"))
        .collect();
    let xml: String = value
        .chars()
        .map(|c| match c {
            '&' => "&amp;".into(),
            '<' => "&lt;".into(),
            '>' => "&gt;".into(),
            '"' => "&quot;".into(),
            '\'' => "&#39;".into(),
            c => c.to_string(),
        })
        .collect();
    let bytes = value.as_bytes();
    let list = |separator: &str, one: &dyn Fn(&u8) -> String| {
        bytes.iter().map(one).collect::<Vec<_>>().join(separator)
    };
    let pair = format!("{id}:{value}");
    let packed = format!("{}:{}", form(id), form(value));
    vec![
        ("raw", value.to_owned()),
        ("pair", pair.clone()),
        ("Basic", STANDARD.encode(&pair)),
        ("Basic, form-encoded", STANDARD.encode(&packed)),
        ("base64", STANDARD.encode(value)),
        ("base64 without padding", STANDARD_NO_PAD.encode(value)),
        ("base64url", URL_SAFE.encode(value)),
        ("base64url without padding", URL_SAFE_NO_PAD.encode(value)),
        ("base64 inside", STANDARD.encode(format!("x{value}yz"))),
        (
            "base64 inside, two before",
            STANDARD.encode(format!("{{\"{value}\"}}")),
        ),
        ("percent", percent.clone()),
        ("percent, lower", lower_hex(&percent)),
        ("form", form(value)),
        ("form, lower", lower_hex(&form(value))),
        ("JSON", json.clone()),
        ("JSON, solidus", json.replace('/', "\\/")),
        ("JSON, units", units.concat()),
        ("XML", xml),
        (
            "XML, numbers",
            value
                .chars()
                .map(|c| format!("&#x{:x};", u32::from(c)))
                .collect::<Vec<_>>()
                .concat(),
        ),
        (
            "decimal list",
            format!("[{}]", list(", ", &|b| b.to_string())),
        ),
        ("decimal lines", list("\n  ", &|b| b.to_string())),
        ("hex", list("", &|b| format!("{b:02x}"))),
        ("hex, upper", list("", &|b| format!("{b:02X}"))),
        ("hex list", list(":", &|b| format!("{b:02x}"))),
        ("hex list, 0x", list(", ", &|b| format!("0x{b:02X}"))),
        ("hex, escaped", list("", &|b| format!("\\x{b:02x}"))),
        (
            "percent of JSON",
            utf8_percent_encode(&json, NON_ALPHANUMERIC).to_string(),
        ),
    ]
}

/// Every output of a text that stands in every kind of place.
fn outputs(secrets: &Secrets, text: &str) -> Vec<(&'static str, String)> {
    let mut headers = Headers::default();
    headers.set("X-Echo", text.as_bytes().to_vec());
    let request = Request {
        method: "GET".into(),
        url: format!("https://h.example/{text}?q={text}"),
        headers: headers.clone(),
        body: Bytes::from(text.as_bytes().to_vec()),
    };
    let mut binary = vec![0xff, 0xfe, 0x00];
    binary.extend_from_slice(text.as_bytes());
    let response = Response::plain(200, headers, binary.into());
    let record = secrets.record(&request, Some(&response));
    let answer = record.response.expect("a response");
    assert_eq!(answer.encoding, PayloadEncoding::Base64);
    let answer = STANDARD.decode(&answer.body).expect("base64");
    let mut difference = Difference::new(Where::Body, text, Kind::Value, Severity::Risky, text)
        .showing(
            Observed::text(text),
            Observed::raw(&format!("{{\"a\":[{text:?}]}}")),
        )
        .advice(text)
        .detail("x", text);
    secrets.difference(&mut difference);
    let quoted = serde_json::json!({ "deep": [text] }).to_string();
    vec![
        ("text", secrets.text(text).into_owned()),
        (
            "sentence",
            secrets
                .text(&format!("it said {text}, twice: {text}"))
                .into_owned(),
        ),
        ("url", secrets.url(&request.url)),
        (
            "headers",
            format!("{:?}", secrets.headers(&request.headers)),
        ),
        (
            "JSON body",
            secrets
                .body(quoted.as_bytes(), Some("application/json"))
                .text,
        ),
        (
            "request",
            serde_json::to_string(&record.request).expect("JSON"),
        ),
        ("binary body", String::from_utf8_lossy(&answer).into_owned()),
        (
            "difference",
            serde_json::to_string(&difference).expect("JSON"),
        ),
    ]
}

fn no_form_survives(id: &str, value: &str) -> Result<(), TestCaseError> {
    let secrets = Secrets::new();
    secrets.add_basic("app.client_secret", id, value);
    let all = spellings(id, value);
    for (spelling, text) in &all {
        for (place, out) in outputs(&secrets, text) {
            for (form, needle) in &all {
                // What holds no bits of the value proves nothing.
                prop_assert!(
                    !out.contains(needle.as_str()),
                    "{spelling} in {place} shows the form {form}: {out}"
                );
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_form_of_any_secret_survives(id in "[a-zA-Z0-9_-]{1,12}", value in "[!-~]{10,48}") {
        no_form_survives(&id, &value)?;
    }

    #[test]
    fn other_scripts_are_no_way_out(value in "[a-z]{6}[äöüß€😀/+&=]{2,8}[A-Z]{4}") {
        no_form_survives("client", &value)?;
    }

    #[test]
    fn redacting_twice_changes_nothing(value in "[!-~]{10,48}", around in "[ -~]{0,20}") {
        let secrets = Secrets::new();
        secrets.add("app.access_token", &value);
        let once = secrets.text(&format!("{around}{value}{around}")).into_owned();
        prop_assert_eq!(secrets.text(&once).into_owned(), once);
    }

    #[test]
    fn any_bytes_are_taken(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let secrets = Secrets::new();
        secrets.add("app.access_token", "something secret");
        let _ = secrets.body(&body, None);
    }
}

#[test]
fn the_mark_names_the_secret_and_its_length() {
    let secrets = Secrets::new();
    let token = "0b3c6b84-6d1c-3a5c-9d0c-0c0ffee0c0de";
    secrets.add("app.access_token", token);
    assert_eq!(
        secrets.text(&format!("refused: Bearer {token}.")),
        "refused: Bearer [secret app.access_token, 36 characters]."
    );
    assert_eq!(secrets.text("nothing to hide"), "nothing to hide");
    assert!(!format!("{secrets:?}").contains(token));
}

#[test]
fn short_secrets_are_masked_by_place_and_said() {
    let secrets = Secrets::new();
    secrets.add("old.client_secret", "abc");
    assert_eq!(secrets.text("abc"), "abc");
    let warnings = secrets.warnings();
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].code, "short-secret");
    assert!(warnings[0].message.contains("old.client_secret"));
    assert_eq!(
        secrets
            .body(
                b"grant_type=x&client_secret=abc",
                Some("application/x-www-form-urlencoded")
            )
            .text,
        "grant_type=x&client_secret=[secret client_secret, 3 characters]"
    );
}

#[test]
fn header_fields_are_masked_by_name() {
    let secrets = Secrets::new();
    secrets.add_places(&[Locator::parse("header:x-customer-id").expect("a locator")]);
    let mut headers = Headers::default();
    for (name, value) in [
        ("Authorization", "Bearer abcdef"),
        ("ApiKey", "k"),
        ("Set-Cookie", "sid=abc; Path=/"),
        ("RevokedAccessToken", "tok"),
        ("X-Customer-Id", "c-17"),
        ("Location", "https://h/cb?code=abc&state=1"),
        ("Accept", "text/plain"),
    ] {
        headers.0.push((name.to_owned(), value.as_bytes().to_vec()));
    }
    let shown: Vec<String> = secrets
        .headers(&headers)
        .into_iter()
        .map(|(n, v)| format!("{n}: {v}"))
        .collect();
    assert_eq!(
        shown,
        [
            "Authorization: Bearer [secret authorization, 6 characters]",
            "ApiKey: [secret apikey, 1 character]",
            "Set-Cookie: sid=[secret set-cookie, 3 characters]; Path=/",
            "RevokedAccessToken: [secret revokedaccesstoken, 3 characters]",
            "X-Customer-Id: [secret x-customer-id, 4 characters]",
            "Location: https://h/cb?code=[secret code, 3 characters]&state=1",
            "Accept: text/plain",
        ]
    );
}

fn with_places(places: &[&str]) -> Secrets {
    let secrets = Secrets::new();
    let places: Vec<Locator> = places
        .iter()
        .map(|p| Locator::parse(p).expect("a locator"))
        .collect();
    secrets.add_places(&places);
    secrets
}

#[test]
fn members_and_paths_are_masked_in_bodies() {
    let secrets = with_places(&["$..email", "$.users[?@.vip == true].name", "//ssn"]);
    let body = br#"{"access_token":"t","expires_in":3600,"code":900902,"users":[{"vip":true,"name":"Ann","email":"a@x"},{"name":"Bob"}]}"#;
    assert_eq!(
        secrets.body(body, Some("application/json")).text,
        r#"{"access_token":"[secret access_token, 1 character]","expires_in":3600,"code":900902,"users":[{"vip":true,"name":"[secret name, 3 characters]","email":"[secret email, 3 characters]"},{"name":"Bob"}]}"#
    );
    assert_eq!(
        secrets
            .body(b"{\"email\":\"a@x\"} {\"email\":\"b", None)
            .text,
        "{\"email\":\"[secret email, 3 characters]\"} {\"email\":\"[secret email, 1 character]",
        "what cannot be parsed is masked by the last name of the path"
    );
    assert_eq!(
        secrets
            .body(b"<a><n:ssn x='1'>123</n:ssn><b ssn=\"4\"/></a>", None)
            .text,
        "<a><n:ssn x='1'>[secret ssn, 3 characters]</n:ssn><b ssn=\"[secret ssn, 1 character]\"/></a>"
    );
}

fn masked(secrets: &Secrets, r#where: Where, path: &str, value: Observed) -> String {
    let explain = format!("it became {}", value.display().unwrap_or_default());
    let mut difference = Difference::new(r#where, path, Kind::Value, Severity::Risky, explain)
        .showing(Observed::Absent, value);
    secrets.difference(&mut difference);
    let shown = difference.new.json().unwrap_or_default().to_owned();
    format!("{shown} {}", difference.explain)
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn differences_are_masked_by_their_place() {
    let secrets = with_places(&["$..email", "$.users[?@.vip].name"]);
    for (r#where, path, value, mark) in [
        (
            Where::Body,
            "$.user.email",
            "a@example.com",
            "[secret email, 13 characters]",
        ),
        (
            Where::Body,
            "$.users[3].name",
            "Ann",
            "[secret name, 3 characters]",
        ),
        (
            Where::Token,
            "$.access_token",
            "abc",
            "[secret access_token, 3 characters]",
        ),
        (
            Where::Header,
            "authorization",
            "abc",
            "[secret authorization, 3 characters]",
        ),
        (
            Where::Header,
            "set-cookie[sid]",
            "sid=abc",
            "sid=[secret set-cookie, 3 characters]",
        ),
        (
            Where::Expect,
            "header:set-cookie",
            "s=abc",
            "s=[secret set-cookie, 3 characters]",
        ),
        // Of a program's token the length is told.
        (
            Where::Client,
            "request[4].authorization",
            "255 characters",
            "255 characters",
        ),
    ] {
        assert_eq!(
            masked(&secrets, r#where, path, Observed::text(value)),
            format!("\"{mark}\" it became {mark}"),
            "{path}"
        );
    }
    let inside = masked(
        &secrets,
        Where::Body,
        "$.user",
        Observed::raw(r#"{"email":"a@x","n":1.0}"#),
    );
    assert!(
        inside.starts_with(r#"{"email":"[secret email, 3 characters]","n":1.0}"#),
        "{inside}"
    );
    let code = masked(
        &secrets,
        Where::Body,
        "$.fault.code",
        Observed::raw("900901"),
    );
    assert_eq!(code, "900901 it became 900901");
    let jwt = masked(
        &secrets,
        Where::Body,
        "$.x",
        Observed::text("eyJhbGciOiJub25lIn0.eyJhIjoxfQ."),
    );
    assert!(jwt.starts_with("\"[secret jwt, "), "{jwt}");
}

#[test]
fn what_is_shown_with_a_secret_place_inside_is_masked_there() {
    let secrets = with_places(&["$..email", "//ssn"]);
    let json = r#"{"n":1.0,"email":"a@x"}"#;
    let list = format!("[{json}]");
    let short = r#"{"n":1.0,"email":"[secret email, 3 characters]"}"#;
    let text = |text: &str| {
        Observed::text(text)
            .json()
            .map(str::to_owned)
            .unwrap_or_default()
    };
    for (path, value, expected) in [
        // An element at the root, a whole body as it came, and one that was cut.
        ("$[0]", Observed::raw(json), short.to_owned()),
        ("$", Observed::raw(&list), format!("[{short}]")),
        ("$", Observed::text(&list), text(&format!("[{short}]"))),
        (
            "$",
            Observed::text(&list[..list.len() - 2]),
            text(&format!("[{}", &short[..short.len() - 1])),
        ),
        ("line 3", Observed::text(json), text(short)),
        (
            "/a",
            Observed::text("<a><ssn>123</ssn><b/></a>"),
            text("<a><ssn>[secret ssn, 3 characters]</ssn><b/></a>"),
        ),
    ] {
        let shown = masked(&secrets, Where::Body, path, value.clone());
        assert!(shown.starts_with(&expected), "{path} {value:?}: {shown}");
        assert!(
            !shown.contains("a@x") && !shown.contains("123"),
            "{path}: {shown}"
        );
    }
}

#[test]
fn a_secret_across_the_cut_leaves_no_half() {
    let secrets = Secrets::new();
    let token = "SECRET".repeat(300);
    secrets.add("app.access_token", &token);
    for before in [64 * 1024 - 900, 64 * 1024 - 1, 64 * 1024 - 1799] {
        let body = format!("{}{token}{}", "é".repeat(before / 2), "-".repeat(200_000));
        let payload = secrets.body(body.as_bytes(), None);
        assert!(payload.truncated);
        assert!(payload.text.len() <= 64 * 1024);
        assert!(!payload.text.contains("SECRET"), "{before}");
        assert_eq!(payload.encoding, PayloadEncoding::Text);
    }
    let long_value = format!("{{\"password\":\"{}\"}}", "p".repeat(300_000));
    let payload = secrets.body(long_value.as_bytes(), Some("application/json"));
    assert!(
        !payload.text.contains("ppp"),
        "a value by place that does not end in the window"
    );
}

#[test]
fn an_unknown_jwt_across_the_cut_is_recognised() {
    let part = URL_SAFE_NO_PAD.encode(format!(
        "{{\"alg\":\"RS256\",\"kid\":\"{}\"}}",
        "k".repeat(400)
    ));
    let body = format!(
        "{}{part}.e30.{}",
        " ".repeat(64 * 1024 - 100),
        "s".repeat(340)
    );
    let payload = Secrets::new().body(body.as_bytes(), None);
    assert!(payload.text.trim_start().starts_with("[secret jwt, "));
    assert!(!payload.text.contains("eyJ"));
}

#[test]
fn no_bit_of_a_value_is_left_at_the_ends_of_its_base64() {
    for value in ["abcdef", "abcdefg", "abcdefgh"] {
        let secrets = Secrets::new();
        secrets.add("v", value);
        let mark = format!("[secret v, {} characters]", value.len());
        for text in [STANDARD.encode(value), URL_SAFE_NO_PAD.encode(value)] {
            assert_eq!(secrets.text(&text), mark.as_str());
        }
        // One byte before: its first six bits are a character of their own, the rest is shared.
        let inside = secrets
            .text(&STANDARD.encode(format!("x{value}")))
            .into_owned();
        assert_eq!(inside, format!("e{mark}"));
    }
}

#[test]
fn the_hash_is_that_of_the_whole_body() {
    let request = Request {
        method: "POST".into(),
        url: "https://u:pw@h.example/".into(),
        headers: Headers::default(),
        body: Bytes::from_static(b"abc"),
    };
    let record = Secrets::new().record(&request, None).request;
    assert_eq!(
        record.sha256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!((record.bytes, record.truncated), (3, false));
    assert_eq!(
        record.url.as_deref(),
        Some("https://u:[secret password, 2 characters]@h.example/")
    );
}

/// The search stays small however long a token is.
#[test]
fn a_value_of_megabytes_is_hidden_whole() {
    let value: String = (0..150_000).map(|n| format!("{n:x}/")).collect();
    let secrets = Secrets::new();
    secrets.add("app.access_token", &value);
    let mark = format!("[secret app.access_token, {} characters]", value.len());
    let percent = utf8_percent_encode(&value, NON_ALPHANUMERIC).to_string();
    for lead in ["", "x", "xy"] {
        for (text, shown) in [
            (
                format!("{lead}{value} and more"),
                format!("{lead}{mark} and more"),
            ),
            (
                STANDARD.encode(format!("{lead}{value}")) + " and more",
                format!("{mark} and more"),
            ),
            (
                URL_SAFE.encode(format!("{lead}{percent}")) + " and more",
                format!("{mark} and more"),
            ),
            (
                format!("{lead} {percent} and more"),
                format!("{lead} {mark} and more"),
            ),
        ] {
            let hidden = secrets.text(&text);
            // In base64 a character of what stands before may be left.
            let known = hidden.len() <= shown.len() + 4 && hidden.ends_with(&shown);
            assert!(known, "{lead}: {hidden:.200}");
        }
    }
    // What was cut on its way is hidden as far as it goes.
    let cut = &value[..100_000];
    assert!(secrets.text(cut) == mark, "{:.200}", secrets.text(cut));
}

/// The beginning of such a value stands in it as often as it has characters.
#[test]
fn a_value_of_one_character_repeated_is_hidden() {
    let value = "a".repeat(2_000_000);
    let secrets = Secrets::new();
    secrets.add("app.access_token", &value);
    let shown = secrets.text(&format!("<{value}>")).into_owned();
    assert!(
        shown == "<[secret app.access_token, 2000000 characters]>",
        "{shown:.200}"
    );
}

/// As MIME (RFC 2045 section 6.8) and PEM (RFC 7468 section 2) write it, also inside a JSON string.
#[test]
fn base64_in_lines_is_no_way_out() {
    let value = "s3cret/".repeat(30);
    let secrets = Secrets::new();
    secrets.add("app.access_token", &value);
    let encoded = STANDARD.encode(format!("me:{value}"));
    for (width, end) in [(76, "\r\n"), (64, "\n"), (76, "\\r\\n")] {
        let lines: Vec<&str> = (0..encoded.len())
            .step_by(width)
            .map(|at| &encoded[at..encoded.len().min(at + width)])
            .collect();
        let shown = secrets
            .text(&format!("it said\n{}\nand more", lines.join(end)))
            .into_owned();
        assert!(
            shown.contains("[secret app.access_token, 210 characters]"),
            "{shown}"
        );
        assert!(
            lines
                .iter()
                .all(|line| !shown.contains(&line[line.len() / 2..])),
            "{shown}"
        );
    }
}
