//! The page of defects is what the file of the double says.

use std::fmt::Write as _;

use cutover::mock::Double;

/// The table of the page.
fn table() -> String {
    let mut text =
        String::from("| defect | what is broken | row | found in |\n|---|---|---|---|\n");
    for defect in Double::embedded().unwrap().new.defects() {
        let mut found: Vec<String> = Vec::new();
        for finding in &defect.findings {
            let case = finding.case.strip_prefix("suites/api-cloud-to-choreo/");
            let case = format!("`{}`", case.unwrap().replace(".yaml::", "`: "));
            let case = case.strip_suffix('`').unwrap().to_owned();
            if !found.contains(&case) {
                found.push(case);
            }
        }
        let (name, about, row) = (&defect.name, &defect.about, &defect.feature);
        let found = found.join("; ");
        writeln!(text, "| `{name}` | {about} | `{row}` | {found} |").unwrap();
    }
    text
}

#[test]
fn the_page_has_every_defect_and_where_it_is_found() {
    let page = include_str!("../../docs/defects.md");
    let start = page.find("| defect |").unwrap();
    assert_eq!(
        &page[start..],
        table(),
        "put this table into docs/defects.md"
    );
}
