//! Lists, parameters, challenges and links, as RFC 9110 section 5.6 and RFC 8288 write them.

/// The parts of a text at a separator, outside quotes and angle brackets, trimmed; empty ones left out.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped, mut angle) = (0, false, false, false);
    for (at, sign) in text.char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '<' if !quoted => angle = true,
            '>' if !quoted => angle = false,
            sign if sign == separator && !quoted && !angle => {
                parts.push(text.get(start..at).unwrap_or_default().trim());
                start = at + sign.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default().trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// `name=value` with the name in lower case and the quotes of the value taken off.
pub(super) fn parameter(text: &str) -> (String, String) {
    match text.split_once('=') {
        Some((name, value)) => (name.trim().to_ascii_lowercase(), unquoted(value.trim())),
        None => (text.trim().to_ascii_lowercase(), String::new()),
    }
}

fn unquoted(text: &str) -> String {
    match text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
    {
        Some(inner) => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => text.to_owned(),
    }
}

/// One authentication challenge (RFC 9110 section 11.6.1).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Challenge {
    /// The scheme, in lower case.
    pub(super) scheme: String,
    /// The parameters by lower-case name.
    pub(super) parameters: Vec<(String, String)>,
}

/// The challenges of a field value.
pub(super) fn challenges(text: &str) -> Vec<Challenge> {
    let mut list: Vec<Challenge> = Vec::new();
    for part in split(text, ',') {
        // A part that begins a challenge is a scheme, alone or before its first parameter.
        let (head, rest) = part.split_once(char::is_whitespace).unwrap_or((part, ""));
        let begins = !head.contains('=') && !rest.trim_start().starts_with('=');
        if begins {
            list.push(Challenge {
                scheme: head.to_ascii_lowercase(),
                parameters: Vec::new(),
            });
        }
        let own = if begins { rest.trim() } else { part };
        if let (Some(challenge), false) = (list.last_mut(), own.is_empty()) {
            challenge.parameters.push(parameter(own));
        }
    }
    list
}

/// The targets of a `Link` by relation: `next` and `<…>`.
pub(super) fn links(text: &str) -> Vec<(String, String)> {
    let mut list = Vec::new();
    for link in split(text, ',') {
        let mut pieces = split(link, ';').into_iter();
        let target = pieces.next().unwrap_or_default();
        let target = target
            .trim_start_matches('<')
            .trim_end_matches('>')
            .to_owned();
        let relation = pieces.map(parameter).find(|(name, _)| name == "rel");
        let names = relation
            .map(|(_, value)| value.to_ascii_lowercase())
            .unwrap_or_default();
        for name in names.split_whitespace() {
            list.push((name.to_owned(), target.clone()));
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_in_quotes_and_brackets_do_not_count() {
        assert_eq!(
            split("a, \"b, \\\" c\" ,<d,e>,, f", ','),
            ["a", "\"b, \\\" c\"", "<d,e>", "f"]
        );
    }

    #[test]
    fn challenges_and_their_parameters_are_told_apart() {
        let list = challenges("Basic realm=\"a, b\", charset=UTF-8, Bearer, DPoP algs=\"ES256\"");
        let short: Vec<(&str, usize)> = list
            .iter()
            .map(|c| (c.scheme.as_str(), c.parameters.len()))
            .collect();
        assert_eq!(short, [("basic", 2), ("bearer", 0), ("dpop", 1)]);
        assert_eq!(list[0].parameters[0], ("realm".into(), "a, b".into()));
    }

    #[test]
    fn links_are_found_by_relation() {
        let list = links("<https://a/?p=2>; rel=\"next last\", </b>; rel=first; title=\"x;y\"");
        assert_eq!(
            list,
            [
                ("next".to_owned(), "https://a/?p=2".to_owned()),
                ("last".to_owned(), "https://a/?p=2".to_owned()),
                ("first".to_owned(), "/b".to_owned()),
            ]
        );
    }
}
