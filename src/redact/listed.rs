//! Lists that hold a secret byte by byte: each element tells nothing by itself, and all of them the
//! secret. They are looked at in the body, before it is taken apart into differences.

use std::collections::HashMap;

use serde_json::Value;

use super::case::{Step, steps};
use super::spans::Span;
use super::{Rules, Secrets};
use crate::pair::{Pair, Side};
use crate::results::{Difference, Observed, Where};

impl Secrets {
    /// Masks every difference inside a list whose elements are the bytes of a secret: numbers, or
    /// texts in hex. Bodies are read only where elements of a list differ.
    pub fn hide_lists(&self, differences: &mut [Difference], bodies: Pair<&[u8]>) {
        if !differences
            .iter()
            .any(|d| list_of(&d.path).is_some() && d.r#where == Where::Body)
        {
            return;
        }
        let rules = self.rules();
        if rules.matcher.longest == 0 {
            return;
        }
        let documents = bodies.map(|body| serde_json::from_slice(body).unwrap_or(Value::Null));
        let mut known: HashMap<(Side, String), Option<String>> = HashMap::new();
        for difference in differences.iter_mut().filter(|d| d.r#where == Where::Body) {
            let new_path = difference.new_path.as_ref().unwrap_or(&difference.path);
            let mut held = |side: Side, path: &str| {
                let list = list_of(path)?;
                let key = (side, list.to_owned());
                let found = known.entry(key);
                let found = found.or_insert_with(|| rules.listed(&documents[side], list));
                found.clone()
            };
            let mark = held(Side::Old, &difference.path).or_else(|| held(Side::New, new_path));
            if let Some(mark) = mark {
                hide(difference, &mark);
            }
        }
    }
}

/// The list of which a path names an element.
fn list_of(path: &str) -> Option<&str> {
    let (list, index) = path.strip_suffix(']')?.rsplit_once('[')?;
    index.bytes().all(|b| b.is_ascii_digit()).then_some(list)
}

impl Rules {
    /// The mark of the secret that a list holds.
    fn listed(&self, document: &Value, list: &str) -> Option<String> {
        let steps = steps(list)?;
        let value = steps.iter().try_fold(document, |value, step| match step {
            Step::Name(name) => value.get(name),
            Step::Index(index) => value.get(index),
        })?;
        let items = value.as_array()?;
        let texts = items.iter().map(|item| match item {
            Value::Number(number) => Some(number.to_string()),
            Value::String(text) => Some(text.clone()),
            _ => None,
        });
        let texts: Vec<String> = texts.collect::<Option<_>>()?;
        let found = |text: &str| -> Option<Span> {
            let spans = self.matcher.find(text.as_bytes());
            spans.into_iter().max_by_key(|span| span.end - span.start)
        };
        let span = found(&texts.join(" ")).or_else(|| found(&texts.concat()))?;
        Some(span.mark.text())
    }
}

fn hide(difference: &mut Difference, mark: &str) {
    for observed in [&mut difference.old, &mut difference.new] {
        if !observed.is_absent() {
            *observed = Observed::text(mark);
        }
    }
    difference.explain = format!("an element of a list that holds {mark} byte by byte differs");
    difference.advice = None;
    difference.detail.clear();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::{Kind, Severity};

    fn hidden(old: &str, path: &str) -> bool {
        let secrets = Secrets::new();
        secrets.add("app.value", "abcdef-1");
        let explain = "the value is 97, not 1".to_owned();
        let difference =
            Difference::new(Where::Body, path, Kind::Value, Severity::Breaking, explain)
                .showing(Observed::of(&97), Observed::of(&1));
        let mut differences = [difference];
        secrets.hide_lists(&mut differences, Pair::new(old.as_bytes(), b"{}"));
        let shown = differences[0].old.display().expect("a value").into_owned();
        let masked = "[secret app.value, 8 characters]";
        assert!(shown == "97" || (shown == masked && !differences[0].explain.contains("97")));
        shown == masked
    }

    #[test]
    fn an_element_of_a_list_of_a_secrets_bytes_is_not_shown() {
        for (body, path) in [
            (r#"{"b":[97,98,99,100,101,102,45,49]}"#, "$.b[0]"),
            (r#"{"b":[1,2,97,98,99,100,101,102,45,49,3]}"#, "$.b[2]"),
            (
                r#"{"b":["0x61","0x62","0x63","0x64","0x65","0x66","0x2d","0x31"]}"#,
                "$.b[0]",
            ),
            (
                r#"{"b":["61","62","63","64","65","66","2D","31"]}"#,
                "$.b[7]",
            ),
            (
                r#"{"b":["97","98","99","100","101","102","45","49"]}"#,
                "$.b[7]",
            ),
            (r#"{"b":["a","b","c","d","e","f","-","1"]}"#, "$.b[7]"),
            (
                r#"[0,{"b c":[97,98,99,100,101,102,45,49]}]"#,
                "$[1]['b c'][0]",
            ),
        ] {
            assert!(hidden(body, path), "{body}");
        }
        for (body, path) in [
            (r#"{"b":[97,98,99,100,101,102,45,50]}"#, "$.b[0]"),
            (r#"{"b":[97,98,99,100,101,102,45,49],"c":[97]}"#, "$.c[0]"),
            (r#"{"b":[97,98,99,100,101,102,45,49],"c":97}"#, "$.c"),
            ("no JSON", "$.b[0]"),
        ] {
            assert!(!hidden(body, path), "{body}");
        }
    }
}
