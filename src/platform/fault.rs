//! Reading a gateway's faults: the same meaning in many syntaxes.

use std::collections::BTreeMap;

use super::xml;

/// Declares [`Meaning`] with its words.
macro_rules! meanings {
    ($( $(#[$meta:meta])* $name:ident = $word:literal, $what:literal; )*) => {
        /// What a gateway's fault tells a client, whatever its syntax.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Meaning { $( $(#[$meta])* $name, )* }

        impl Meaning {
            /// The words of the platform files.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The meaning of a word.
            pub fn of(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$name), )* _ => None }
            }

            /// The word of the platform files.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$name => $word, )* }
            }

            /// In a reader's words.
            pub const fn what(self) -> &'static str {
                match self { $( Self::$name => $what, )* }
            }
        }
    };
}

meanings! {
    /// No token, or one that is not valid.
    Unauthenticated = "unauthenticated", "no valid token";
    /// A token past its life.
    Expired = "expired", "the token has expired";
    /// A token without the scope.
    ForbiddenScope = "forbidden-scope", "the token lacks a scope";
    /// The application has no subscription.
    NotSubscribed = "not-subscribed", "no subscription";
    /// The subscription is blocked or inactive.
    SubscriptionBlocked = "subscription-blocked", "the subscription is blocked";
    /// A token of another environment or key type.
    WrongEnvironment = "wrong-environment", "a token of another environment";
    /// Too many requests.
    Throttled = "throttled", "too many requests";
    /// Refused by a policy.
    Blocked = "blocked", "the caller is blocked";
    /// No such API or resource.
    NoSuchResource = "no-such-resource", "no such resource";
    /// The resource does not have the method.
    WrongMethod = "wrong-method", "the method is not allowed";
    /// The backend cannot be reached.
    BackendDown = "backend-down", "the backend cannot be reached";
    /// The backend does not answer in time.
    BackendSlow = "backend-slow", "the backend took too long";
    /// The API itself is switched off.
    ApiBlocked = "api-blocked", "the API is blocked";
    /// The request was refused as malformed.
    BadRequest = "bad-request", "the request was refused";
    /// The gateway failed.
    Internal = "internal", "the gateway failed";
}

/// The syntax of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// XML.
    Xml,
    /// JSON.
    Json,
    /// A SOAP 1.1 envelope.
    Soap11,
    /// A SOAP 1.2 envelope.
    Soap12,
}

impl Syntax {
    /// The syntax of a word.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "xml" => Some(Self::Xml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// Whether it is a SOAP envelope.
    pub const fn is_soap(self) -> bool {
        matches!(self, Self::Soap11 | Self::Soap12)
    }

    /// Its name for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Xml => "XML",
            Self::Json => "JSON",
            Self::Soap11 => "SOAP 1.1",
            Self::Soap12 => "SOAP 1.2",
        }
    }
}

/// How one platform writes one sort of faults.
#[derive(Debug, Clone)]
pub struct Dialect {
    pub(super) name: String,
    pub(super) syntax: Syntax,
    pub(super) wrapper: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) description: Option<String>,
    pub(super) codes: BTreeMap<String, Meaning>,
}

/// A fault as a client would understand it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The name of its dialect.
    pub dialect: String,
    /// Its syntax.
    pub syntax: Syntax,
    /// Its code; in SOAP by its name in version 1.2.
    pub code: String,
    /// Its reason in words, where the syntax has a place of its own for them.
    pub reason: Option<String>,
    /// What it tells, where the code is known.
    pub meaning: Option<Meaning>,
}

impl Dialect {
    /// Reads a body, if it is a fault of this dialect.
    pub(super) fn read(&self, status: u16, body: &[u8]) -> Option<Fault> {
        let text = std::str::from_utf8(body).ok()?.trim();
        let code = match self.syntax {
            Syntax::Json => self.json_code(text)?,
            Syntax::Xml => self.xml_code(text)?,
            Syntax::Soap11 | Syntax::Soap12 => return None,
        };
        let meaning = self.codes.get(&code).copied().or_else(|| by_status(status));
        Some(Fault {
            dialect: self.name.clone(),
            syntax: self.syntax,
            meaning,
            reason: None,
            code,
        })
    }

    /// The code, if the text is an object with the members of this dialect and no others.
    fn json_code(&self, text: &str) -> Option<String> {
        if !text.starts_with('{') {
            return None;
        }
        let whole: serde_json::Value = serde_json::from_str(text).ok()?;
        let fault = match &self.wrapper {
            Some(name) => whole.get(name)?,
            None => &whole,
        };
        let members = fault.as_object()?;
        members.get(&self.message)?.as_str()?;
        if let Some(description) = &self.description {
            members.get(description)?;
        }
        match members.get(&self.code)? {
            serde_json::Value::String(code) => Some(code.clone()),
            serde_json::Value::Number(code) => Some(code.to_string()),
            _ => None,
        }
    }

    fn xml_code(&self, text: &str) -> Option<String> {
        let root = xml::root(text)?;
        if root.local != "fault" {
            return None;
        }
        if let Some(namespace) = &self.namespace
            && !root
                .namespace
                .is_some_and(|uri| uri.starts_with(namespace.as_str()))
        {
            return None;
        }
        xml::text_of(text, &self.message)?;
        xml::text_of(text, &self.code).map(str::to_owned)
    }
}

/// What a status means where the code is not known.
pub(super) const fn by_status(status: u16) -> Option<Meaning> {
    Some(match status {
        401 => Meaning::Unauthenticated,
        404 => Meaning::NoSuchResource,
        405 => Meaning::WrongMethod,
        429 => Meaning::Throttled,
        504 => Meaning::BackendSlow,
        _ => return None,
    })
}
