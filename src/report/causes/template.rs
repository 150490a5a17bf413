//! The path of a difference without what tells one place of its sort from the next.

use crate::results::{Difference, Where};

/// Letters and digits from which a name of hexadecimal digits alone is an id.
const LONG_ID: usize = 16;

/// The path with its indices generalised; outside bodies, with the part it is of.
pub fn template(difference: &Difference) -> String {
    let path = &difference.path;
    match difference.r#where {
        Where::Body => general(path),
        part if path.is_empty() => part.to_string(),
        part => format!("{part}:{}", general(path)),
    }
}

/// `$.items[3].price` to `$.items[*].price`, `$.prices['4711']` to `$.prices[*]`, `/a/b[2]` to
/// `/a/b[*]`, `line 12` to `line *`.
fn general(path: &str) -> String {
    if let Some((unit @ ("line" | "offset"), number)) = path.split_once(' ')
        && number.bytes().all(|b| b.is_ascii_digit())
    {
        return format!("{unit} *");
    }
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, behind)) = rest.split_once('[') {
        out.push_str(before);
        out.push('[');
        rest = match behind.split_once(']') {
            Some((step, _)) if is_one_of_many(step) => {
                out.push('*');
                behind.get(step.len()..).unwrap_or_default()
            }
            _ => behind,
        };
    }
    out + rest
}

/// Whether a step in brackets is an index, or a name that is an id: its neighbours are of its sort.
fn is_one_of_many(step: &str) -> bool {
    let quoted = step.strip_prefix('\'').and_then(|s| s.strip_suffix('\''));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let Some(name) = quoted else {
        return digits(step);
    };
    let hex = |b: u8| b.is_ascii_hexdigit() || b == b'-';
    let letters = name.bytes().filter(|b| *b != b'-').count();
    digits(name) || (letters >= LONG_ID && name.bytes().all(hex))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_and_ids_are_generalised_and_names_are_kept() {
        for (path, expected) in [
            ("$.items[3].price", "$.items[*].price"),
            ("$[0][12]['x y']", "$[*][*]['x y']"),
            ("$.a['b[1]']", "$.a['b[*]']"),
            ("$.prices['4711'].net", "$.prices[*].net"),
            (
                "$.by['0f8fad5b-d9cb-469f-a165-70867728950e'].n",
                "$.by[*].n",
            ),
            ("$.by['face'].n", "$.by['face'].n"),
            ("/a/b[2]/@x", "/a/b[*]/@x"),
            ("line 12", "line *"),
            ("offset 1024", "offset *"),
            ("set-cookie[sid]", "set-cookie[sid]"),
        ] {
            assert_eq!(general(path), expected);
        }
    }
}
