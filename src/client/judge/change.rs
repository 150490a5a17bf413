//! [`Change`]: how a token was changed on its way, and what is told of it.

use super::cause::number;

/// How a token was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Change {
    /// A blank before or behind it.
    Blank,
    /// Without the blank between `Bearer` and it.
    Glued,
    /// A line break before or behind it.
    LineBreak,
    /// Lines of this length.
    Lines(usize),
    /// Folded into lines of a header (RFC 9112 section 5.2).
    Folded,
    /// Capitals became small letters.
    Lower,
    /// Small letters became capitals.
    Upper,
    /// Some letters changed their case, and not all one way.
    Case,
    /// Quotation marks around it.
    Quoted,
    /// Percent-encoded.
    PercentEncoded,
    /// `+` became a blank, or `%xx` a character.
    FormDecoded,
    /// With character references of HTML.
    Html,
    /// With escapes of JSON.
    Json,
    /// Encoded in base64, or the start of that.
    Base64,
    /// In hexadecimal digits.
    Hex,
    /// `+` and `/` became `-` and `_`, or the other way (RFC 4648 section 5).
    Alphabet,
    /// Its `=` are lost.
    Padding,
    /// There are more `=` than it has.
    Padded,
    /// Its dots, or what stands behind one, are lost.
    Dots,
    /// Its dots became another character.
    DotsReplaced,
    /// Without `Bearer` before it.
    NoScheme,
    /// Other text before or behind it.
    Added,
    /// It begins alike and goes on otherwise.
    Other(usize),
    /// So many of its characters are other ones.
    Replaced(usize),
}

impl Change {
    /// The word of `detail`.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Blank => "blank added",
            Self::Glued => "blank lost",
            Self::LineBreak => "line break added",
            Self::Lines(_) => "broken into lines",
            Self::Folded => "folded",
            Self::Lower => "lower-cased",
            Self::Upper => "upper-cased",
            Self::Case => "letter case changed",
            Self::Quoted => "quoted",
            Self::PercentEncoded => "percent-encoded",
            Self::FormDecoded => "form-decoded",
            Self::Html => "escaped as HTML",
            Self::Json => "escaped as JSON",
            Self::Base64 => "base64-encoded",
            Self::Hex => "hex-encoded",
            Self::Alphabet => "other base64 alphabet",
            Self::Padding => "padding lost",
            Self::Padded => "padding added",
            Self::Dots => "dots cut",
            Self::DotsReplaced => "dots replaced",
            Self::NoScheme => "scheme lost",
            Self::Added => "text added",
            Self::Other(_) | Self::Replaced(_) => "other characters",
        }
    }

    /// How the token was sent, in words behind "sent the token".
    pub(super) fn told(self) -> String {
        let words = match self {
            Self::Blank => "with a blank before or behind it",
            Self::Glued => "without a blank between `Bearer` and it",
            Self::LineBreak => "with a line break before or behind it",
            Self::Lines(first) => {
                let first = number(first);
                return format!("broken into lines; the first has {first} characters");
            }
            Self::Folded => "folded over lines of the header, which RFC 9112 section 5.2 forbids",
            Self::Lower => "in small letters",
            Self::Upper => "in capitals",
            Self::Case => "with another letter case",
            Self::Quoted => "in quotation marks",
            Self::PercentEncoded => "percent-encoded",
            Self::FormDecoded => "form-decoded: `+` became a blank",
            Self::Html => "with character references of HTML",
            Self::Json => "with escapes of JSON",
            Self::Base64 => "encoded in base64",
            Self::Hex => "in hexadecimal digits",
            Self::Alphabet => {
                "in the other alphabet of base64: `-` and `_` stand for `+` and `/`, or the other way"
            }
            Self::Padding => "without its `=`",
            Self::Padded => "with `=` that it does not have",
            Self::Dots => "cut at its dots",
            Self::DotsReplaced => "with another character in place of its dots",
            Self::NoScheme => "without `Bearer` before it",
            Self::Added => "with other text before or behind it",
            Self::Replaced(1) => "with one character that is another one",
            Self::Replaced(count) => {
                return format!("with {} characters that are other ones", number(count));
            }
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
            Self::Upper | Self::Case => "keep the letter case of the token",
            Self::Quoted => "take the value, not its JSON text",
            Self::PercentEncoded => "a header takes the token as it is (RFC 6750 section 2.1)",
            Self::FormDecoded => "decode nothing: the token answer is JSON, not a form",
            Self::Html => "escape for HTML where HTML is written, and keep the token as it came",
            Self::Json => "take the value of the member, not its text in the answer",
            Self::Base64 | Self::Hex => "a header takes the token as it is",
            Self::Alphabet => {
                "decode and encode nothing: the token is opaque, whatever it looks like"
            }
            Self::Padding | Self::Padded => {
                "the `=` of a token are part of it: take none away, add none"
            }
            Self::Dots | Self::DotsReplaced => {
                "the token is opaque to a client, dots and all (RFC 9068 section 6)"
            }
            Self::NoScheme | Self::Glued => {
                "send `Authorization: Bearer TOKEN` (RFC 6750 section 2.1)"
            }
            Self::Added => {
                "send `Bearer`, one blank and the token, and nothing else (RFC 6750 section 2.1)"
            }
            Self::Other(_) | Self::Replaced(_) => {
                "find what rewrites the token between answer and request"
            }
        }
    }
}
