//! `expect`: what a suite wants of each side's answer, whatever the other side does.

use super::expect_doc::{ExpectDoc, Wants};
use super::values::{read_body, read_json};
use super::wanted::Wanted;
use super::wanted_status::Status;
use crate::locator::{Locator, Place};
use crate::message::Response;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Observed, Severity, TokenShape, Where};
use crate::source::{Cx, Decode, Node, Value};
use crate::template::Scalar;

/// What each side must be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Expect {
    /// The wants of each side, the common ones included.
    pub sides: Pair<SideExpect>,
}

impl Expect {
    /// Whether it wants nothing of either side.
    pub fn is_empty(&self) -> bool {
        self.sides
            .iter()
            .all(|(_, side)| *side == SideExpect::default())
    }
}

/// What one side must be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SideExpect {
    /// The status codes it may have; empty for any.
    pub status: Vec<Status>,
    /// Headers by lower-case name.
    pub headers: Vec<(String, Wanted)>,
    /// Values of the body.
    pub body: Vec<(Locator, Wanted)>,
    /// The longest time, in milliseconds.
    pub max_ms: Option<u64>,
    /// The shape of the token.
    pub token: Option<TokenShape>,
    /// Claims of a JWT, as JSONPath on its payload.
    pub claims: Vec<(Locator, Wanted)>,
}

impl Expect {
    /// Takes what a document says; a body or claim path that is none is reported.
    pub fn new(doc: &ExpectDoc, cx: &mut Cx<'_>) -> Self {
        let mut common = SideExpect::default();
        common.add(&Wants::of(doc), cx);
        let sides = Pair::new(&doc.old, &doc.new).map(|side| {
            let mut expect = common.clone();
            if let Some(side) = side {
                expect.add(&Wants::of_side(side), cx);
            }
            expect
        });
        Self { sides }
    }

    /// Whether the status that a side gave is one that it was expected to give.
    pub fn names_status(&self, side: Side, status: u16) -> bool {
        self.sides[side]
            .status
            .iter()
            .any(|wanted| wanted.takes(status))
    }
}

impl SideExpect {
    fn add(&mut self, wants: &Wants<'_>, cx: &mut Cx<'_>) {
        if let Some(status) = wants.status {
            self.status.clone_from(&status.0);
        }
        for (name, wanted) in wants.headers.iter() {
            let name = name.value.to_ascii_lowercase();
            self.headers.retain(|(known, _)| *known != name);
            self.headers.push((name, wanted.0.clone()));
        }
        for (path, wanted) in wants.body.iter() {
            let key = Node::new(Value::Text(path.value.clone()), path.span);
            if let Some(locator) = Locator::decode(&key, cx) {
                match locator.place() {
                    Place::XPath(_) if wanted.0.is_json_only() => {
                        let message =
                            format!("`{locator}` is in an XML body, which has no JSON types");
                        let help =
                            "write the text that stands there, a pattern, or { present: true }";
                        cx.error::<()>(path.span, message, help);
                    }
                    Place::Json(_) | Place::XPath(_) => {
                        put(&mut self.body, locator, wanted.0.clone());
                    }
                    _ => {
                        let message = format!("`{locator}` is not a place in a JSON or XML body");
                        let help = "a JSONPath or an XPath is expected here: $.id, /order/@id";
                        cx.error::<()>(path.span, message, help);
                    }
                }
            }
        }
        for (path, wanted) in wants.claims.iter() {
            let text = if path.value.starts_with('$') {
                path.value.clone()
            } else {
                format!("$['{}']", path.value.replace('\'', "\\'"))
            };
            let key = Node::new(Value::Text(text), path.span);
            if let Some(locator) = Locator::decode(&key, cx) {
                put(&mut self.claims, locator, wanted.0.clone());
            }
        }
        self.max_ms = wants.max_ms.or(self.max_ms);
        self.token = wants.token.map(|shape| shape.value.0).or(self.token);
    }

    /// Whether a status is one that the side was expected to give.
    pub fn names(&self, status: u16) -> bool {
        self.status.iter().any(|wanted| wanted.takes(status))
    }

    /// The same with every text rendered: placeholders become values. In a body and in claims a text that
    /// is one placeholder takes the value's JSON type, as in a body that is sent; a header is text.
    #[must_use]
    pub fn resolve(&self, render: &mut dyn FnMut(&str) -> Scalar) -> Self {
        let mut resolved = self.clone();
        for (_, wanted) in &mut resolved.headers {
            if let Wanted::Text(text) = wanted {
                *wanted = Wanted::Text(render(text).as_text().to_owned());
            }
        }
        for (_, wanted) in resolved.body.iter_mut().chain(&mut resolved.claims) {
            if let Wanted::Text(text) = wanted {
                *wanted = match render(text) {
                    Scalar::Text(text) => Wanted::Text(text),
                    Scalar::Json(json) => Wanted::Json(json),
                };
            }
        }
        resolved
    }

    /// Every want that the answer of this side does not meet. `ms` is the time to the last byte.
    pub fn check(&self, side: Side, answer: &Response, ms: f64) -> Vec<Difference> {
        let mut failed = Vec::new();
        if !self.status.is_empty() && !self.status.iter().any(|wanted| wanted.takes(answer.status))
        {
            let wanted: Vec<String> = self.status.iter().map(ToString::to_string).collect();
            let explain = format!(
                "the {side} side answered {}, expected {}",
                answer.status,
                wanted.join(" or ")
            );
            failed.push(unmet(side, "status", explain, Observed::of(&answer.status)));
        }
        for (name, wanted) in &self.headers {
            let values: Vec<String> = answer
                .headers
                .all(name)
                .map(|value| String::from_utf8_lossy(value).into_owned())
                .collect();
            let value = (!values.is_empty()).then(|| values.join(", "));
            if let Err(why) = wanted.meets_text(value.as_deref()) {
                let shown = value.map_or(Observed::Absent, |value| Observed::text(&value));
                let place = format!("header:{name}");
                let why = wanted.unshown(&place, why);
                let explain = format!("the header `{name}` of the {side} side {why}");
                failed.push(unmet(side, &place, explain, shown));
            }
        }
        let read = |place: &Place, wanted: &Wanted| read_body(answer, place, wanted);
        failed.extend(check_values(side, &self.body, read, "", "the body"));
        failed.extend(self.slow(side, ms));
        failed
    }

    fn slow(&self, side: Side, ms: f64) -> Option<Difference> {
        let limit = self.max_ms?;
        #[expect(
            clippy::cast_precision_loss,
            reason = "a limit of 2^53 ms is 285,000 years"
        )]
        let late = ms > limit as f64;
        let explain = format!("the {side} side took {ms:.0} ms, expected at most {limit} ms");
        late.then(|| unmet(side, "max_ms", explain, Observed::of(&ms)))
    }

    /// Whether the token of this side has the wanted shape.
    pub fn check_token(&self, side: Side, shape: TokenShape) -> Option<Difference> {
        let wanted = self.token.filter(|wanted| *wanted != shape)?;
        let explain = format!(
            "the {side} side issued a token of {} shape, expected {}",
            shape.word(),
            wanted.word()
        );
        Some(unmet(side, "token", explain, Observed::text(shape.word())))
    }

    /// Every wanted claim that the payload of this side's JWT (a JSON text) does not have.
    pub fn check_claims(&self, side: Side, payload: &[u8]) -> Vec<Difference> {
        let read = |place: &Place, _: &Wanted| read_json(payload, place);
        check_values(side, &self.claims, read, "claims.", "the token")
    }
}

fn put(list: &mut Vec<(Locator, Wanted)>, locator: Locator, wanted: Wanted) {
    list.retain(|(known, _)| known.text() != locator.text());
    list.push((locator, wanted));
}

fn check_values(
    side: Side,
    wants: &[(Locator, Wanted)],
    read: impl Fn(&Place, &Wanted) -> Result<Vec<String>, String>,
    prefix: &str,
    what: &str,
) -> Vec<Difference> {
    let mut failed = Vec::new();
    for (locator, wanted) in wants {
        let text = locator.text();
        let shown = if prefix.is_empty() {
            text.to_owned()
        } else {
            format!("{prefix}{}", claim_name(text))
        };
        match read(locator.place(), wanted) {
            Err(why) => {
                let explain = format!("{what} of the {side} side cannot be read as {why}");
                failed.push(unmet(side, &shown, explain, Observed::Absent));
            }
            Ok(values) => {
                if let Err((why, value)) = wanted.meets(&values) {
                    let shown_value = value.map_or(Observed::Absent, |raw| Observed::raw(&raw));
                    let why = wanted.unshown(text, why);
                    let explain = format!("{shown} of the {side} side {why}");
                    failed.push(unmet(side, &shown, explain, shown_value));
                }
            }
        }
    }
    failed
}

/// `$['aud']` is the claim `aud`; a longer path stays as it is.
fn claim_name(path: &str) -> &str {
    let inner = path
        .strip_prefix("$['")
        .and_then(|rest| rest.strip_suffix("']"));
    inner.filter(|name| !name.contains('\'')).unwrap_or(path)
}

/// A want that was not met, shown on the side that failed.
pub(super) fn unmet(side: Side, path: &str, explain: String, shown: Observed) -> Difference {
    let difference = Difference::new(
        Where::Expect,
        path,
        Kind::Expectation,
        Severity::Breaking,
        explain,
    )
    .detail("side", side.word())
    .advice("this is what the suite itself expects: the side is wrong, or the suite is");
    match side {
        Side::Old => difference.showing(shown, Observed::Absent),
        Side::New => difference.showing(Observed::Absent, shown),
    }
}

#[cfg(test)]
#[path = "expect_tests.rs"]
mod tests;
