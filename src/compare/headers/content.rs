//! What a content is: its media type, and how it is to be kept.

use super::parts::{Named, Part, by_name, named};
use super::syntax::{parameter, split};
use crate::pair::Pair;
use crate::results::{Kind, Severity};

/// Media type and parameters (RFC 9110 section 8.3.1); names and charsets have no letter case.
pub(super) fn media_type(texts: Pair<&str>) -> Vec<Part> {
    let read = texts.map(|text| {
        let mut pieces = split(text, ';').into_iter();
        let essence = pieces.next().unwrap_or_default().to_ascii_lowercase();
        let parameters = pieces
            .map(parameter)
            .map(|(name, value)| match name.as_str() {
                "charset" => (name, charset(&value)),
                // Made anew for each message.
                "boundary" => (name, String::new()),
                _ => (name, value),
            });
        (essence, parameters.collect::<Named>())
    });
    if read.old.0 != read.new.0 {
        let explain = format!(
            "{} became {}: clients choose another decoder, or none",
            read.old.0, read.new.0
        );
        return vec![Part::whole(Kind::Value, Severity::Breaking, texts, explain)];
    }
    let parameters = read.map(|(_, parameters)| parameters);
    by_name(
        &parameters,
        |_| Severity::Risky,
        "clients that decode by it, or compare the whole header, act otherwise",
    )
}

/// One name for each charset.
pub(super) fn charset(value: &str) -> String {
    match value.to_ascii_lowercase().as_str() {
        "utf8" => "utf-8".to_owned(),
        "latin1" => "iso-8859-1".to_owned(),
        other => other.to_owned(),
    }
}

/// How a content is to be kept, and under which name (RFC 6266 section 4); the way, as names, has no letter case.
pub(super) fn disposition(texts: Pair<&str>) -> Vec<Part> {
    let read = texts.map(|text| {
        let (way, parameters) = text.split_once(';').unwrap_or((text, ""));
        (way.trim().to_ascii_lowercase(), named(parameters, ';'))
    });
    if read.old.0 != read.new.0 {
        let explain = format!(
            "{} became {}: browsers show what they kept, or keep what they showed",
            read.old.0, read.new.0
        );
        return vec![Part::whole(Kind::Value, Severity::Breaking, texts, explain)];
    }
    let severity = |name: &str| match name {
        "filename" | "filename*" => Severity::Breaking,
        _ => Severity::Risky,
    };
    let parameters = read.map(|(_, parameters)| parameters);
    by_name(
        &parameters,
        severity,
        "downloads are kept under another name",
    )
}

#[cfg(test)]
mod tests {
    use crate::compare::headers::tests::one;

    #[test]
    fn media_types_by_their_grammar() {
        assert_eq!(
            one(
                "content-type",
                "text/html;charset=utf-8",
                "Text/HTML; charset=\"UTF-8\""
            ),
            [""; 0]
        );
        assert_eq!(
            one(
                "content-type",
                "application/json",
                "application/json; charset=utf-8"
            ),
            ["content-type[charset] added risky"]
        );
        assert_eq!(
            one("content-type", "application/json", "text/plain"),
            ["content-type value breaking"]
        );
        assert_eq!(
            one(
                "content-type",
                "text/html; charset=utf-8",
                "text/html; charset=latin1"
            ),
            ["content-type[charset] value risky"]
        );
    }

    #[test]
    fn dispositions_languages_and_transport_security_by_their_grammar() {
        let disposition = |old, new| one("content-disposition", old, new);
        assert_eq!(
            disposition(
                "attachment; filename=\"a.txt\"",
                "Attachment;FileName=a.txt"
            ),
            [""; 0]
        );
        assert_eq!(
            disposition("attachment; filename=\"a;b.txt\"", "inline"),
            ["content-disposition value breaking"]
        );
        assert_eq!(
            disposition(
                "attachment; filename=\"a;b.txt\"; size=1",
                "attachment; filename=\"b.txt\""
            ),
            [
                "content-disposition[filename] value breaking",
                "content-disposition[size] removed risky"
            ]
        );
        assert_eq!(one("content-language", "en-GB, de", "DE,en-gb"), [""; 0]);
        assert_eq!(
            one("content-language", "en", "de"),
            ["content-language value risky"]
        );
        assert_eq!(
            one("accept-patch", "text/a, text/b", "text/b,text/a"),
            [""; 0]
        );
        let security = |old, new| one("strict-transport-security", old, new);
        assert_eq!(
            security(
                "max-age=1; includeSubDomains",
                "includesubdomains;max-age=1"
            ),
            [""; 0]
        );
        assert_eq!(
            security("max-age=2; preload", "max-age=1"),
            [
                "strict-transport-security[max-age] value risky",
                "strict-transport-security[preload] removed risky"
            ]
        );
    }
}
