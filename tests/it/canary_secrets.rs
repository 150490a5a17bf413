//! The secrets of the canary test, every form in which they could leave, and a side that gives them
//! back in every form.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::serve::{Seen, Server, answer, json};

/// The client's id: it may be shown.
pub(crate) const CLIENT: &str = "the-canary-client";

/// A secret: what it is, and its value.
pub(crate) type Secret = (&'static str, String);

/// All secrets of a side. Each has characters that every encoding changes.
pub(crate) fn secrets(side: &str) -> Vec<Secret> {
    let mark = if side == "old" { 'Q' } else { 'Z' };
    let value = |text: &str| text.replace('@', &mark.to_string());
    vec![
        ("client secret", value("kX7@/+w9&Lm\"<vé=t4@uYc2")),
        ("password", value("p4@%rH'8>nB e6&jT@sGk1+q")),
        ("seed", value("5fD@~zR2/xW+7cV=hN3@mK9p")),
        ("static", value("s0@Tq8Wb2/Lr+4Yn6=Jd1@Fg")),
        ("api key", value("a9@Kv3Zp7-Hx1_Mt5@Ru8Ce2Bw")),
        ("access token", jwt(mark)),
        ("refresh token", value("r6@Jy0Gd4/Sf+9Px2@Qn7Va5=")),
    ]
}

fn jwt(mark: char) -> String {
    let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"RS256","kid":"{mark}canary"}}"#));
    let payload = URL_SAFE_NO_PAD.encode(format!(r#"{{"sub":"somebody {mark}","n":4711}}"#));
    let signature = URL_SAFE_NO_PAD.encode(format!("a signature that nobody made {mark}"));
    format!("{header}.{payload}.{signature}")
}

/// Every form of a secret, by its name.
pub(crate) fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let json = serde_json::Value::from(secret).to_string();
    let ascii = secret.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
    let xml = secret
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&apos;");
    let numeric = secret.chars().map(|c| format!("&#{};", u32::from(c)));
    let list = |separator: &str, one: &dyn Fn(u8) -> String| {
        let bytes: Vec<String> = secret.bytes().map(one).collect();
        bytes.join(separator)
    };
    let pair = format!("{CLIENT}:{secret}");
    let encoded = format!("{CLIENT}:{form}");
    let mut forms = vec![
        ("raw", secret.to_owned()),
        ("Basic", STANDARD.encode(&pair)),
        ("Basic of the encoded", STANDARD.encode(encoded)),
        ("base64", STANDARD.encode(secret)),
        ("base64url", URL_SAFE.encode(secret)),
        ("base64url without padding", URL_SAFE_NO_PAD.encode(secret)),
        ("percent", percent.clone()),
        ("percent in small letters", percent.to_lowercase()),
        ("form", form),
        ("JSON", json[1..json.len() - 1].to_owned()),
        ("JSON in units", ascii.collect()),
        ("XML", xml),
        ("XML by numbers", numeric.collect()),
        ("decimal", list(", ", &|b| b.to_string())),
        ("decimal, dense", list(",", &|b| b.to_string())),
        ("hex list", list(", ", &|b| format!("0x{b:02x}"))),
        ("hex pairs", list(" ", &|b| format!("{b:02X}"))),
        ("hex", list("", &|b| format!("{b:02x}"))),
    ];
    // Small letters make another secret of one that has capitals and is no escape.
    forms.retain(|(name, text)| *name != "percent in small letters" || unescaped(text) == secret);
    if secret.matches('.').count() == 2 {
        let names = ["JWT header", "JWT payload", "JWT signature"];
        forms.extend(names.into_iter().zip(secret.split('.').map(str::to_owned)));
    }
    forms
}

fn unescaped(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

/// A side that gives every secret back in every form, in every place of an answer.
pub(crate) fn echo(side: &'static str) -> Server {
    let secrets = secrets(side);
    Server::answering(move |seen| {
        let all: Vec<String> = secrets
            .iter()
            .flat_map(|(_, secret)| forms(secret))
            .map(|(_, form)| form)
            .collect();
        match seen.target.split('?').next().unwrap_or_default() {
            "/token" => {
                // A token that was never given is no secret of anybody.
                let known = secrets[..5].iter().flat_map(|(_, secret)| forms(secret));
                let known: Vec<String> = known.map(|(_, form)| form).collect();
                token(seen, &secrets, &known)
            }
            path => page(side, path, &secrets, &all),
        }
    })
}

fn value(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Refuses the credential `broken` with everything it was told; gives a token to any other.
fn token(seen: &Seen, secrets: &[Secret], all: &[String]) -> Vec<u8> {
    let [.., (_, access), (_, refresh)] = secrets else {
        return Vec::new();
    };
    if seen.body.contains("scope=broken") {
        let said = value(&format!("{} {}", all.join(" | "), seen.body));
        let body = format!(
            "{{\"error\":{},\"error_description\":{said}}}",
            value(access)
        );
        return answer(400, &[("Content-Type", "application/json")], &body);
    }
    if seen.body.contains("scope=page") {
        let page = format!("<html>{}</html>", all.join("\n"));
        return answer(502, &[("Content-Type", "text/html")], &page);
    }
    let (access, refresh, said) = (value(access), value(refresh), value(&secrets[0].1));
    json(&format!(
        "{{\"access_token\":{access},\"refresh_token\":{refresh},\"expires_in\":3600,\
         \"token_type\":{said},\"scope\":{said},\"you_sent\":{}}}",
        value(&all.join(" "))
    ))
}

#[expect(clippy::too_many_lines, reason = "one table")]
fn page(side: &str, path: &str, secrets: &[Secret], all: &[String]) -> Vec<u8> {
    let lines = all.join("\n");
    let typed = |kind: &str, body: &str| answer(200, &[("Content-Type", kind)], body);
    let objects = |member: &dyn Fn(usize, &String) -> String| {
        let members: Vec<String> = all
            .iter()
            .enumerate()
            .map(|(n, form)| member(n, form))
            .collect();
        json(&format!("{{{}}}", members.join(",")))
    };
    match path {
        "/values" => objects(&|n, form| format!("\"m{n}\":{}", value(form))),
        "/names" => objects(&|n, form| format!("{}:{n}", value(&format!("{form} {n}")))),
        // Where a report shortens a value: half of a secret is a secret too.
        "/middle" => objects(&|n, form| {
            format!(
                "\"m{n}\":{}",
                value(&format!("{}{form}", "-".repeat(10 + n * 2)))
            )
        }),
        "/nested" => objects(&|n, form| format!("\"m{n}\":{}", value(&value(form)))),
        "/bytes" => {
            let lists: Vec<String> = secrets
                .iter()
                .map(|(_, s)| format!("{:?}", s.as_bytes()))
                .collect();
            json(&format!("[{}]", lists.join(",")))
        }
        "/text" => typed("text/plain", &lines),
        "/unnamed" => answer(200, &[], &lines),
        "/xml" => {
            let items: String = secrets
                .iter()
                .map(|(_, s)| {
                    let forms = forms(s);
                    let xml = forms
                        .iter()
                        .find(|(name, _)| *name == "XML")
                        .map(|(_, xml)| xml.clone());
                    format!("<i a=\"{0}\">{0}</i>", xml.unwrap_or_default())
                })
                .collect();
            typed("application/xml", &format!("<all>{items}</all>"))
        }
        "/form" => {
            let fields = secrets.iter().map(|(_, s)| {
                url::form_urlencoded::byte_serialize(s.as_bytes()).collect::<String>()
            });
            let fields: Vec<String> = fields
                .enumerate()
                .map(|(n, s)| format!("f{n}={s}&{s}={n}"))
                .collect();
            typed("application/x-www-form-urlencoded", &fields.join("&"))
        }
        "/binary" => {
            let mut bytes = answer(
                200,
                &[
                    ("Content-Type", "application/octet-stream"),
                    ("Content-Length", "9000"),
                ],
                "",
            );
            let at = bytes
                .windows(19)
                .position(|w| w == b"Content-Length: 0\r\n")
                .unwrap();
            bytes.drain(at..at + 19);
            bytes.extend([0xff, 0x00, 0xfe]);
            bytes.extend(lines.bytes().chain(std::iter::repeat(b'.')).take(8_997));
            bytes
        }
        "/headers" => {
            let ascii = all.iter().filter(|form| form.is_ascii()).enumerate();
            let named: Vec<(String, &String)> = ascii
                .map(|(n, form)| (format!("X-Echo-{n}"), form))
                .collect();
            let mut headers: Vec<(&str, &str)> = named
                .iter()
                .map(|(n, form)| (n.as_str(), form.as_str()))
                .collect();
            let token = &secrets[5].1;
            let location = format!(
                "https://else.example/{side}?access_token={token}&x={}",
                forms(&secrets[0].1)[6].1
            );
            let challenge = format!("Bearer realm=\"{side}\", error_description=\"{token}\"");
            let cookie = format!("session={token}; Path=/");
            headers.extend([
                ("Location", location.as_str()),
                ("WWW-Authenticate", &challenge),
                ("Set-Cookie", &cookie),
            ]);
            answer(200, &headers, "")
        }
        "/fails" if side == "new" => answer(
            500,
            &[("Content-Type", "application/json")],
            &format!("{{\"error\":{}}}", value(&lines)),
        ),
        "/both-fail" => answer(403, &[("Content-Type", "text/plain")], &lines),
        "/short" => {
            let mut out = String::new();
            let _ = write!(
                out,
                "HTTP/1.1 200 {}\r\nContent-Length: 99999\r\n\r\n{lines}",
                secrets[4].1
            );
            out.into_bytes()
        }
        _ => json("{}"),
    }
}
