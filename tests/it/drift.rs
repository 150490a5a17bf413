//! The loader and the JSON Schemas of the formats say the same of a file: of sound ones, and of those
//! with one mistake, made by changing a sound one in every place.

use cutover::config::{CredentialDoc, PairDoc, TargetDoc};
use cutover::mock::document::DoubleDoc;
use cutover::source::{Cx, Decode, Entry, Node, Source, Span, Spanned, Value, parse};
use cutover::suite::{CaseDoc, SuiteFile};
use jsonschema::Validator;
use schemars::JsonSchema;

use crate::mock_shipped::json_of;

/// A file format: its text, and both readers of it.
struct Format {
    name: &'static str,
    text: &'static str,
    validator: Validator,
    /// What the loader says is wrong; nothing where it takes the file.
    load: fn(&Node) -> Option<String>,
}

fn load<D: Decode>(node: &Node) -> Option<String> {
    let source = Source::new("file.yaml", "");
    let mut cx = Cx::new(&source);
    let decoded = D::decode(node, &mut cx);
    let sound = decoded.is_some() && !cx.diagnostics.has_errors();
    (!sound).then(|| cx.diagnostics.render(false))
}

fn format<D: Decode + JsonSchema>(name: &'static str, text: &'static str) -> Format {
    let schema = schemars::schema_for!(D);
    Format {
        name,
        text,
        validator: jsonschema::validator_for(schema.as_value()).unwrap(),
        load: load::<D>,
    }
}

fn formats() -> [Format; 5] {
    [
        format::<SuiteFile>("suite", include_str!("../fixtures/every-key/suite.yaml")),
        format::<SuiteFile>(
            "client suite",
            include_str!("../fixtures/every-key/client.yaml"),
        ),
        format::<PairDoc>("pair", include_str!("../fixtures/every-key/pair.yaml")),
        format::<DoubleDoc>("old double", include_str!("../../mocks/api-cloud.yaml")),
        format::<DoubleDoc>("new double", include_str!("../../mocks/choreo.yaml")),
    ]
}

impl Format {
    fn tree(&self) -> Node {
        parse(&Source::new("file.yaml", self.text)).unwrap()
    }

    /// What the schema and the loader disagree on, in words.
    fn disagreement(&self, node: &Node, what: &str) -> Option<String> {
        let instance = json_of(node);
        let errors = self.validator.iter_errors(&instance);
        let schema: Vec<String> = errors
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        match ((self.load)(node), schema.is_empty()) {
            (None, true) | (Some(_), false) => None,
            (None, false) => Some(format!(
                "{}, {what}: the loader takes it, the schema says {}",
                self.name,
                schema.join("; ")
            )),
            (Some(text), true) => Some(format!(
                "{}, {what}: the schema takes it, the loader says {text}",
                self.name
            )),
        }
    }
}

#[test]
fn sound_files_are_sound_to_both() {
    for format in formats() {
        assert_eq!((format.load)(&format.tree()), None, "{}", format.name);
        assert_eq!(format.disagreement(&format.tree(), "as it is"), None);
    }
}

#[test]
fn a_mistake_anywhere_is_one_to_both_or_to_none() {
    let (mut tried, mut refused) = (0, 0);
    let mut disagreements = Vec::new();
    for format in formats() {
        for (what, node) in changed(&format.tree()) {
            tried += 1;
            refused += usize::from((format.load)(&node).is_some());
            disagreements.extend(format.disagreement(&node, &what));
        }
    }
    assert!(
        disagreements.is_empty(),
        "{} of {tried}:\n{}",
        disagreements.len(),
        disagreements.join("\n")
    );
    assert!(refused > tried / 2, "{refused} of {tried}");
}

/// What a loader says of a mapping with one key more.
fn told<D: Decode>(base: &str, key: &str) -> String {
    let text = format!("{base}\n{key}: null\n");
    load::<D>(&parse(&Source::new("file.yaml", text)).unwrap()).unwrap_or_default()
}

type Told = fn(&str) -> String;

#[test]
fn each_key_of_the_formats_is_in_force_or_not_yet() {
    let suite = "name feature api token tags vars headers compare accept redact namespaces samples \
                 timeout cases cleanup client";
    let case = "name request grant probe tags skip needs rows api token headers expect accept \
                compare capture poll samples timeout safe with old new json form xml text file \
                multipart";
    let target = "name platform url tokens headers tls resolve proxy http timeout max_rps writes";
    let pair = "vars redact accept apis environments old new";
    let credential = "grant client_id client_secret client_auth basic_encoding scope audience \
                      resource params send refresh_token username password subject_token \
                      subject_token_type subject assertion issuer_key sub aud client_key \
                      client_key_id client_alg value header query issuer token_endpoint \
                      revocation_endpoint introspection_endpoint jwks_uri authorization_endpoint \
                      device_authorization_endpoint";
    let all: [(&str, Told); 5] = [
        (suite, |key| told::<SuiteFile>("x_: 1", key)),
        (case, |key| told::<CaseDoc>("x_: 1", key)),
        (target, |key| told::<TargetDoc>("x_: 1", key)),
        (pair, |key| told::<PairDoc>("x_: 1", key)),
        (credential, |key| told::<CredentialDoc>("x_: 1", key)),
    ];
    for (keys, told) in all {
        assert!(told("nonsense").contains("`nonsense`"));
        for key in keys.split_whitespace() {
            let text = told(key);
            let in_force = !text.contains(&format!("`{key}`"));
            let not_yet = text.contains(&format!("`{key}` is not yet in force in this version"));
            let needed = text.contains(&format!("needs `{key}`"));
            assert!(in_force || not_yet || needed, "{key}: {text}");
        }
    }
}

/// The tree with one change, for every place and every kind of change; with a name for each.
fn changed(node: &Node) -> Vec<(String, Node)> {
    let mut all = Vec::new();
    let plain = |value: Value| Node::new(value, node.span);
    for (what, other) in [
        ("a list", plain(Value::List(Vec::new()))),
        ("a mapping", plain(Value::Map(vec![entry("x", node.span)]))),
        ("a number", plain(Value::Number("-7.5".to_owned()))),
        ("a boolean", plain(Value::Bool(true))),
        ("null", plain(Value::Null)),
        ("a text", plain(Value::Text("no such word".to_owned()))),
    ] {
        all.push((format!("becomes {what}"), other));
    }
    match &node.value {
        Value::Map(entries) => {
            let with = |entries: Vec<Entry>| Node::new(Value::Map(entries), node.span);
            let mut more = entries.clone();
            more.push(entry("no_such_key", node.span));
            all.push(("gets another key".to_owned(), with(more)));
            for at in 0..entries.len() {
                let key = &entries[at].key.value;
                let mut fewer = entries.clone();
                fewer.remove(at);
                all.push((format!("loses {key}"), with(fewer)));
                for (what, value) in changed(&entries[at].value) {
                    let mut other = entries.clone();
                    other[at].value = value;
                    all.push((format!("{key}.{what}"), with(other)));
                }
            }
        }
        Value::List(items) => {
            for at in 0..items.len() {
                for (what, value) in changed(&items[at]) {
                    let mut other = items.clone();
                    other[at] = value;
                    let list = Node::new(Value::List(other), node.span);
                    all.push((format!("[{at}].{what}"), list));
                }
            }
        }
        _ => {}
    }
    all
}

fn entry(key: &str, span: Span) -> Entry {
    Entry {
        key: Spanned::new(key.to_owned(), span),
        value: Node::new(Value::Number("1".to_owned()), span),
    }
}
