//! Form-encoded bodies by field.

use std::collections::BTreeSet;

use url::form_urlencoded;

use super::{Comparison, RuleId, Rules, Standing, scalar, words};
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
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in fields.old.iter().chain(&fields.new) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    for name in names {
        let values = fields.as_ref().map(|fields| {
            let own = fields.iter().filter(|(field, _)| field == name);
            own.map(|(_, value)| value.as_str()).collect::<Vec<&str>>()
        });
        found.differences.extend(field(
            name,
            &values,
            rules,
            standing,
            &mut found.used,
            &mut found.born,
        ));
    }
}

fn field(
    name: &str,
    values: &Pair<Vec<&str>>,
    rules: &Rules,
    standing: &Standing,
    used: &mut BTreeSet<RuleId>,
    born: &mut Vec<(String, Pair<String>)>,
) -> Option<Difference> {
    let effects = rules.effects(
        |place| matches!(place, Place::Form(field) if field == name),
        used,
    );
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
            let (kind, explain) = scalar::compare(texts, &effects, standing, &place, born)?;
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
