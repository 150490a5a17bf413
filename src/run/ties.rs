//! What the run itself gave or took on each side, and what therefore stands for what in an answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compare::{Standing, is_short};
use crate::pair::Pair;
use crate::suite::{Action, Case, CaseScope};
use crate::template::Scope;

/// The path of each side's request.
pub(super) fn paths(case: &Case, scopes: &Pair<CaseScope<'_>>) -> Option<Pair<String>> {
    let paths = Pair::of(|side| match &case.sides[side].action {
        Action::Request { target, .. } => {
            let target = target.render(&scopes[side]).ok()?;
            target.split('?').next().map(str::to_owned)
        }
        Action::Grant(_) | Action::Probe { .. } | Action::Client => None,
    });
    paths.transpose()
}

/// What the run itself gave each side: where it comes back in an answer, it stands for the other.
/// A short captured value does so as part of what it stands in only.
pub(super) fn words(
    case: &Case,
    scopes: &Pair<CaseScope<'_>>,
    captured: &Pair<BTreeMap<String, String>>,
    standing: &mut Arc<Standing>,
) {
    let was_captured = |name: &str, value: &str| {
        let known = captured.old.get(name);
        known.is_some_and(|known| known == value)
    };
    let templates = case.sides.as_ref().map(|side| Case::templates(side));
    for (old, new) in templates.old.iter().zip(&templates.new) {
        for name in old.names().filter(|name| *name != "side") {
            let values = scopes.as_ref().map(|scope| scope.get(name));
            if let (Some(old), Some(new)) = (&values.old, &values.new) {
                let values = Pair::new(old.as_text(), new.as_text());
                if !(is_short(values) && was_captured(name, values.old)) {
                    add_word(standing, values);
                }
            }
        }
        if old.names().next().is_some()
            && let (Ok(old), Ok(new)) = (old.render(&scopes.old), new.render(&scopes.new))
            && !is_short(Pair::new(&old, &new))
        {
            add_word(standing, Pair::new(&old, &new));
        }
    }
}

/// Adds a word that differs; what cases share is copied only then.
pub(super) fn add_word(standing: &mut Arc<Standing>, values: Pair<&str>) {
    if values.old != values.new {
        Arc::make_mut(standing).word(values);
    }
}

/// The paths of what was made, below the path that was asked to make it: there a short id, which
/// stands for nothing elsewhere, can mean nothing else.
pub(super) fn made(asked: Option<&Pair<String>>, ids: Pair<&str>) -> Option<Pair<String>> {
    let is_name = |id: &str| {
        let mut bytes = id.bytes();
        !id.is_empty() && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    let asked = asked?;
    let fits = is_short(ids) && is_name(ids.old) && is_name(ids.new);
    fits.then(|| Pair::of(|side| format!("{}/{}", asked[side].trim_end_matches('/'), ids[side])))
}
