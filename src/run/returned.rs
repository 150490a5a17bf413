//! What a write returned: the id of the thing that it made, which each side makes for itself.

use super::capture::capture;
use crate::locator::Locator;
use crate::message::Response;
use crate::pair::Pair;
use crate::suite::Case;

/// Where the id of what was made stands: in the answer itself, or in the URL of what was made.
const ID: &str = "$.id";
const LOCATION: &str = "header:location";

/// The id that a write returned on each side, and its place, where both say that something was made
/// (`201 Created`, RFC 9110 section 15.3.2) and the two ids are of one form. Ids that the case captures
/// itself are left to it.
pub(super) fn returned(
    case: &Case,
    answers: Pair<&Response>,
) -> Option<(&'static str, Pair<String>)> {
    let made = answers.map(|answer| answer.status == 201);
    if !(case.is_write() && made.old && made.new) {
        return None;
    }
    let captures = |place: &str| case.extras.capture.iter().any(|(_, at)| at.text() == place);
    let places: [(&'static str, Read); 2] = [(ID, in_body), (LOCATION, in_location)];
    places.into_iter().find_map(|(place, read)| {
        let ids = answers.map(read).transpose()?;
        let fits = ids.old != ids.new && form(&ids.old) == form(&ids.new);
        (fits && !captures(place)).then_some((place, ids))
    })
}

type Read = fn(&Response) -> Option<String>;

/// A text or a number at `$.id`.
fn in_body(answer: &Response) -> Option<String> {
    let place = Locator::parse(ID).ok()?;
    let id = capture(&place, answer, None).ok()?;
    is_name(&id).then_some(id)
}

/// The last segment of the path that `Location` names.
fn in_location(answer: &Response) -> Option<String> {
    let location = answer.headers.text("location")?;
    let path = location.split(['?', '#']).next()?;
    let (_, id) = path.trim_end_matches('/').rsplit_once('/')?;
    // A name that has no digit in it is that of a collection or of an action.
    (is_name(id) && id.bytes().any(|byte| byte.is_ascii_digit())).then(|| id.to_owned())
}

fn is_name(id: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !id.is_empty() && id.bytes().all(sign) && !["true", "false", "null"].contains(&id)
}

/// What two ids of one maker have in common.
#[derive(Debug, PartialEq, Eq)]
enum Form {
    /// Words and separators, with numbers left open: `ord-#`.
    Counted(String),
    /// So many characters, separators at the same places: a UUID, a random text.
    Random(Vec<bool>),
}

/// The form of an id: a random one mixes digits and letters in a piece between separators.
fn form(id: &str) -> Form {
    let pieces = || id.split(['-', '_', '.']);
    let mixed = |piece: &str| {
        let letters = piece.bytes().any(|byte| byte.is_ascii_alphabetic());
        letters && piece.bytes().any(|byte| byte.is_ascii_digit())
    };
    if id.len() >= RANDOM && pieces().any(mixed) {
        return Form::Random(
            id.bytes()
                .map(|byte| byte.is_ascii_alphanumeric())
                .collect(),
        );
    }
    let mut open = String::new();
    for sign in id.chars() {
        match sign {
            '0'..='9' if open.ends_with('#') => {}
            '0'..='9' => open.push('#'),
            other => open.push(other),
        }
    }
    Form::Counted(open)
}

/// Characters from which an id may be random.
const RANDOM: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Headers;

    #[test]
    fn ids_of_one_form_are_told_from_others() {
        for (old, new) in [
            ("17", "1204"),
            ("ord-17", "ord-4"),
            (
                "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
                "16fd2706-8baf-433b-82eb-8c7fada847da",
            ),
            ("01ARZ3NDEKTSV4RRFFQ69G5FAV", "01BX5ZZKBKACTAV9WEVGEMMVRZ"),
        ] {
            assert_eq!(form(old), form(new), "{old} {new}");
        }
        for (old, new) in [
            ("17", "6f9619ff-8b86-d011-b42d-00cf4fc964ff"),
            ("ord-17", "sale-17"),
            ("open", "shut"),
            (
                "6f9619ff8b86d011b42d00cf4fc964ff",
                "16fd2706-8baf-433b-82eb-8c7fada847da",
            ),
        ] {
            assert_ne!(form(old), form(new), "{old} {new}");
        }
    }

    #[test]
    fn an_id_is_read_from_the_body_or_from_the_last_segment_of_location() {
        let answer = |body: &str, location: &str| {
            let mut headers = Headers::default();
            headers.set("location", location);
            Response::plain(201, headers, body.to_owned().into())
        };
        let read = |body: &str, location: &str| {
            let answer = answer(body, location);
            (in_body(&answer), in_location(&answer))
        };
        let some = |id: &str| Some(id.to_owned());
        assert_eq!(read("{\"id\":7}", "/orders/7?x=1"), (some("7"), some("7")));
        assert_eq!(
            read("{\"id\":\"a-1\"}", "https://h/o/a-1/"),
            (some("a-1"), some("a-1"))
        );
        assert_eq!(read("{\"id\":{\"a\":1}}", "/orders"), (None, None));
        assert_eq!(read("{\"id\":null}", ""), (None, None));
        assert_eq!(read("no JSON", "/orders/a b1"), (None, None));
    }
}
