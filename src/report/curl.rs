//! A request of the evidence as a line for a shell.

use std::fmt::Write as _;

use super::escape::acts;
use crate::results::{MessageRecord, PayloadEncoding};

/// Longest body that is part of the line.
const LONGEST_BODY: usize = 2_000;

/// A `curl` command that sends the request again, its secrets still taken out.
pub(super) fn line(request: &MessageRecord) -> String {
    let method = request.method.as_deref().unwrap_or("GET");
    let mut line = "curl -sS -i --path-as-is".to_owned();
    match method {
        "GET" if request.bytes == 0 => {}
        "HEAD" => line.push_str(" -I"),
        method => {
            let _ = write!(line, " -X {}", quoted(method));
        }
    }
    let _ = write!(
        line,
        " {}",
        quoted(request.url.as_deref().unwrap_or_default())
    );
    for (name, value) in &request.headers {
        // curl makes these itself.
        if ["host", "content-length", "connection"].contains(&name.to_ascii_lowercase().as_str()) {
            continue;
        }
        // `Name;` is how curl sends a field without a value.
        let field = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        let _ = write!(line, " -H {}", quoted(&field));
    }
    if request.bytes > 0 {
        let whole = request.encoding == PayloadEncoding::Text
            && !request.truncated
            && request.body.len() <= LONGEST_BODY;
        if whole {
            let _ = write!(line, " --data-raw {}", quoted(&request.body));
        } else {
            let _ = write!(line, " --data-binary @BODY # {} bytes", request.bytes);
        }
    }
    line
}

/// A word for a POSIX shell; `$'…'` of bash and zsh where characters act.
fn quoted(word: &str) -> String {
    let safe = |b: u8| b.is_ascii_alphanumeric() || b"-_./:=,@%+".contains(&b);
    if !word.is_empty() && word.bytes().all(safe) {
        return word.to_owned();
    }
    if !word.chars().any(acts) {
        return format!("'{}'", word.replace('\'', "'\\''"));
    }
    let mut out = "$'".to_owned();
    for c in word.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if acts(c) => {
                let mut buffer = [0; 4];
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    let _ = write!(out, "\\x{byte:02x}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, body: &str) -> MessageRecord {
        MessageRecord {
            method: Some(method.into()),
            url: Some("https://h.example/a?b=1&c=d'e".into()),
            headers: vec![
                ("Host".into(), "h.example".into()),
                (
                    "Authorization".into(),
                    "Bearer [secret app.access_token, 36 characters]".into(),
                ),
            ],
            body: body.into(),
            bytes: body.len() as u64,
            ..MessageRecord::default()
        }
    }

    #[test]
    fn a_request_becomes_one_line_that_a_shell_takes() {
        assert_eq!(
            line(&request("GET", "")),
            "curl -sS -i --path-as-is 'https://h.example/a?b=1&c=d'\\''e' \
             -H 'Authorization: Bearer [secret app.access_token, 36 characters]'"
        );
        let post = line(&request("POST", "{\"a\":\n'\u{1b}'}"));
        assert!(post.contains(" -X POST "), "{post}");
        assert!(
            post.ends_with(" --data-raw $'{\"a\":\\n\\'\\x1b\\'}'"),
            "{post}"
        );
        let large = line(&request("PUT", &"x".repeat(5_000)));
        assert!(
            large.ends_with(" --data-binary @BODY # 5000 bytes"),
            "{large}"
        );
    }
}
