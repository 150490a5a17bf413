use super::*;

/// A name in any namespace.
fn any(local: &str) -> Name {
    let local = local.to_owned();
    Name { uri: None, local }
}

fn step(deep: bool, test: Test, filters: &[Filter]) -> Step {
    let filters = filters.to_vec();
    Step {
        deep,
        test,
        filters,
    }
}

#[test]
fn each_form_is_read() {
    let element = |name: &str| Test::Element(any(name));
    let path = XPath::parse("/a//b-1[2][@id = \"x]\"]/@y").expect("a path");
    let filters = [
        Filter::Position(2),
        Filter::Attribute(any("id"), "x]".into()),
    ];
    assert_eq!(
        path.steps,
        [
            step(false, element("a"), &[]),
            step(true, element("b-1"), &filters),
            step(false, Test::Attribute(any("y")), &[]),
        ]
    );
    assert_eq!(path.last_name(), Some("y"));
    let below = XPath::parse("/a/b/text()").expect("a path");
    assert_eq!(below.last_name(), Some("b"));
    assert!(!path.names_elements());
    for text in [
        "/a",
        "//a",
        "/*",
        "/a/*[1]",
        "/a/@*",
        "//@x",
        "//text()",
        "/a/text()[2]",
    ] {
        assert!(XPath::parse(text).is_ok(), "{text}");
    }
}

#[test]
fn a_path_covers_every_position_that_it_does_not_name() {
    let covers = |own: &str, other: &str| {
        let read = |text| XPath::parse(text).expect("a path");
        read(own).covers(&read(other))
    };
    assert!(covers("/a/b/@x", "/a/b[3]/@x"));
    assert!(covers("/a/b[3]/@x", "/a/b[3]/@x"));
    assert!(!covers("/a/b[2]/@x", "/a/b[3]/@x"));
    assert!(!covers("/a/b", "/a/b/@x"));
    assert!(!covers("/a/b", "/a/@b"));
    let plain = |text| XPath::parse(text).expect("a path").is_plain();
    assert!(plain("/a/b[2]/text()"));
    assert!(!plain("//a") && !plain("/a/*") && !plain("/a[@b='1']"));
}

#[test]
fn anything_else_is_an_error_with_the_nearest_form() {
    let help = |text| XPath::parse(text).expect_err("no path").help;
    assert_eq!(help("/"), "did you mean `/*`?");
    assert_eq!(help("/a/"), "did you mean `/a/*`?");
    assert_eq!(help("/x:a/y:b"), "did you mean `/a/y:b`?");
    assert_eq!(help("/a/@x:b"), "did you mean `/a/@b`?");
    assert_eq!(help("/a/child::b"), "did you mean `/a/b`?");
    assert_eq!(help("/a/attribute::b"), "did you mean `/a/@b`?");
    assert_eq!(help("/a/b[0]"), "did you mean `/a/b[1]`?");
    assert_eq!(help("/a/b[*]/c"), "did you mean `/a/b/c`?");
    assert_eq!(help("/a/b[id='7']/c"), "did you mean `/a/b[@id='7']/c`?");
    assert_eq!(help("/a/b[@id=7]"), "did you mean `/a/b[@id='7']`?");
    for text in [
        "/a/..",
        "/a/b[",
        "/a[last()]",
        "/a/count(b)",
        "/a b",
        "/a/@x[1]",
    ] {
        assert_eq!(help(text), FORMS, "{text}");
    }
    assert!(help("/a/@x/b").starts_with("end the path there"));
    let message = XPath::parse("/x:a").expect_err("no path").message;
    assert_eq!(
        message,
        "bad XPath `/x:a`: its prefix is not among the `namespaces` of the suite; a name without one fits in any namespace"
    );
}

#[test]
fn a_prefix_holds_a_name_to_one_namespace() {
    let declared = [("o".to_owned(), "urn:o".to_owned())];
    let prefixes = Prefixes::new(declared.to_vec());
    let path = XPath::read("/o:a[@o:k='1']//b/@xml:lang", &prefixes).expect("a path");
    let of = |uri: &str, local: &str| Name {
        uri: Some(uri.to_owned()),
        local: local.to_owned(),
    };
    let filters = [Filter::Attribute(of("urn:o", "k"), "1".into())];
    let lang = of("http://www.w3.org/XML/1998/namespace", "lang");
    assert_eq!(
        path.steps,
        [
            step(false, Test::Element(of("urn:o", "a")), &filters),
            step(true, Test::Element(any("b")), &[]),
            step(false, Test::Attribute(lang), &[]),
        ]
    );
    assert!(path.has_prefix() && !XPath::parse("/a[@k='1']").expect("a path").has_prefix());
    assert!(of("urn:o", "a").fits("urn:o", "a") && !of("urn:o", "a").fits("", "a"));
    assert!(any("a").fits("urn:o", "a") && !any("a").fits("urn:o", "b"));
    let help = |text| XPath::read(text, &prefixes).expect_err("no path").help;
    assert_eq!(help("/other:a/b"), "did you mean `/a/b`?");
    assert_eq!(help("/oo:a/b"), "did you mean `/o:a/b`?");
    assert_eq!(help("/a/@oo:b"), "did you mean `/a/@o:b`?");
    assert_eq!(help("/a[@other:b='1']"), "did you mean `/a[@b='1']`?");
    assert_eq!(help("/a[o:b='1']"), "did you mean `/a[@o:b='1']`?");
    assert_eq!(help("/o:*"), FORMS);
}
