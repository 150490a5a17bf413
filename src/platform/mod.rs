//! What is particular to a gateway product, as data: headers it adds, how its faults read, what it
//! is known to do otherwise than another product. The engine knows no product by name.

mod document;
mod fault;
mod known;
mod soap;
mod statement;
mod xml;

use std::sync::{Arc, LazyLock};

pub use document::{CodeDoc, DialectDoc, KnownDoc, PlatformDoc, SayingDoc, SideDoc, StatementDoc};
pub use fault::{Dialect, Fault, Meaning, Syntax};
pub(crate) use known::{AnswerTo, Answers};
pub use known::{KnownChange, Shape};
pub use statement::{Documents, Saying, Statement};

use crate::results::TokenShape;
use crate::source::{Cx, Decode, Diagnostics, Source, nearest};

/// One gateway product.
#[derive(Debug, Clone, Default)]
pub struct Platform {
    /// Its name in a pair file.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// The shape of the tokens that it issues, where that is known.
    pub token: Option<TokenShape>,
    /// The length of its longest access token in characters, where its documents say one (RFC 6749 section 5.1).
    pub longest_token: Option<u32>,
    /// What it does otherwise than other platforms.
    pub known: Vec<KnownChange>,
    /// Where its documents contradict each other.
    pub statements: Vec<Statement>,
    /// Which of them is gone by.
    pub documents: Documents,
    identity: Vec<String>,
    dialects: Vec<Dialect>,
}

/// The shipped data files by platform name.
const SHIPPED: [(&str, &str); 4] = [
    ("generic", include_str!("data/generic.yaml")),
    ("wso2-api-cloud", include_str!("data/wso2-api-cloud.yaml")),
    ("wso2-apim-4", include_str!("data/wso2-apim-4.yaml")),
    ("choreo", include_str!("data/choreo.yaml")),
];

static PLATFORMS: LazyLock<Vec<Platform>> = LazyLock::new(|| {
    let load = |(name, text): &(&str, &str)| {
        // A test reads each of them, so none is lost here.
        Platform::parse(&Source::new(format!("{name}.yaml"), *text)).ok()
    };
    SHIPPED.iter().filter_map(load).collect()
});

impl Platform {
    /// A platform that ships with `cutover`.
    pub fn shipped(name: &str) -> Option<&'static Self> {
        PLATFORMS.iter().find(|platform| platform.name == name)
    }

    /// The platform of a target that names none.
    pub fn generic() -> &'static Self {
        static EMPTY: LazyLock<Platform> = LazyLock::new(Platform::default);
        Self::shipped("generic").unwrap_or(&EMPTY)
    }

    /// The names that ship with `cutover`.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// Reads a platform file.
    ///
    /// # Errors
    /// Every problem of the file, with its place.
    pub fn parse(source: &Arc<Source>) -> Result<Self, Diagnostics> {
        let (node, mut cx) = Cx::open(source)?;
        let doc = PlatformDoc::decode(&node, &mut cx);
        match doc.and_then(|doc| Self::new(doc, &mut cx)) {
            Some(platform) if !cx.diagnostics.has_errors() => Ok(platform),
            _ => Err(cx.diagnostics),
        }
    }

    fn new(doc: PlatformDoc, cx: &mut Cx<'_>) -> Option<Self> {
        let dialects = doc.faults.into_iter().map(|fault| fault.build(cx));
        let dialects: Vec<Option<Dialect>> = dialects.collect();
        let name = doc.platform;
        let known = doc.known.into_iter().map(|known| known.build(&name, cx));
        let known: Vec<Option<KnownChange>> = known.collect();
        Some(Self {
            title: doc.title.unwrap_or_else(|| name.clone()),
            token: doc.token.map(|shape| shape.0),
            longest_token: doc.longest_token,
            known: known.into_iter().collect::<Option<_>>()?,
            documents: Documents::default(),
            statements: doc
                .statements
                .into_iter()
                .map(StatementDoc::build)
                .collect(),
            identity: doc
                .identity
                .iter()
                .map(|name| name.to_ascii_lowercase())
                .collect(),
            dialects: dialects.into_iter().collect::<Option<_>>()?,
            name,
        })
    }

    /// Whether a header (lower-case name) is the gateway's own: it says nothing of the API.
    pub fn is_identity(&self, header: &str) -> bool {
        let fits = |name: &String| covers(name, header);
        self.identity.iter().any(fits) || Self::generic().identity.iter().any(fits)
    }

    /// Reads a body as a fault of this gateway or of SOAP, if it is one. A SOAP fault is one whatever
    /// the status.
    pub fn fault(&self, status: u16, body: &[u8]) -> Option<Fault> {
        let mut own = self.dialects.iter().filter(|_| status >= 400);
        own.find_map(|dialect| dialect.read(status, body))
            .or_else(|| self.soap_fault(status, body))
    }

    /// A SOAP fault tells by the gateway's code in its detail, else by the status, else by its own code.
    fn soap_fault(&self, status: u16, body: &[u8]) -> Option<Fault> {
        let (mut fault, own) = soap::read(body)?;
        let mut dialects = self.dialects.iter();
        let known = own.and_then(|code| dialects.find_map(|dialect| dialect.codes.get(&code)));
        fault.meaning = known
            .copied()
            .or_else(|| fault::by_status(status))
            .or(fault.meaning);
        Some(fault)
    }

    /// The same platform, by other documents.
    #[must_use]
    pub fn by(&self, documents: Documents) -> Self {
        Self {
            documents,
            ..self.clone()
        }
    }

    /// What it is known to do otherwise by the document that is gone by. All others can be named in `accept`.
    pub fn changes(&self) -> impl Iterator<Item = &KnownChange> {
        let by = self.documents;
        let said = move |known: &&KnownChange| known.said_by.is_none_or(|said| said == by);
        self.known.iter().filter(said)
    }

    /// What its documents say where they differ, with the one that is gone by.
    pub fn told(&self) -> impl Iterator<Item = (&str, String)> {
        let told = |one: &'_ Statement| one.told(self.documents);
        let statements = self.statements.iter();
        statements.filter_map(move |one| Some((one.feature.as_str(), told(one)?)))
    }

    /// A change of this platform by its id (`wrong-method-404`).
    pub fn change(&self, id: &str) -> Option<&KnownChange> {
        self.known.iter().find(|known| known.id == id)
    }
}

/// Whether a pattern with at most one trailing `*` covers a name.
fn covers(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern == name,
    }
}

/// Looks up a known change by its full name `PLATFORM/ID`, in the shipped platforms and `others`.
///
/// # Errors
/// The nearest name that exists, if one is near.
pub fn known_change<'a>(
    name: &str,
    others: impl IntoIterator<Item = &'a Platform>,
) -> Result<&'a KnownChange, Option<String>>
where
    'static: 'a,
{
    let platforms: Vec<&'a Platform> = others.into_iter().chain(PLATFORMS.iter()).collect();
    let mut names = Vec::new();
    for known in platforms.iter().flat_map(|platform| &platform.known) {
        let full = known.name();
        if full == name {
            return Ok(known);
        }
        names.push(full);
    }
    Err(nearest(name, names.iter().map(String::as_str)).map(str::to_owned))
}

#[cfg(test)]
mod tests;
