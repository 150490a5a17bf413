//! What a document may have before it costs too much to read.

/// Attributes that one element may have: the parser holds each against all others.
pub(super) const MAX_ATTRIBUTES: usize = 1_000;

/// Whether a tag seems to have more attributes than are read. What is no markup (comments, CDATA,
/// instructions) is passed over; in a text that is no XML the answer means nothing.
pub(super) fn too_many_attributes(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once('<') {
        let skipped = [("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>")]
            .into_iter()
            .find(|(start, _)| behind.starts_with(start));
        if let Some((_, end)) = skipped {
            rest = behind.split_once(end).map_or("", |(_, behind)| behind);
            continue;
        }
        let (mut quote, mut count, mut length) = (None, 0, behind.len());
        for (at, byte) in behind.bytes().enumerate() {
            match (quote, byte) {
                (None, b'>') => {
                    length = at;
                    break;
                }
                (None, b'=') => count += 1,
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(open), _) if open == byte => quote = None,
                _ => {}
            }
        }
        if count > MAX_ATTRIBUTES {
            return true;
        }
        rest = behind.get(length..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_counted_by_tag() {
        let many = |count: usize| {
            (0..count)
                .map(|at| format!(" a{at}='=>'"))
                .collect::<String>()
        };
        assert!(!too_many_attributes(&format!(
            "<a{}><b{}/></a>",
            many(600),
            many(600)
        )));
        assert!(too_many_attributes(&format!("<a><b{}/></a>", many(1_001))));
        let other = "=".repeat(2_000);
        assert!(!too_many_attributes(&format!(
            "<!--'{other}--><a><![CDATA[<{other}]]>{other}</a>"
        )));
    }
}
