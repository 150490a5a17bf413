//! What is told of a token that was changed on its way.

use super::cause::number;
use super::sent::Change;

impl Change {
    /// How the token was sent, in words behind "sent the token".
    pub(super) fn told(self) -> String {
        let words = match self {
            Self::Blank => "with a blank before or behind it",
            Self::LineBreak => "with a line break before or behind it",
            Self::Lines(first) => {
                let first = number(first);
                return format!("broken into lines; the first has {first} characters");
            }
            Self::Folded => "folded over lines of the header, which RFC 9112 section 5.2 forbids",
            Self::Lower => "in small letters",
            Self::Upper => "in capitals",
            Self::Quoted => "in quotation marks",
            Self::PercentEncoded => "percent-encoded",
            Self::FormDecoded => "form-decoded: `+` became a blank",
            Self::Base64 => "encoded in base64",
            Self::Padding => "without its `=`",
            Self::Dots => "cut at its dots",
            Self::NoScheme => "without `Bearer` before it",
            Self::Other(same) => {
                return format!("with other characters behind the first {}", number(same));
            }
        };
        words.to_owned()
    }

    /// What to do about it.
    pub(super) const fn advice(self) -> &'static str {
        match self {
            Self::Blank => "trim nothing, add nothing",
            Self::LineBreak => {
                "read the token from the answer, not from a line of a file or a command (`tr -d '\\n'`)"
            }
            Self::Lines(_) => "encode without line breaks (`base64 -w0`)",
            Self::Folded => "write each header on one line, however long",
            Self::Lower => "keep the letter case: a UUID can do without, other tokens cannot",
            Self::Upper => "keep the letter case of the token",
            Self::Quoted => "take the value, not its JSON text",
            Self::PercentEncoded => "a header takes the token as it is (RFC 6750 section 2.1)",
            Self::FormDecoded => "decode nothing: the token answer is JSON, not a form",
            Self::Base64 => "a header takes the token as it is",
            Self::Padding => "the `=` are part of the token",
            Self::Dots => "the token is opaque to a client, dots and all (RFC 9068 section 6)",
            Self::NoScheme => "send `Authorization: Bearer TOKEN` (RFC 6750 section 2.1)",
            Self::Other(_) => "find what rewrites the token between answer and request",
        }
    }
}
