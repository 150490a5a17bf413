//! Bytes that are no JSON, whatever is in them, and how that is said.

/// Why bytes are no JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::compare) struct NotJson {
    /// What is wrong, in words.
    pub(in crate::compare) what: String,
    /// Where, in bytes from the start.
    pub(in crate::compare) offset: usize,
}

impl std::fmt::Display for NotJson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at byte {}", self.what, self.offset)
    }
}

/// A body as the text that JSON is written in.
pub(super) fn text(body: &[u8]) -> Result<&str, NotJson> {
    let fail = |what: &str, offset| NotJson {
        what: what.to_owned(),
        offset,
    };
    if body.starts_with(b"\xEF\xBB\xBF") {
        return Err(fail("a byte order mark", 0));
    }
    let text =
        std::str::from_utf8(body).map_err(|error| fail("invalid UTF-8", error.valid_up_to()))?;
    if u32::try_from(text.len()).is_err() {
        return Err(fail("more than 4 GiB", 0));
    }
    Ok(text)
}
