//! `accept`: the suite's statement that a difference is meant, with its reason.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;

use super::accept_item::{AcceptDoc, What};
use crate::compare::{RuleId, same_number};
use crate::platform::{Platform, known_change};
use crate::results::{AcceptedBy, Difference, Kind, Observed, Where};
use crate::source::{Cx, Diagnostic, Source};
use crate::template::Scalar;
use crate::xml::XPath;

/// One `accept` item with its identity.
#[derive(Debug, Clone)]
pub struct Accept {
    /// Which one it is.
    pub id: RuleId,
    /// The last day on which it holds; `check` warns when that is near.
    pub until: Option<Date>,
    what: What,
    because: String,
}

/// The `accept` items that hold for a case.
#[derive(Debug, Clone, Default)]
pub struct Accepts {
    list: Vec<Accept>,
}

impl Accepts {
    /// Takes the items of a file, and reports every known change that no platform has: neither a
    /// shipped one nor one of `platforms`.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers pass an iterator of their own"
    )]
    pub fn new<'a>(
        docs: &[AcceptDoc],
        platforms: impl IntoIterator<Item = &'a Platform> + Clone,
        cx: &mut Cx<'_>,
    ) -> Self {
        for doc in docs {
            if let What::Known(name) = &doc.what
                && let Err(near) = known_change(name, platforms.clone())
            {
                let message = format!("unknown known change `{}`", name.value);
                let diagnostic = Diagnostic::error(cx.source, name.span, message);
                cx.diagnostics.push(match near {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic
                        .help("a report names the known change of a difference: PLATFORM/ID"),
                });
            }
        }
        let list = docs.iter().map(|doc| Accept::new(doc, cx.source)).collect();
        Self { list }
    }

    /// These items and `more`: a case adds to its suite, a suite to its pair file.
    #[must_use]
    pub fn merge(&self, more: &Self) -> Self {
        let list = self.list.iter().chain(&more.list).cloned().collect();
        Self { list }
    }

    /// Every item, in the order written.
    pub fn iter(&self) -> impl Iterator<Item = &Accept> {
        self.list.iter()
    }
}

impl Accept {
    fn new(doc: &AcceptDoc, source: &Arc<Source>) -> Self {
        let text = match &doc.what {
            What::Known(name) => format!("known:{}", name.value),
            What::Place {
                r#where,
                path,
                kind,
                old,
                new,
            } => {
                let mut text = r#where.word().to_owned();
                if let Some(path) = path {
                    text = format!("{text} {path}");
                }
                if let Some(kind) = kind {
                    text = format!("{text} {kind}");
                }
                // Other values may be secret by their place. They stand in the difference, where they are masked.
                match (r#where, old, new) {
                    (Where::Status, Some(old), Some(new)) => {
                        format!("{text} {} to {}", old.as_text(), new.as_text())
                    }
                    _ => text,
                }
            }
        };
        Self {
            id: RuleId {
                file: source.name.clone(),
                line: source.line(doc.span.start),
                text,
            },
            until: doc.until,
            what: doc.what.clone(),
            because: doc.because.clone(),
        }
    }

    /// Whether it is about this difference.
    fn fits(&self, difference: &Difference) -> bool {
        match &self.what {
            What::Known(name) => difference.known.as_deref() == Some(name.value.as_str()),
            What::Place {
                r#where,
                path,
                kind,
                old,
                new,
            } => {
                difference.r#where == *r#where
                    && difference.kind != Kind::Expectation
                    && path
                        .as_deref()
                        .is_none_or(|path| same_place(*r#where, path, difference))
                    && kind.is_none_or(|kind| kind == difference.kind)
                    && same_value(old.as_ref(), &difference.old, typed(difference))
                    && same_value(new.as_ref(), &difference.new, typed(difference))
            }
        }
    }
}

/// Whether a path of an item is the path of a difference; `[*]` stands for any index, and in an XPath
/// no index does, too.
fn same_place(place: Where, path: &str, difference: &Difference) -> bool {
    let xpath = |path: &str| XPath::parse(&path.replace("[*]", "")).ok();
    let own = (place == Where::Body && path.starts_with('/')).then(|| xpath(path));
    let path = match place {
        Where::Header => Cow::Owned(path.trim_start_matches("header:").to_ascii_lowercase()),
        _ => Cow::Borrowed(path),
    };
    let found = [Some(&difference.path), difference.new_path.as_ref()];
    found.into_iter().flatten().any(|shown| match &own {
        Some(own) => own
            .as_ref()
            .zip(xpath(shown))
            .is_some_and(|(own, shown)| own.covers(&shown)),
        None => matches_template(&path, shown),
    })
}

fn matches_template(template: &str, path: &str) -> bool {
    let mut pieces = template.split("[*]");
    let Some(mut rest) = pieces.next().and_then(|first| path.strip_prefix(first)) else {
        return false;
    };
    for piece in pieces {
        let Some((index, behind)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) else {
            return false;
        };
        let Some(next) = behind.strip_prefix(piece) else {
            return false;
        };
        if index.is_empty() || !index.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
        rest = next;
    }
    rest.is_empty()
}

/// Whether the values at a place have JSON types. Elsewhere (headers, forms, XML, lines) all is text.
fn typed(difference: &Difference) -> bool {
    difference.path.contains('$')
}

/// Whether a value is the one that an item names. A number is one by its value: `old: 1` is what the wire has as
/// `1.0`. Where values have types, `1` is not `"1"`, `null` not `"null"`.
fn same_value(wanted: Option<&Scalar>, shown: &Observed, typed: bool) -> bool {
    let Some(wanted) = wanted else { return true };
    let (Some(json), Some(text)) = (shown.json(), shown.display()) else {
        return false;
    };
    let is_text = json.starts_with('"');
    let is_container = json.starts_with(['{', '[']);
    let fits = match wanted {
        Scalar::Text(_) => is_text || is_container,
        Scalar::Json(_) => !is_text,
    };
    let same = text == wanted.as_text() || !is_text && same_number(wanted.as_text(), json);
    same && (fits || !typed)
}

/// Applies the items to differences whose `known` is already set. `today` is the date that `until`
/// is held against: an item holds through its last day. Gives the items that were about something.
pub fn accept(differences: &mut [Difference], accepts: &Accepts, today: Date) -> Vec<RuleId> {
    let mut used = Vec::new();
    for difference in differences {
        let fitting: Vec<&Accept> = accepts
            .iter()
            .filter(|accept| accept.fits(difference))
            .collect();
        used.extend(fitting.iter().map(|accept| accept.id.clone()));
        let live = |accept: &&&Accept| accept.until.is_none_or(|until| today <= until);
        if let Some(accept) = fitting.iter().find(live) {
            difference.accepted_by = Some(AcceptedBy {
                rule: accept.id.text.clone(),
                because: accept.reason(difference),
                until: accept.until.map(|date| date.to_string()),
                at: format!("{}:{}", accept.id.file, accept.id.line),
            });
        } else if let Some(until) = fitting.iter().find_map(|accept| accept.until) {
            difference.explain = format!("{} (acceptance expired on {until})", difference.explain);
        }
    }
    used
}

impl Accept {
    /// The reason given; a known change brings its own.
    fn reason(&self, difference: &Difference) -> String {
        if self.because.is_empty() {
            difference.explain.clone()
        } else {
            self.because.clone()
        }
    }
}

#[cfg(test)]
#[path = "accept_tests.rs"]
mod tests;
