//! The values at a place of a body, as the JSON texts that wanted values are held against.

use super::wanted::Wanted;
use crate::compare::{select, select_xml};
use crate::locator::{Locator, Place};
use crate::message::Response;
use crate::results::Observed;

/// The JSON texts at a place of a JSON document.
pub(super) fn read_json(body: &[u8], place: &Place) -> Result<Vec<String>, String> {
    match place {
        Place::Json(path) => select(body, path).map_err(|why| format!("JSON: {why}")),
        _ => Ok(Vec::new()),
    }
}

/// The values at a place of a body, as the JSON texts that the wanted ones are.
pub(super) fn read_body(
    answer: &Response,
    place: &Place,
    wanted: &Wanted,
) -> Result<Vec<String>, String> {
    let Place::XPath(path) = place else {
        return read_json(&answer.body, place);
    };
    let texts = select_xml(answer, path).map_err(|why| format!("XML: {why}"))?;
    Ok(texts.iter().map(|text| wanted.json_of(text)).collect())
}

/// The one value at a place of a JSON body, if there is one.
pub(super) fn value_at(path: &str, body: &[u8]) -> Option<Observed> {
    let locator = Locator::parse(path).ok()?;
    let Place::Json(path) = locator.place() else {
        return None;
    };
    match select(body, path).ok()?.as_slice() {
        [value] => Some(Observed::raw(value)),
        _ => None,
    }
}
