use super::*;
use crate::compare::RulesDoc;
use crate::source::{Cx, Decode, Source, parse};

fn rules(text: &str) -> Rules {
    let source = Source::new("s.yaml", text);
    let node = parse(&source).expect("YAML");
    let mut cx = Cx::new(&source);
    let doc = RulesDoc::decode(&node, &mut cx).expect("rules");
    Rules::new(&doc, &source)
}

fn one(path: &str, kind: Kind, old: &str, new: &str) -> Difference {
    let shown = |json: &str| match json {
        "" => Observed::Absent,
        json => Observed::raw(json),
    };
    let one = Difference::new(Where::Token, path, kind, Severity::Risky, "");
    one.showing(shown(old), shown(new))
}

const OLD: &[u8] = br#"{"access_token":"ca19","expires_in":3600,"id":"a-1","user":{"name":"x"}}"#;
const NEW: &[u8] = br#"{"access_token":"eyJ.e.s","expires_in":900,"id":"b-2","user":{"name":"y"}}"#;
const CLAIMS: &[u8] = br#"{"sub":"s","exp":1,"http://wso2.org/claims/app":"a"}"#;

/// What is left of these differences under a rule, and how often it was of use.
fn left(rule: &str, found: &[Difference]) -> (Vec<String>, usize) {
    let rules = rules(rule);
    let mut found = found.to_vec();
    let texts = Pair::new((OLD, None), (NEW, Some(CLAIMS)));
    let texts = texts.map(|(answer, claims)| TokenTexts { answer, claims });
    let used = rule_tokens(&mut found, texts, &rules);
    let left = found.iter().map(|one| format!("{} {}", one.path, one.kind));
    let times = rules.ids().map(|id| used.of(id)).sum();
    (left.collect(), times)
}

fn all() -> Vec<Difference> {
    vec![
        one("$.expires_in", Kind::Value, "3600", "900"),
        one("$.expires_in", Kind::Type, "3600", "\"900\""),
        one("$.user.name", Kind::Value, "\"x\"", "\"y\""),
        one("claims.$.exp", Kind::Value, "", "1"),
        one("claims.$.aud", Kind::Removed, "\"o\"", ""),
        one("$.access_token", Kind::NotRefused, "", "\"present\""),
    ]
}

const WHOLE: [&str; 6] = [
    "$.expires_in value",
    "$.expires_in type",
    "$.user.name value",
    "claims.$.exp value",
    "claims.$.aud removed",
    "$.access_token not-refused",
];

fn without(gone: &[usize]) -> Vec<String> {
    let kept = WHOLE
        .iter()
        .enumerate()
        .filter(|(at, _)| !gone.contains(at));
    kept.map(|(_, text)| (*text).to_owned()).collect()
}

#[test]
fn what_is_ignored_covers_a_place_what_is_below_it_and_its_absence() {
    let under = |rule: &str| left(rule, &all());
    assert_eq!(
        under("ignore: [ \"token:$.expires_in\" ]"),
        (without(&[0, 1]), 1)
    );
    assert_eq!(under("ignore: [ token:expires_in ]"), (without(&[0, 1]), 1));
    assert_eq!(under("ignore: [ \"token:$.user\" ]"), (without(&[2]), 1));
    assert_eq!(under("ignore: [ \"claims:$.exp\" ]"), (without(&[3]), 1));
    // On neither side, and a difference all the same: the claim is missed.
    assert_eq!(under("ignore: [ \"claims:$.aud\" ]"), (without(&[4]), 1));
    assert_eq!(under("ignore: [ \"claims:$['aud']\" ]"), (without(&[4]), 1));
    assert_eq!(under("ignore: [ \"claims:$.*\" ]"), (without(&[3]), 3));
    // A hole is none of a value, and names that begin alike are others.
    assert_eq!(
        under("ignore: [ \"token:$.access_token\" ]"),
        (without(&[]), 1)
    );
    assert_eq!(under("ignore: [ \"token:$.expires\" ]"), (without(&[]), 0));
    assert_eq!(
        under("ignore: [ \"claims:$.expires_in\" ]"),
        (without(&[]), 0)
    );
    let header = [one("header.typ", Kind::Value, "", "\"none\"")];
    assert_eq!(left("ignore: [ token:header.typ ]", &header), (vec![], 1));
    let kept = vec!["header.typ value".to_owned()];
    assert_eq!(left("ignore: [ token:header.alg ]", &header), (kept, 0));
    // A rule of a body is none of a token.
    assert_eq!(under("ignore: [ \"$.expires_in\" ]"), (without(&[]), 0));
}

#[test]
fn a_tolerance_is_of_values_and_not_of_types() {
    let under = |rule: &str| left(rule, &all());
    assert_eq!(
        under("tolerance: { \"token:$.expires_in\": 45m }"),
        (without(&[0]), 1)
    );
    assert_eq!(
        under("tolerance: { \"token:$.expires_in\": 44m }"),
        (without(&[]), 1)
    );
    // What a claim of one side is not, no other value is near to.
    assert_eq!(
        under("tolerance: { \"claims:$.exp\": 44m }"),
        (without(&[]), 1)
    );
}

#[test]
fn a_form_is_kept_by_both_or_told() {
    let name = [one("$.id", Kind::Value, "\"a-1\"", "\"b-2\"")];
    let under = |rule: &str| left(rule, &name);
    assert_eq!(
        under("pattern: { \"token:$.id\": \"/^.-[0-9]$/\" }"),
        (vec![], 1)
    );
    assert_eq!(under("pattern: { \"token:$.id\": any }"), (vec![], 1));
    let told = (vec!["$.id value".to_owned()], 1);
    assert_eq!(under("pattern: { \"token:$.id\": \"/^a/\" }"), told);
    assert_eq!(under("pattern: { \"token:$.id\": uuid }"), told);
    // The form of one side is told where nothing else was found.
    let (told, used) = left("pattern: { \"token:$.access_token\": hex }", &[]);
    assert_eq!((told, used), (vec!["$.access_token value".to_owned()], 1));
    // And a type that changed stays one.
    let (told, _) = left("pattern: { \"token:$.expires_in\": any }", &all());
    assert_eq!(told, without(&[0]));
}

#[test]
fn rules_that_no_token_has_are_told() {
    for (rule, help) in [
        (
            "bind: [ token:$.id ]",
            "`ignore`, `tolerance` and `pattern`",
        ),
        (
            "unordered: [ claims:$.aud ]",
            "needs a JSONPath or an XPath",
        ),
        ("ignore: [ \"token:$\" ]", "name one member"),
        ("ignore: [ \"token:$.a[\" ]", "close every ["),
    ] {
        let source = Source::new("s.yaml", rule);
        let node = parse(&source).expect("YAML");
        let mut cx = Cx::new(&source);
        assert!(RulesDoc::decode(&node, &mut cx).is_none(), "{rule}");
        let told = cx.diagnostics.sorted();
        let told = told
            .first()
            .map(|one| format!("{one:?}"))
            .unwrap_or_default();
        assert!(told.contains(help), "{rule}: {told}");
    }
}
