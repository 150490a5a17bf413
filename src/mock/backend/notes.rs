//! A collection of notes: for suites that write beside those that read orders.

use uuid::Uuid;

use super::{Backend, Handler, Seen};
use crate::mock::answer::Answer;
use crate::mock::json::{Json, object};

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("POST /notes", create),
    ("GET /notes/{id}", read),
    ("PUT /notes/{id}", replace),
    ("DELETE /notes/{id}", delete),
];

fn create(backend: &Backend, seen: &Seen<'_>) -> Answer {
    let Some(text) = text(seen) else {
        return no_text();
    };
    let id = Uuid::new_v4().to_string();
    let note = object! { "id" => id.as_str(), "text" => text };
    backend.notes().push(note.clone());
    let at = format!("{}/notes/{id}", seen.address);
    Answer::json(201, &note).with("Location", at)
}

fn read(backend: &Backend, seen: &Seen<'_>) -> Answer {
    let notes = backend.notes();
    let found = notes.iter().find(|note| is(note, seen));
    found.map_or_else(no_note, |note| Answer::json(200, note))
}

fn replace(backend: &Backend, seen: &Seen<'_>) -> Answer {
    let Some(text) = text(seen) else {
        return no_text();
    };
    let mut notes = backend.notes();
    let Some(note) = notes.iter_mut().find(|note| is(note, seen)) else {
        return no_note();
    };
    note.set("text", Json::from(text));
    Answer::json(200, note)
}

fn delete(backend: &Backend, seen: &Seen<'_>) -> Answer {
    let mut notes = backend.notes();
    let before = notes.len();
    notes.retain(|note| !is(note, seen));
    match notes.len() == before {
        true => no_note(),
        false => Answer::empty(204),
    }
}

fn is(note: &Json, seen: &Seen<'_>) -> bool {
    note.get("id").and_then(Json::text) == Some(seen.part("id"))
}

fn text(seen: &Seen<'_>) -> Option<String> {
    let given = Json::parse(std::str::from_utf8(&seen.call.body).ok()?)?;
    given.get("text").and_then(Json::text).map(str::to_owned)
}

fn no_text() -> Answer {
    Answer::json(422, &object! { "error" => "a note has a text" })
}

fn no_note() -> Answer {
    Answer::json(404, &object! { "error" => "there is no such note" })
}
