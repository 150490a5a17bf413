//! What `bind` ties in a body holds in the headers of the same answer.

use super::*;
use crate::message::Headers;
use crate::source::{Cx, Decode, Source, parse};

fn found(ids: Pair<&str>, named: Pair<&str>) -> Vec<String> {
    let source = Source::new("s.yaml", "bind: [ \"$.id\" ]");
    let mut cx = Cx::new(&source);
    let doc = RulesDoc::decode(&parse(&source).expect("YAML"), &mut cx).expect("rules");
    let answers = ids.zip(named).map(|(id, named)| {
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("location", format!("/orders/{named}")),
            ("link", format!("</orders/{named}>; rel=self")),
            ("x-id", named.to_owned()),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.into_bytes()));
        let body = format!("{{\"id\":\"{id}\"}}").into();
        Response::plain(201, Headers(headers.to_vec()), body)
    });
    let rules = Rules::new(&doc, &source);
    let platforms = Pair::both(Platform::generic());
    let found = compare(answers.as_ref(), &rules, &Standing::default(), platforms);
    let all = found.differences.iter();
    all.map(|d| format!("{} {} {}", d.r#where, d.path, d.kind))
        .collect()
}

#[test]
fn ids_that_are_tied_in_the_body_stand_for_each_other_in_headers() {
    let ids = Pair::new("A-1000", "B-2000");
    assert_eq!(found(ids, ids), [""; 0]);
    assert_eq!(
        found(ids, Pair::new("A-1000", "B-2001")),
        [
            "header link[self] broken-reference",
            "header location broken-reference",
            "header x-id broken-reference"
        ]
    );
}
