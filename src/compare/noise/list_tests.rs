use super::tests::{IDS, rules, sampled, short};

#[test]
fn lists_are_generalised_only_where_all_of_them_varies() {
    let list = |ids: [usize; 2], stable: bool| {
        let items = ids.map(|at| format!(r#"{{"sku":"A-{}","id":"{}"}}"#, at % 3, IDS[at]));
        let fixed = r#"{"sku":"B-9","id":"5a3c1b2d-0000-4000-8000-000000000009"}"#;
        let more = if stable {
            format!(",{fixed}")
        } else {
            String::new()
        };
        format!(r#"{{"items":[{}{more}]}}"#, items.join(","))
    };
    let found = |stable: bool| {
        let old = [
            list([0, 1], stable),
            list([3, 4], stable),
            list([0, 4], stable),
        ];
        let new = [
            list([3, 1], stable),
            list([0, 4], stable),
            list([3, 4], stable),
        ];
        sampled(
            old.each_ref().map(String::as_str),
            new.each_ref().map(String::as_str),
        )
    };
    let all = found(false);
    assert_eq!(
        (short(&all), rules(&all)),
        (vec![], vec![r#"pattern: { "$.items[*].id": uuid }"#.into()])
    );
    let some = found(true);
    let expected = [
        r#"pattern: { "$.items[0].id": uuid }"#.to_owned(),
        r#"pattern: { "$.items[1].id": uuid }"#.to_owned(),
    ];
    assert_eq!((short(&some), rules(&some)), (vec![], expected.to_vec()));
}

#[test]
fn elements_made_of_noise_alone_are_still_elements() {
    let list = |from: usize| {
        let item = |at: usize| {
            let id = IDS[(from + at) % 6];
            format!(
                r#"{{"id":"{id}","at":{},"token":"{}"}}"#,
                17_952_990 + from * 7 + at,
                id.replace('-', "")
            )
        };
        format!(r#"{{"items":[{},{}]}}"#, item(0), item(1))
    };
    let lists: Vec<String> = (0..6).map(list).collect();
    let at = |from: usize| [&lists[from], &lists[from + 1], &lists[from + 2]].map(String::as_str);
    let found = sampled(at(0), at(3));
    assert_eq!(short(&found), [""; 0]);
    let short_list = lists[3].replace(r"},{", "}],\"more\":[{");
    let found = sampled(at(0), [&short_list; 3].map(String::as_str));
    assert!(
        short(&found).contains(&"$.items[1] missing-element breaking".to_owned()),
        "{:?}",
        short(&found)
    );
}

#[test]
fn what_comes_and_goes_and_what_is_shuffled_is_noise_only_on_both_sides() {
    let (with, without) = (r#"{"a":1,"hint":"x"}"#, r#"{"a":1}"#);
    assert_eq!(
        short(&sampled([with, without, with], [without, with, without])),
        [""; 0]
    );
    assert_eq!(
        short(&sampled([with, without, with], [without, without, without])),
        ["$.hint removed breaking"]
    );
    let (one, two, three) = (r#"{"l":[1,2,3]}"#, r#"{"l":[3,1,2]}"#, r#"{"l":[2,3,1]}"#);
    let found = sampled([one, two, three], [three, one, two]);
    assert_eq!(
        (short(&found), rules(&found)),
        (vec![], vec![r#"unordered: [ "$.l" ]"#.into()])
    );
    assert_eq!(
        short(&sampled([one, one, one], [three, one, two])),
        ["$.l order breaking"]
    );
    assert_eq!(
        short(&sampled(
            [one, two, three],
            [r#"{"l":[1,2]}"#, r#"{"l":[2,1]}"#, r#"{"l":[1,2]}"#]
        )),
        ["$.l[2] missing-element breaking"]
    );
}
