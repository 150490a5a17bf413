//! The subset of XPath that names a place: `/a/b[2]/@x`, `//x`, `*`, `@*`, `text()`, `[n]`, `[@a='v']`.
//! Names are local names: they fit in any namespace.

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
    /// Elements of this local name.
    Element(String),
    /// Every element.
    AnyElement,
    /// Attributes of this local name.
    Attribute(String),
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
    Attribute(String, String),
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
    /// Reads a path.
    ///
    /// # Errors
    /// What is wrong, and the nearest form that would be right.
    pub fn parse(text: &str) -> Result<Self, XPathError> {
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
            let (step, left) = step(rest, deep).map_err(|(why, help)| {
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

    /// The last name in it.
    pub fn last_name(&self) -> Option<&str> {
        self.steps.iter().rev().find_map(|step| match &step.test {
            Test::Element(name) | Test::Attribute(name) => Some(name.as_str()),
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
fn step(text: &str, deep: bool) -> Result<(Step, &str), Wrong> {
    let (test, mut rest) = test(text)?;
    let mut filters = Vec::new();
    while let Some(inner) = rest.strip_prefix('[') {
        let end = closing(inner).ok_or(("a [ without its ]", None))?;
        let (inside, behind) = (inner.get(..end).unwrap_or_default(), inner.get(end + 1..));
        let behind = behind.unwrap_or_default();
        let start = text.get(..text.len() - rest.len()).unwrap_or_default();
        filters.push(
            filter(inside.trim())
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

fn test(text: &str) -> Result<(Test, &str), Wrong> {
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
    if let Some(local) = rest.strip_prefix(':') {
        let why = "names are local names, which fit in any namespace: no prefix";
        return Err((why, Some(format!("{sign}{local}"))));
    }
    if rest.starts_with('(') {
        return Err(("functions are not read", None));
    }
    let test = if sign.is_empty() {
        Test::Element(name.to_owned())
    } else {
        Test::Attribute(name.to_owned())
    };
    Ok((test, rest))
}

fn filter(inside: &str) -> Result<Filter, Wrong> {
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
    let (name, rest) = name(rest);
    let value = rest.trim_start().strip_prefix('=').map(str::trim);
    let (Some(value), false) = (value, name.is_empty()) else {
        return Err((wrong, None));
    };
    let inner = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    let bare = inner('\'').or_else(|| inner('"'));
    match bare {
        Some(bare) if sign => Ok(Filter::Attribute(name.to_owned(), bare.to_owned())),
        _ => {
            let bare = bare.unwrap_or(value).trim_matches(['\'', '"']);
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
mod tests {
    use super::*;

    fn step(deep: bool, test: Test, filters: &[Filter]) -> Step {
        let filters = filters.to_vec();
        Step {
            deep,
            test,
            filters,
        }
    }

    #[test]
    fn each_form_is_read() {
        let element = |name: &str| Test::Element(name.into());
        let path = XPath::parse("/a//b-1[2][@id = \"x]\"]/@y").expect("a path");
        let filters = [
            Filter::Position(2),
            Filter::Attribute("id".into(), "x]".into()),
        ];
        assert_eq!(
            path.steps,
            [
                step(false, element("a"), &[]),
                step(true, element("b-1"), &filters),
                step(false, Test::Attribute("y".into()), &[]),
            ]
        );
        assert_eq!(path.last_name(), Some("y"));
        let below = XPath::parse("/a/b/text()").expect("a path");
        assert_eq!(below.last_name(), Some("b"));
        assert!(!path.names_elements());
        for text in [
            "/a",
            "//a",
            "/*",
            "/a/*[1]",
            "/a/@*",
            "//@x",
            "//text()",
            "/a/text()[2]",
        ] {
            assert!(XPath::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_path_covers_every_position_that_it_does_not_name() {
        let covers = |own: &str, other: &str| {
            let read = |text| XPath::parse(text).expect("a path");
            read(own).covers(&read(other))
        };
        assert!(covers("/a/b/@x", "/a/b[3]/@x"));
        assert!(covers("/a/b[3]/@x", "/a/b[3]/@x"));
        assert!(!covers("/a/b[2]/@x", "/a/b[3]/@x"));
        assert!(!covers("/a/b", "/a/b/@x"));
        assert!(!covers("/a/b", "/a/@b"));
        let plain = |text| XPath::parse(text).expect("a path").is_plain();
        assert!(plain("/a/b[2]/text()"));
        assert!(!plain("//a") && !plain("/a/*") && !plain("/a[@b='1']"));
    }

    #[test]
    fn anything_else_is_an_error_with_the_nearest_form() {
        let help = |text| XPath::parse(text).expect_err("no path").help;
        assert_eq!(help("/"), "did you mean `/*`?");
        assert_eq!(help("/a/"), "did you mean `/a/*`?");
        assert_eq!(help("/x:a/y:b"), "did you mean `/a/y:b`?");
        assert_eq!(help("/a/@x:b"), "did you mean `/a/@b`?");
        assert_eq!(help("/a/child::b"), "did you mean `/a/b`?");
        assert_eq!(help("/a/attribute::b"), "did you mean `/a/@b`?");
        assert_eq!(help("/a/b[0]"), "did you mean `/a/b[1]`?");
        assert_eq!(help("/a/b[*]/c"), "did you mean `/a/b/c`?");
        assert_eq!(help("/a/b[id='7']/c"), "did you mean `/a/b[@id='7']/c`?");
        assert_eq!(help("/a/b[@id=7]"), "did you mean `/a/b[@id='7']`?");
        for text in [
            "/a/..",
            "/a/b[",
            "/a[last()]",
            "/a/count(b)",
            "/a b",
            "/a/@x[1]",
        ] {
            assert_eq!(help(text), FORMS, "{text}");
        }
        assert!(help("/a/@x/b").starts_with("end the path there"));
        let message = XPath::parse("/x:a").expect_err("no path").message;
        assert_eq!(
            message,
            "bad XPath `/x:a`: names are local names, which fit in any namespace: no prefix"
        );
    }
}
