//! What a case captures, and the values that stand for each other from there on.

use std::sync::Arc;

use super::chain::{Chain, Context};
use super::ties::{add_word, made};
use crate::compare::Standing;
use crate::locator::Locator;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Severity, Where};
use crate::suite::Case;

/// Takes what the case captures; what cannot be taken is an expectation that does not hold.
pub(super) fn take_captures(
    cx: Context<'_>,
    case: &Case,
    take: impl Fn(Side, &Locator) -> Result<String, String>,
    chain: &mut Chain,
    standing: &mut Arc<Standing>,
) -> Vec<Difference> {
    let mut unmet = Vec::new();
    for (name, place) in &case.extras.capture {
        let values = Pair::both(()).map_sides(|side, ()| match take(side, place) {
            Ok(value) => Some(value),
            Err(why) => {
                let explain = format!("`{name}` cannot be captured on the {side} side: {why}");
                unmet.push(Difference::new(
                    Where::Expect,
                    place.text(),
                    Kind::Expectation,
                    Severity::Breaking,
                    explain,
                ));
                None
            }
        });
        for side in Side::BOTH {
            if let Some(value) = &values[side] {
                cx.session.secrets.add_captured(place, name, value);
                chain.captured[side].insert(name.clone(), value.clone());
            }
        }
        if let Some(values) = values.transpose() {
            born(place.text(), values, chain, standing);
        }
    }
    unmet
}

/// Notes that two values stand for each other from here on.
pub(super) fn born(
    place: &str,
    values: Pair<String>,
    chain: &mut Chain,
    standing: &mut Arc<Standing>,
) {
    let texts = values.as_ref().map(String::as_str);
    Arc::make_mut(standing).born(texts, place);
    if let Some(made) = made(chain.asked.as_ref(), texts) {
        add_word(standing, made.as_ref().map(String::as_str));
        chain.paths.push(made);
    }
    chain.born.push((place.to_owned(), values));
}
