//! [`Difference`]: one place where the sides disagree.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::observed::Observed;

/// The part of an observation in which a difference stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, PartialOrd, Ord,
)]
#[serde(rename_all = "lowercase")]
pub enum Where {
    /// The status code. Path: empty.
    Status,
    /// A header. Path: its lower-case name, with a part in brackets where the header has parts.
    Header,
    /// The body. Path: JSONPath, XPath, form field, `line 12` or `offset 1024`.
    Body,
    /// A token response, a JWT header or claim, or a probe's variant.
    Token,
    /// The connection. Path: the phase.
    Transport,
    /// The TLS handshake or the certificate.
    Tls,
    /// What a client program did.
    Client,
    /// An `expect` of the suite. Path: what was expected.
    Expect,
}

impl Where {
    /// The word of the results format.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Header => "header",
            Self::Body => "body",
            Self::Token => "token",
            Self::Transport => "transport",
            Self::Tls => "tls",
            Self::Client => "client",
            Self::Expect => "expect",
        }
    }
}

impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Declares [`Kind`] with its words in one list.
macro_rules! kinds {
    ($( $(#[$meta:meta])* $name:ident = $word:literal, )*) => {
        /// What sort of difference it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, PartialOrd, Ord)]
        pub enum Kind {
            $( $(#[$meta])* #[serde(rename = $word)] $name, )*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word of the results format.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$name => $word, )* }
            }
        }
    };
}

kinds! {
    /// The new side lacks it.
    Removed = "removed",
    /// Only the new side has it.
    Added = "added",
    /// Another JSON type or media type.
    Type = "type",
    /// Another value.
    Value = "value",
    /// The same elements in another order.
    Order = "order",
    /// The same value in another notation.
    Format = "format",
    /// Another character set.
    Charset = "charset",
    /// Another packing of the content.
    Encoding = "encoding",
    /// Another length.
    Length = "length",
    /// An array of the new side lacks an element.
    MissingElement = "missing-element",
    /// An array of the new side has one element more.
    ExtraElement = "extra-element",
    /// An id that stands for two others.
    BrokenReference = "broken-reference",
    /// The new side sends consumers back to the old host.
    HostLeak = "host-leak",
    /// A JSON object with one key twice.
    DuplicateKey = "duplicate-key",
    /// A fault of the same meaning in another syntax.
    Dialect = "dialect",
    /// A body that is not what its type says.
    Unparsable = "unparsable",
    /// A token or proof that must be refused and is not.
    NotRefused = "not-refused",
    /// A token that should be accepted and is not.
    Refused = "refused",
    /// A token that stopped working when another was issued.
    Evicted = "evicted",
    /// A token that still works after it was revoked.
    StillValid = "still-valid",
    /// The connection was reset.
    Reset = "reset",
    /// Fewer bytes than announced.
    ShortBody = "short-body",
    /// A message that HTTP does not allow.
    BadFraming = "bad-framing",
    /// The client cut the token.
    Truncated = "truncated",
    /// The client changed the token.
    Altered = "altered",
    /// The client sent no token.
    NotSent = "not-sent",
    /// The client refused the token.
    Rejected = "rejected",
    /// The client sent an old token.
    Stale = "stale",
    /// The client did not renew the token.
    NotRefreshed = "not-refreshed",
    /// The client asked for more tokens than it needs.
    OverFetched = "over-fetched",
    /// The client put the token where it does not belong.
    Leaked = "leaked",
    /// The client ended by a signal or an error.
    Crashed = "crashed",
    /// The client did not end.
    Hung = "hung",
    /// An `expect` that does not hold.
    Expectation = "expectation",
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Under `detail`: values that several answers of the old side showed at a place that varies.
pub const OLD_SEEN: &str = "old_seen";
/// Under `detail`: values that several answers of the new side showed at a place that varies.
pub const NEW_SEEN: &str = "new_seen";

/// How much a consumer feels of a difference; higher is worse.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, PartialOrd, Ord,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// No client should notice.
    Cosmetic,
    /// Some clients break.
    Risky,
    /// Clients break.
    Breaking,
}

impl Severity {
    /// The word of the results format.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cosmetic => "cosmetic",
            Self::Risky => "risky",
            Self::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The suite's statement that a difference is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcceptedBy {
    /// `known:PLATFORM/ID`, or the rule in short.
    pub rule: String,
    /// The reason that was given.
    pub because: String,
    /// The last day (ISO 8601) on which it holds.
    pub until: Option<String>,
    /// File and line of the rule.
    pub at: String,
}

/// One place where the sides disagree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// The part of the observation.
    pub r#where: Where,
    /// The place in it, as the old side counts.
    pub path: String,
    /// The place as the new side counts, where that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_path: Option<String>,
    /// What sort of difference.
    pub kind: Kind,
    /// How much a consumer feels of it.
    pub severity: Severity,
    /// What the old side showed.
    #[serde(default, skip_serializing_if = "Observed::is_absent")]
    pub old: Observed,
    /// What the new side showed.
    #[serde(default, skip_serializing_if = "Observed::is_absent")]
    pub new: Observed,
    /// Bytes of the old value, where it is shortened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_bytes: Option<u64>,
    /// Bytes of the new value, where it is shortened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_bytes: Option<u64>,
    /// The documented change between the two platforms that this is: `PLATFORM/ID`.
    pub known: Option<String>,
    /// The rule that accepts it.
    pub accepted_by: Option<AcceptedBy>,
    /// The check that found it, by its id.
    pub check: Option<String>,
    /// The paragraph that it offends, e.g. `RFC 6749 5.1`.
    pub r#ref: Option<String>,
    /// What a consumer would feel.
    pub explain: String,
    /// What to do about it.
    pub advice: Option<String>,
    /// Numbers by kind.
    #[serde(default)]
    pub detail: Map<String, Value>,
}

impl Difference {
    /// A difference with nothing but its place and weight.
    pub fn new(
        r#where: Where,
        path: impl Into<String>,
        kind: Kind,
        severity: Severity,
        explain: impl Into<String>,
    ) -> Self {
        Self {
            r#where,
            path: path.into(),
            new_path: None,
            kind,
            severity,
            old: Observed::Absent,
            new: Observed::Absent,
            old_bytes: None,
            new_bytes: None,
            known: None,
            accepted_by: None,
            check: None,
            r#ref: None,
            explain: explain.into(),
            advice: None,
            detail: Map::new(),
        }
    }

    /// Sets what each side showed.
    #[must_use]
    pub fn showing(mut self, old: Observed, new: Observed) -> Self {
        self.old = old;
        self.new = new;
        self
    }

    /// Sets the place as the new side counts; the same place as the old side's is not repeated.
    #[must_use]
    pub fn new_path(mut self, path: impl Into<String>) -> Self {
        let path = path.into();
        self.new_path = (path != self.path).then_some(path);
        self
    }

    /// Sets what to do about it.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// Adds a number (or a word) by name.
    #[must_use]
    pub fn detail(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }

    /// Cuts long values to what a report carries, noting their full length. Call it last: secrets
    /// must be out before.
    pub fn shorten(&mut self) {
        self.old_bytes = self.old.shorten().or(self.old_bytes);
        self.new_bytes = self.new.shorten().or(self.new_bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absence_and_null_are_told_apart_in_both_directions() {
        let difference = Difference::new(Where::Body, "$.a", Kind::Removed, Severity::Breaking, "")
            .showing(Observed::raw("null"), Observed::Absent);
        let text = serde_json::to_string(&difference).expect("JSON");
        assert!(
            text.contains(r#""old":null"#) && !text.contains(r#""new""#),
            "{text}"
        );
        let back: Difference = serde_json::from_str(&text).expect("the same type");
        assert_eq!(back, difference);
    }

    #[test]
    fn severities_are_ordered() {
        assert!(Severity::Breaking > Severity::Risky && Severity::Risky > Severity::Cosmetic);
    }
}
