//! Form-encoded bodies by field.

use std::collections::HashMap;

use url::form_urlencoded;

use super::rules::Effects;
use super::{Comparison, Rules, Standing, scalar, words};
use crate::locator::Place;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// Compares two forms (WHATWG URL section 5.1): each field by its values, order between fields aside.
pub(super) fn compare(
    bodies: Pair<&[u8]>,
    rules: &Rules,
    standing: &Standing,
    found: &mut Comparison,
) {
    let fields = bodies.map(|body| {
        form_urlencoded::parse(body)
            .into_owned()
            .collect::<Vec<_>>()
    });
    // The fields in the order in which they first stand.
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut named: Vec<(&str, Pair<Vec<&str>>)> = Vec::new();
    for (side, fields) in fields.iter() {
        for (name, value) in fields {
            let at = *places.entry(name).or_insert(named.len());
            if at == named.len() {
                named.push((name, Pair::default()));
            }
            if let Some((_, values)) = named.get_mut(at) {
                values[side].push(value);
            }
        }
    }
    for (name, values) in named {
        let difference = field(name, &values, rules, standing, found);
        found.differences.extend(difference);
    }
}

fn field(
    name: &str,
    values: &Pair<Vec<&str>>,
    rules: &Rules,
    standing: &Standing,
    found: &mut Comparison,
) -> Option<Difference> {
    let is_named = |place: &Place| matches!(place, Place::Form(field) if field == name);
    let effects = rules.effects(is_named, &mut found.used);
    if effects.ignore {
        return None;
    }
    let joined = values.as_ref().map(|values| values.join(", "));
    let texts = joined.as_ref().map(String::as_str);
    let (kind, severity, explain) = match (values.old.is_empty(), values.new.is_empty()) {
        (false, true) => (Kind::Removed, Severity::Breaking, words::REMOVED.to_owned()),
        (true, false) => (Kind::Added, Severity::Risky, words::ADDED.to_owned()),
        _ => {
            let place = format!("form:{name}");
            let differs = scalar::compare(texts, &effects, standing, &place, found);
            let (kind, explain) = differs.or_else(|| counted(values, &effects))?;
            (kind, Severity::Breaking, explain)
        }
    };
    let shown = values.as_ref().zip(texts).map(|(values, text)| {
        if values.is_empty() {
            Observed::Absent
        } else {
            Observed::text(text)
        }
    });
    let difference = Difference::new(Where::Body, name, kind, severity, explain);
    Some(difference.showing(shown.old, shown.new))
}

/// Fields that stand another number of times, though their values joined read the same.
fn counted(values: &Pair<Vec<&str>>, effects: &Effects<'_>) -> Option<(Kind, String)> {
    let counts = values.as_ref().map(Vec::len);
    let differs = counts.old != counts.new && effects.is_plain();
    differs.then(|| {
        let explain = format!(
            "the field stands {} times and stood {} times: clients read another value",
            counts.new, counts.old
        );
        (Kind::Value, explain)
    })
}
