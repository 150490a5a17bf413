//! As much XML as it takes to read a gateway's fault: root, namespace, text of an element. It expands
//! nothing and resolves nothing.

/// The root element of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Root<'a> {
    /// Its name without prefix.
    pub(super) local: &'a str,
    /// The namespace that its prefix (or the lack of one) stands for.
    pub(super) namespace: Option<&'a str>,
}

/// The root element, behind declaration, comments and white space. A document type is refused.
pub(super) fn root(text: &str) -> Option<Root<'_>> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        if let Some(inner) = rest.strip_prefix("<?") {
            rest = inner.split_once("?>")?.1.trim_start();
        } else if let Some(inner) = rest.strip_prefix("<!--") {
            rest = inner.split_once("-->")?.1.trim_start();
        } else {
            break;
        }
    }
    let tag = rest.strip_prefix('<')?.split_once('>')?.0;
    let tag = tag.strip_suffix('/').unwrap_or(tag);
    let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return None;
    }
    let (prefix, local) = name.split_once(':').map_or(("", name), |(p, l)| (p, l));
    let declaration = if prefix.is_empty() {
        "xmlns=".to_owned()
    } else {
        format!("xmlns:{prefix}=")
    };
    let namespace = attributes.split_once(&declaration).and_then(|(_, value)| {
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value.get(1..)?.split_once(quote).map(|(uri, _)| uri)
    });
    Some(Root { local, namespace })
}

/// The text of the first element with this local name, white space around it left out.
pub(super) fn text_of<'a>(text: &'a str, local: &str) -> Option<&'a str> {
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once('<') {
        let (tag, after) = behind.split_once('>')?;
        let name = tag.split(char::is_whitespace).next().unwrap_or_default();
        let bare = name.rsplit_once(':').map_or(name, |(_, bare)| bare);
        if bare == local && !name.starts_with('/') {
            return after.split_once('<').map(|(text, _)| text.trim());
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_found_behind_a_prolog() {
        let text = "<?xml version='1.0'?>\n<!-- x --><am:fault xmlns:am=\"http://wso2.org/apimanager\"><am:code> 404 </am:code></am:fault>";
        let expected = Root {
            local: "fault",
            namespace: Some("http://wso2.org/apimanager"),
        };
        assert_eq!(root(text), Some(expected));
        assert_eq!(text_of(text, "code"), Some("404"));
        assert_eq!(text_of(text, "type"), None);
    }

    #[test]
    fn a_document_type_and_other_text_are_no_root() {
        assert_eq!(root("<!DOCTYPE x [<!ENTITY a \"b\">]><x/>"), None);
        assert_eq!(root("{}"), None);
        assert_eq!(root("<"), None);
    }
}
