use super::*;

fn standing() -> Standing {
    let mut standing = Standing::default();
    standing.base(Pair::new(
        "https://old.example/t/a/1.0",
        "https://new.example/a/v1",
    ));
    standing.base(Pair::new("https://old.example", "https://new.example"));
    standing.word(Pair::new("client-old", "client-new"));
    assert!(standing.born(Pair::new("A-1000", "B-2000"), "$.id"));
    assert!(standing.born(Pair::new("7", "9"), "$.id"));
    standing
}

fn relation(old: &str, new: &str) -> Relation {
    standing().relation(Pair::new(old, new), "$.x")
}

#[test]
fn base_urls_hosts_and_paths_stand_for_each_other() {
    for (old, new) in [
        (
            "https://old.example/t/a/1.0/orders",
            "https://new.example/a/v1/orders",
        ),
        (
            "see https://OLD.example/t/a/1.0",
            "see https://new.example/a/v1",
        ),
        ("/t/a/1.0/orders?x=1", "/a/v1/orders?x=1"),
        ("old.example", "new.example"),
        (
            "/go?to=https%3A%2F%2Fold.example%2Fb",
            "/go?to=https%3A%2F%2Fnew.example%2Fb",
        ),
        ("key: client-old.", "key: client-new."),
        ("/in?client%3Dclient-old", "/in?client%3Dclient-new"),
    ] {
        assert_eq!(relation(old, new), Relation::Same, "{old}");
    }
    assert_eq!(
        relation("https://old.example.org/", "https://new.example.org/"),
        Relation::Different
    );
}

#[test]
fn a_base_path_on_one_side_stands_for_none_on_the_other() {
    let mut standing = Standing::default();
    standing.base(Pair::new("https://old.example", "https://new.example/v1"));
    let relation = |old, new| standing.relation(Pair::new(old, new), "header:location");
    assert_eq!(relation("/orders/1", "/v1/orders/1"), Relation::Same);
    assert_eq!(relation("/orders/1", "/v1/orders/2"), Relation::Different);
    assert_eq!(relation("/orders/1", "/v2/orders/1"), Relation::Different);
}

#[test]
fn born_values_stand_at_whole_segments_and_never_inside_words() {
    assert_eq!(relation("A-1000", "B-2000"), Relation::Same);
    assert_eq!(
        relation("/orders/A-1000?ref=A-1000", "/orders/B-2000?ref=B-2000"),
        Relation::Same
    );
    assert_eq!(
        relation("/orders/A-10001", "/orders/B-20001"),
        Relation::Different
    );
    assert_eq!(relation("A-1000", "B-2001"), Relation::Broken);
    assert_eq!(
        relation("/orders/A-1000", "/orders/B-2001"),
        Relation::Broken
    );
}

#[test]
fn a_short_born_value_stands_at_its_place_only() {
    let standing = standing();
    assert_eq!(
        standing.relation(Pair::new("7", "9"), "$.id"),
        Relation::Same
    );
    assert_eq!(
        standing.relation(Pair::new("7", "9"), "$.n"),
        Relation::Different
    );
    assert_eq!(relation("/orders/7", "/orders/9"), Relation::Different);
}

#[test]
fn short_born_values_are_tied_one_to_one_at_their_place() {
    let mut standing = Standing::default();
    assert!(standing.born(Pair::new("a", "b"), "$.items[0].id"));
    assert!(standing.born(Pair::new("a", "b"), "$.items[1].id"));
    assert!(!standing.born(Pair::new("a", "c"), "$.items[2].id"));
    assert!(standing.born(Pair::new("a", "c"), "$.lines[0].id"));
    let tied = |old, new, place| standing.tied(Pair::new(old, new), place);
    assert_eq!(tied("a", "b", "$.items[7].id"), Relation::Same);
    assert_eq!(tied("a", "c", "$.items[7].id"), Relation::Broken);
    assert_eq!(tied("b", "b", "$.items[7].id"), Relation::Broken);
    assert_eq!(tied("a", "b", "$.items[7].n"), Relation::Different);
    let short = |old, new| standing.differ_in_short_ids(Pair::new(old, new));
    assert!(short("/orders/a", "/orders/b"));
    assert!(!short("/orders/a", "/order/b") && !short("/orders/b", "/orders/a"));
}

#[test]
fn a_path_stands_for_another_behind_any_base() {
    let mut standing = Standing::default();
    standing.word(Pair::new("/orders/7", "/orders/9"));
    let relation = |old, new| standing.relation(Pair::new(old, new), "$.href");
    assert_eq!(relation("/v1/orders/7/x", "/v1/orders/9/x"), Relation::Same);
    assert_eq!(
        relation("/v1/orders/70", "/v1/orders/90"),
        Relation::Different
    );
}

#[test]
fn a_second_partner_is_refused() {
    let mut standing = standing();
    assert!(standing.born(Pair::new("A-1000", "B-2000"), "$.other"));
    assert!(!standing.born(Pair::new("A-1000", "C-3000"), "$.id"));
    assert!(!standing.born(Pair::new("D-4000", "B-2000"), "$.id"));
}

#[test]
fn the_old_host_is_found_as_a_whole_host_only() {
    let standing = standing();
    assert_eq!(
        standing.leaked(b"{\"u\":\"https://old.example/x\"}"),
        Some("old.example")
    );
    assert_eq!(
        standing.leaked(b"at old.example:8243."),
        Some("old.example")
    );
    assert_eq!(
        standing.leaked(b"https://cold.example/ old.example.org"),
        None
    );
    for query in [
        "cb?next=http%3A%2F%2Fold.example%2Fx",
        "http%3a%2f%2fold.example",
    ] {
        assert_eq!(
            standing.leaked(query.as_bytes()),
            Some("old.example"),
            "{query}"
        );
    }
    let cold = standing.leaked(b"http%3A%2F%2Fcold.example%2F");
    assert_eq!(cold, None);
    let mut local = Standing::default();
    local.base(Pair::new("http://127.0.0.1:81", "http://127.0.0.1:82"));
    assert_eq!(local.leaked(b"http://127.0.0.1:81/x"), Some("127.0.0.1:81"));
    let encoded = b"http%3A%2F%2F127.0.0.1%3A81%2Fx";
    assert_eq!(local.leaked(encoded), Some("127.0.0.1:81"));
    assert_eq!(local.leaked(b"http%3A%2F%2F127.0.0.1%3A82%2Fx"), None);
    let relation = |old, new| local.relation(Pair::new(old, new), "$.x");
    let same = relation("at=127.0.0.1%3A81", "at=127.0.0.1%3A82");
    assert_eq!(same, Relation::Same);
    assert_eq!(
        local.leaked(b"http://127.0.0.1:82/x http://127.0.0.1:811"),
        None
    );
}

#[test]
fn debug_shows_no_value() {
    let text = format!("{:?}", standing());
    assert!(
        !text.contains("client-old") && text.contains("words: 1"),
        "{text}"
    );
}
