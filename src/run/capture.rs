//! Values that a case takes from its answers for the cases behind it.

use serde_json_path::JsonPath;

use crate::compare::{select, select_xml};
use crate::locator::{Locator, Place, member_path};
use crate::message::Response;
use crate::template::Scalar;
use crate::token::payload;

/// The value at a place of an answer, as text.
///
/// # Errors
/// Why there is none.
pub(super) fn capture(
    place: &Locator,
    answer: &Response,
    token: Option<&str>,
) -> Result<String, String> {
    match place.place() {
        Place::Status => Ok(answer.status.to_string()),
        Place::Header(name) => {
            let value = answer.headers.text(name);
            value.ok_or_else(|| format!("there is no header `{name}`"))
        }
        Place::Json(path) => json(place, &answer.body, path),
        Place::Token(path) => json(place, &answer.body, &member_path(path)?),
        Place::Claims(path) => {
            let payload = token.and_then(payload);
            let payload = payload.ok_or("there is no JWT in the answer")?;
            json(place, &payload, &member_path(path)?)
        }
        Place::Form(name) => {
            let fields = url::form_urlencoded::parse(&answer.body);
            let mut values = fields.filter(|(field, _)| field == name);
            let value = values.next().map(|(_, value)| value.into_owned());
            value.ok_or_else(|| format!("there is no field `{name}`"))
        }
        Place::XPath(path) => {
            let found = select_xml(answer, path)?;
            match found.as_slice() {
                [] => Err(format!("nothing stands at {place}")),
                [one] => Ok(one.clone()),
                many => Err(format!(
                    "{} values stand at {place}; one is needed",
                    many.len()
                )),
            }
        }
    }
}

/// The one value of a JSON document at a path.
fn json(place: &Locator, document: &[u8], path: &JsonPath) -> Result<String, String> {
    let found = select(document, path)?;
    match found.as_slice() {
        [] => Err(format!("nothing stands at {place}")),
        [one] => Ok(plain(one)),
        many => Err(format!(
            "{} values stand at {place}; one is needed",
            many.len()
        )),
    }
}

/// A JSON text as the text of a variable: a string without its quotes, anything else as it stands.
fn plain(json: &str) -> String {
    match serde_json::from_str::<String>(json) {
        Ok(text) => text,
        Err(_) => Scalar::Json(json.to_owned()).as_text().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Headers;

    #[test]
    fn a_place_of_an_xml_body_is_captured_as_its_text() {
        let answer = Response::plain(200, Headers::default(), "<?xml version='1.0' encoding='ISO-8859-1'?><o xmlns='urn:o' id='7'><n>&lt;1&gt;</n><n>2</n></o>".into());
        let get = |place: &str| {
            let place = Locator::parse(place).expect("a place");
            capture(&place, &answer, None)
        };
        assert_eq!(get("/o/@id"), Ok("7".into()));
        assert_eq!(get("//n[1]"), Ok("<1>".into()));
        assert_eq!(
            get("/o/n"),
            Err("2 values stand at /o/n; one is needed".into())
        );
        assert_eq!(get("/o/x"), Err("nothing stands at /o/x".into()));
    }

    #[test]
    fn what_is_captured_is_text_and_what_is_not_there_is_said() {
        let answer = Response::plain(
            201,
            Headers(vec![("Location".into(), b"/orders/7".to_vec())]),
            r#"{"id":7.50,"name":"A\n","list":[1,2]}"#.into(),
        );
        let get = |place: &str| {
            let place = Locator::parse(place).expect("a place");
            capture(&place, &answer, None)
        };
        assert_eq!(get("$.id"), Ok("7.50".into()));
        assert_eq!(get("$.name"), Ok("A\n".into()));
        assert_eq!(get("header:location"), Ok("/orders/7".into()));
        assert_eq!(get("status"), Ok("201".into()));
        assert_eq!(get("$.gone"), Err("nothing stands at $.gone".into()));
        assert_eq!(
            get("$.list[*]"),
            Err("2 values stand at $.list[*]; one is needed".into())
        );
    }
}
