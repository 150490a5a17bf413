//! The table is whole, and the page is made from it.

use std::collections::BTreeSet;

use super::*;

const PAGE: &str = include_str!("../../../docs/token-checks.md");

#[test]
fn the_page_is_made_from_the_table() {
    let rows: String = all().map(Check::row).collect();
    assert!(
        PAGE.ends_with(&rows),
        "docs/token-checks.md must end with\n{rows}"
    );
}

#[test]
fn every_check_has_an_id_of_its_own_and_something_to_do() {
    let ids: BTreeSet<&str> = all().map(|check| check.id).collect();
    assert_eq!(ids.len(), all().count());
    assert!(all().all(|check| !check.advice.is_empty() && !check.wants.is_empty()));
    assert_eq!(check("B29").map(|check| check.by), Some(By::Jwt));
    assert_eq!(check("B99"), None);
}
