//! The forms of a secret that are looked for as they are. Escaped forms (percent, JSON, XML, byte
//! lists) are many for one value, so those are found by decoding the text instead: see `views`.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// One form, as bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Form {
    /// The bytes.
    pub(super) bytes: Vec<u8>,
    /// Whether a base64 character right before carries some bits of the secret.
    pub(super) shares_before: bool,
    /// Whether a base64 character right behind does, or padding follows.
    pub(super) shares_behind: bool,
    /// How many bytes of the whole form follow behind these, where the value is so long that its
    /// beginning alone is looked for.
    pub(super) rest: usize,
}

/// Bytes of a value that are looked for. Of a longer one its beginning finds it, which no other text has
/// by chance, and what follows is taken to be the rest: the search stays small however long a token is.
const SOUGHT: usize = 32 * 1024;

/// RFC 3986 section 2.3: what a component never needs to encode.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Every form of a value that is searched for as it stands.
pub(super) fn forms(value: &str) -> Vec<Form> {
    let sought = &value[..value.floor_char_boundary(SOUGHT)];
    let plain = |of: &dyn Fn(&str) -> Vec<u8>| {
        let bytes = of(sought);
        Form {
            rest: of(value).len() - bytes.len(),
            bytes,
            shares_before: false,
            shares_behind: false,
        }
    };
    let mut forms = vec![
        plain(&|text| text.as_bytes().to_vec()),
        plain(&|text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        plain(&|text| text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ];
    // What is put in base64 may have been encoded before: RFC 6749 section 2.3.1 has client id and
    // secret form-encoded, and a whole JSON document or form may be packed.
    let encodings: [fn(&str) -> String; 4] = [
        str::to_owned,
        |text| url::form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        |text| utf8_percent_encode(text, COMPONENT).to_string(),
        json_escaped,
    ];
    let mut inputs = encodings
        .map(|encode| (encode(sought), encode(value).len()))
        .to_vec();
    inputs.sort();
    inputs.dedup();
    for (input, whole) in inputs {
        forms.extend(base64_forms(input.as_bytes(), whole));
    }
    forms.sort();
    forms.dedup();
    forms
}

fn json_escaped(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted.trim_matches('"').to_owned()
}

/// The characters that a value of so many bytes, which begins with these, makes for certain in base64 and
/// base64url, wherever it stands in a longer text: three alignments, two alphabets (RFC 4648 sections 4 and 5).
fn base64_forms(sought: &[u8], whole: usize) -> Vec<Form> {
    let mut forms = Vec::new();
    for before in 0..3_usize {
        let mut bytes = vec![0; before];
        bytes.extend_from_slice(sought);
        let first = [0, 2, 3].get(before).copied().unwrap_or_default();
        let certain = |bytes: usize| (before + bytes) * 8 / 6;
        let end = certain(sought.len());
        for encoded in [
            STANDARD_NO_PAD.encode(&bytes),
            URL_SAFE_NO_PAD.encode(&bytes),
        ] {
            if let Some(part) = encoded.get(first..end) {
                forms.push(Form {
                    bytes: part.as_bytes().to_vec(),
                    shares_before: before > 0,
                    shares_behind: !(before + whole).is_multiple_of(3),
                    rest: certain(whole) - end,
                });
            }
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_in_base64_at_any_alignment() {
        let value = "s3cr3t-value/+?";
        for lead in ["", "x", "xy", "xyz"] {
            for tail in ["", "a", "ab"] {
                let text = STANDARD_NO_PAD.encode(format!("{lead}{value}{tail}"));
                let found = forms(value).iter().any(|form| {
                    text.as_bytes()
                        .windows(form.bytes.len())
                        .any(|w| w == form.bytes)
                });
                assert!(found, "{lead} {tail} {text}");
            }
        }
    }
}
