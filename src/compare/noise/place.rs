//! Places that vary, and what they have in common: a path whose list indices are left open.

use crate::compare::{json, select_xml};
use crate::locator::{Locator, Place as Pointed};
use crate::message::Response;
use crate::results::{Difference, Where};

/// A place of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) r#where: Where,
    pub(super) path: String,
}

impl Place {
    /// Where a difference stands as the old side counts.
    pub(super) fn of_old(difference: &Difference) -> Self {
        Self {
            r#where: difference.r#where,
            path: difference.path.clone(),
        }
    }

    /// Where it stands as the new side counts.
    pub(super) fn of_new(difference: &Difference) -> Self {
        let path = difference.new_path.as_ref().unwrap_or(&difference.path);
        Self {
            r#where: difference.r#where,
            path: path.clone(),
        }
    }

    /// The place with every index of a list left open: `$.items[3].id` is `$.items[*].id`,
    /// `/items/item[2]/id` is `/items/item/id`.
    pub(super) fn template(&self) -> Self {
        Self {
            r#where: self.r#where,
            path: template(&self.path),
        }
    }

    /// The place as a rule names it, if one can.
    pub(super) fn locator(&self) -> Option<Locator> {
        let text = match self.r#where {
            // A part of a header has no rule of its own.
            Where::Header if !self.path.contains('[') => format!("header:{}", self.path),
            Where::Body => self.path.clone(),
            _ => return None,
        };
        let locator = Locator::parse(&text).ok()?;
        let ruled = matches!(
            locator.place(),
            Pointed::Json(_) | Pointed::XPath(_) | Pointed::Header(_) | Pointed::Form(_)
        );
        ruled.then_some(locator)
    }

    /// Whether it is another place, or stands below it.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        let rest = self.path.strip_prefix(&other.path);
        let below = |rest: &str| rest.is_empty() || rest.starts_with(['.', '[', '/']);
        self.r#where == other.r#where && rest.is_some_and(below)
    }

    /// Whether an answer has something there.
    pub(super) fn stands_in(&self, answer: &Response) -> bool {
        match self.r#where {
            Where::Header => {
                let name = self.path.split('[').next().unwrap_or_default();
                answer.headers.text(name).is_some()
            }
            _ => self.leaves(answer).is_some_and(|found| !found.is_empty()),
        }
    }

    /// Whether it stands in a JSON or an XML body, where elements of lists are aligned.
    pub(super) fn is_aligned(&self) -> bool {
        self.r#where == Where::Body && self.path.starts_with(['$', '/'])
    }

    /// Every place that this one names in an answer, with its JSON text. `None` where that cannot
    /// be told.
    pub(super) fn leaves(&self, answer: &Response) -> Option<Vec<(Self, String)>> {
        let locator = self.locator()?;
        let here = |path: String| Self {
            r#where: self.r#where,
            path,
        };
        match locator.place() {
            Pointed::Json(path) => {
                let found = json::located(&answer.body, path).ok()?;
                Some(found.into_iter().map(|(at, raw)| (here(at), raw)).collect())
            }
            // XML tells the values only: enough to count them.
            Pointed::XPath(path) => {
                let found = select_xml(answer, path).ok()?;
                let text = |text: String| serde_json::Value::from(text).to_string();
                Some(
                    found
                        .into_iter()
                        .map(|it| (here(String::new()), text(it)))
                        .collect(),
                )
            }
            _ => None,
        }
    }
}

/// A path with every index left open; what stands in quotes is a name.
fn template(path: &str) -> String {
    let xml = path.starts_with('/');
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('[') {
        let (before, bracket) = rest.split_at(at);
        out.push_str(before);
        let quoted = bracket.starts_with("['");
        let end = if quoted {
            quoted_end(bracket)
        } else {
            bracket.find(']').map(|end| end + 1)
        };
        let (inside, after) = bracket.split_at(end.unwrap_or(bracket.len()));
        let digits = inside.trim_matches(['[', ']']);
        let index = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match (index, xml) {
            (true, true) => {}
            (true, false) => out.push_str("[*]"),
            (false, _) => out.push_str(inside),
        }
        rest = after;
    }
    out.push_str(rest);
    match out.split_once(' ') {
        Some((word @ ("line" | "offset"), number)) if number.parse::<u64>().is_ok() => {
            format!("{word} *")
        }
        _ => out,
    }
}

/// Where `['name']` ends; quotes inside are escaped.
fn quoted_end(bracket: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, sign) in bracket.char_indices().skip(2) {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' => return Some((at + 2).min(bracket.len())),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_left_open_and_names_are_not() {
        for (path, expected) in [
            ("$.items[3].id", "$.items[*].id"),
            ("$[0][12]", "$[*][*]"),
            ("$['a[3]'].b[1]", "$['a[3]'].b[*]"),
            ("$['it\\'s [4]'][5]", "$['it\\'s [4]'][*]"),
            ("/a/b[2]/@x", "/a/b/@x"),
            ("line 12", "line *"),
            ("set-cookie[SID]", "set-cookie[SID]"),
            ("form:line 1", "form:line 1"),
        ] {
            assert_eq!(template(path), expected);
        }
    }
}
