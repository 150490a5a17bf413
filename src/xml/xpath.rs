//! The subset of XPath that names a place: `/a/b[2]/@x`, `//x`, `*`, `@*`, `text()`, `[n]`, `[@a='v']`.
//! Names are local names, which fit in any namespace; one with a prefix fits in that one's only.

use crate::source::{Prefixes, nearest as nearest_word};

/// A path to nodes of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XPath {
    /// The steps, from the document down.
    pub steps: Vec<Step>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Whether it goes down any number of levels (`//`).
    pub deep: bool,
    /// Which nodes it takes.
    pub test: Test,
    /// Which of them stay, one filter after the other.
    pub filters: Vec<Filter>,
}

/// Which nodes a step takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// Elements of this name.
    Element(Name),
    /// Every element.
    AnyElement,
    /// Attributes of this name.
    Attribute(Name),
    /// Every attribute.
    AnyAttribute,
    /// Texts.
    Text,
}

/// What a node must be to stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// The n-th of its parent's, counted from 1.
    Position(usize),
    /// It has this attribute with this value.
    Attribute(Name, String),
}

/// The name of an element or an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The namespace; none fits in any, and in none.
    pub uri: Option<String>,
    /// The local name.
    pub local: String,
}

impl Name {
    /// Whether a node of this namespace (empty for none) and local name is called so.
    pub fn fits(&self, uri: &str, local: &str) -> bool {
        self.local == local && self.uri.as_ref().is_none_or(|own| own == uri)
    }
}

/// Why a text is no such path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XPathError {
    /// What is wrong.
    pub message: String,
    /// The nearest form that would be right.
    pub help: String,
}

/// What may be written.
const FORMS: &str = "a path is /a/b, /a/b[2]/@x, //b[@id='7'], /a/*, /a/@* or /a/text()";

impl XPath {
    /// Reads a path without prefixes.
    ///
    /// # Errors
    /// What is wrong, and the nearest form that would be right.
    pub fn parse(text: &str) -> Result<Self, XPathError> {
        Self::read(text, &Prefixes::default())
    }

    /// Reads a path whose names may have these prefixes.
    ///
    /// # Errors
    /// What is wrong, and the nearest form that would be right.
    pub fn read(text: &str, prefixes: &Prefixes) -> Result<Self, XPathError> {
        let fail = |why: &str, help: String| XPathError {
            message: format!("bad XPath `{text}`: {why}"),
            help,
        };
        let mut rest = text;
        let mut steps: Vec<Step> = Vec::new();
        while !rest.is_empty() {
            let Some(behind) = rest.strip_prefix('/') else {
                return Err(fail("a step begins with /", FORMS.to_owned()));
            };
            let deep = behind.starts_with('/');
            rest = behind.strip_prefix('/').unwrap_or(behind);
            let ended = steps.last().is_some_and(|step| step.test.is_last());
            if ended {
                let help = "end the path there, or leave that step out".to_owned();
                return Err(fail("nothing stands below an attribute or a text", help));
            }
            let (step, left) = step(rest, deep, prefixes).map_err(|(why, help)| {
                fail(
                    why,
                    help.map_or_else(|| FORMS.to_owned(), |near| nearest(text, rest, &near)),
                )
            })?;
            steps.push(step);
            rest = left;
        }
        Ok(Self { steps })
    }

    /// Whether it is written as a report writes paths: names and positions only.
    pub fn is_plain(&self) -> bool {
        self.steps.iter().all(|step| {
            let named = !matches!(step.test, Test::AnyElement | Test::AnyAttribute);
            let mut filters = step.filters.iter();
            named && !step.deep && filters.all(|filter| matches!(filter, Filter::Position(_)))
        })
    }

    /// Whether a plain path covers another one: a step without a position covers every position.
    pub fn covers(&self, path: &Self) -> bool {
        let covers = |(own, other): (&Step, &Step)| {
            own.test == other.test && (own.filters.is_empty() || own.filters == other.filters)
        };
        self.steps.len() == path.steps.len() && self.steps.iter().zip(&path.steps).all(covers)
    }

    /// Whether it names elements.
    pub fn names_elements(&self) -> bool {
        self.steps.last().is_some_and(|step| !step.test.is_last())
    }

    /// Whether a name in it is that of one namespace only.
    pub fn has_prefix(&self) -> bool {
        self.steps.iter().any(|step| {
            let named = match &step.test {
                Test::Element(name) | Test::Attribute(name) => name.uri.is_some(),
                _ => false,
            };
            let filtered = |filter: &Filter| matches!(filter, Filter::Attribute(name, _) if name.uri.is_some());
            named || step.filters.iter().any(filtered)
        })
    }

    /// The last name in it.
    pub fn last_name(&self) -> Option<&str> {
        self.steps.iter().rev().find_map(|step| match &step.test {
            Test::Element(name) | Test::Attribute(name) => Some(name.local.as_str()),
            _ => None,
        })
    }
}

impl Test {
    /// Whether nothing can stand below.
    const fn is_last(&self) -> bool {
        matches!(self, Self::Attribute(_) | Self::AnyAttribute | Self::Text)
    }
}

/// Help that shows the path with `rest` of it replaced; `near` is what stands in place of it.
fn nearest(text: &str, rest: &str, near: &str) -> String {
    let start = text.len() - rest.len();
    format!(
        "did you mean `{}{near}`?",
        text.get(..start).unwrap_or_default()
    )
}

/// Why a step is none, and what would stand in place of it and all behind it.
type Wrong = (&'static str, Option<String>);

/// Reads one step; gives what stands behind it.
fn step<'t>(text: &'t str, deep: bool, prefixes: &Prefixes) -> Result<(Step, &'t str), Wrong> {
    let (test, mut rest) = test(text, prefixes)?;
    let mut filters = Vec::new();
    while let Some(inner) = rest.strip_prefix('[') {
        let end = closing(inner).ok_or(("a [ without its ]", None))?;
        let (inside, behind) = (inner.get(..end).unwrap_or_default(), inner.get(end + 1..));
        let behind = behind.unwrap_or_default();
        let start = text.get(..text.len() - rest.len()).unwrap_or_default();
        filters.push(
            filter(inside.trim(), prefixes)
                .map_err(|(why, near)| (why, near.map(|near| format!("{start}{near}{behind}"))))?,
        );
        rest = behind;
    }
    if test.is_last() && !filters.is_empty() && test != Test::Text {
        return Err(("an attribute has no [ ] behind it: it stands once", None));
    }
    Ok((
        Step {
            deep,
            test,
            filters,
        },
        rest,
    ))
}

fn test<'t>(text: &'t str, prefixes: &Prefixes) -> Result<(Test, &'t str), Wrong> {
    if let Some(rest) = text.strip_prefix("text()") {
        return Ok((Test::Text, rest));
    }
    if let Some(rest) = text.strip_prefix("@*") {
        return Ok((Test::AnyAttribute, rest));
    }
    if let Some(rest) = text.strip_prefix('*') {
        return Ok((Test::AnyElement, rest));
    }
    let sign = if text.starts_with('@') { "@" } else { "" };
    let (name, rest) = name(text.strip_prefix('@').unwrap_or(text));
    if name.is_empty() {
        let why = if text.starts_with('.') {
            "`.` and `..` are not read"
        } else if text.is_empty() {
            "a name is missing at the end"
        } else {
            "a name, *, @name, @* or text() is expected behind /"
        };
        return Err((why, text.is_empty().then(|| "*".to_owned())));
    }
    if let Some(axis) = rest.strip_prefix("::") {
        let near = match name {
            "child" => Some(axis.to_owned()),
            "attribute" => Some(format!("@{axis}")),
            _ => None,
        };
        return Err(("axes are not read", near));
    }
    let (name, rest) = qualified((name, rest), sign, prefixes)?;
    if rest.starts_with('(') {
        return Err(("functions are not read", None));
    }
    let test = if sign.is_empty() {
        Test::Element(name)
    } else {
        Test::Attribute(name)
    };
    Ok((test, rest))
}

/// A name with the prefix that was read first, or without one.
fn qualified<'t>(
    (first, rest): (&'t str, &'t str),
    sign: &str,
    prefixes: &Prefixes,
) -> Result<(Name, &'t str), Wrong> {
    let Some(behind) = rest.strip_prefix(':') else {
        let local = first.to_owned();
        return Ok((Name { uri: None, local }, rest));
    };
    let Some(uri) = prefixes.uri(first) else {
        let why = "its prefix is not among the `namespaces` of the suite; a name without one fits in any namespace";
        let near = match nearest_word(first, prefixes.names()) {
            Some(near) => format!("{sign}{near}:{behind}"),
            None => format!("{sign}{behind}"),
        };
        return Err((why, Some(near)));
    };
    let (local, rest) = name(behind);
    if local.is_empty() {
        return Err(("a name is expected behind a prefix", None));
    }
    let (uri, local) = (Some(uri.to_owned()), local.to_owned());
    Ok((Name { uri, local }, rest))
}

/// Whether a text is a name without a prefix (NCName).
pub(crate) fn is_name(text: &str) -> bool {
    let (name, rest) = name(text);
    !name.is_empty() && rest.is_empty()
}

fn filter(inside: &str, prefixes: &Prefixes) -> Result<Filter, Wrong> {
    if let Ok(position) = inside.parse::<usize>() {
        if position == 0 {
            return Err(("positions are counted from 1", Some("[1]".to_owned())));
        }
        return Ok(Filter::Position(position));
    }
    if inside == "*" {
        let why = "without a [ ] a path names every element of the name";
        return Err((why, Some(String::new())));
    }
    let wrong = "a [ ] holds a position or one attribute: [2], [@id='7']";
    let (sign, rest) = (inside.starts_with('@'), inside.trim_start_matches('@'));
    let (first, behind) = name(rest);
    if first.is_empty() {
        return Err((wrong, None));
    }
    let written = rest;
    let (name, rest) = match qualified((first, behind), "@", prefixes) {
        Ok(read) => read,
        Err((why, near)) => return Err((why, near.map(|near| format!("[{near}]")))),
    };
    let value = rest.trim_start().strip_prefix('=').map(str::trim);
    let Some(value) = value else {
        return Err((wrong, None));
    };
    let inner = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    let bare = inner('\'').or_else(|| inner('"'));
    match bare {
        Some(bare) if sign => Ok(Filter::Attribute(name, bare.to_owned())),
        _ => {
            let bare = bare.unwrap_or(value).trim_matches(['\'', '"']);
            let name = written.split('=').next().unwrap_or_default().trim_end();
            Err((wrong, Some(format!("[@{name}='{bare}']"))))
        }
    }
}

/// A name at the start of a text, and what stands behind it.
fn name(text: &str) -> (&str, &str) {
    let first = |c: char| c.is_alphabetic() || c == '_';
    let more = |c: char| first(c) || c.is_numeric() || matches!(c, '-' | '.' | '\u{b7}');
    if !text.starts_with(first) {
        return ("", text);
    }
    let end = text.find(|c| !more(c)).unwrap_or(text.len());
    text.split_at(end)
}

/// Where the bracket ends that was opened just before.
fn closing(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, sign) in text.char_indices() {
        match (quote, sign) {
            (None, ']') => return Some(at),
            (None, '\'' | '"') => quote = Some(sign),
            (Some(open), _) if open == sign => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
#[path = "xpath_tests.rs"]
mod tests;
