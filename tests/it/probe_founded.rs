//! What holds of every finding of a probe: it is of a check of the table.

use cutover::results::Results;
use cutover::token::catalogue;

/// Every difference of a probe is of a check of the table: its id, its section, its advice, and one of its weights.
pub(crate) fn founded(results: &Results) {
    for difference in results.cases.iter().flat_map(|case| &case.differences) {
        let id = difference.check.as_deref().unwrap_or_default();
        let check = catalogue::check(id).unwrap_or_else(|| panic!("no check: {difference:?}"));
        let rfc = difference.r#ref.as_deref().unwrap_or_default();
        assert_eq!(rfc, check.rfc, "{difference:?}");
        assert!(check.admits(difference.severity), "{difference:?}");
        let own = ["A33", "A36", "C11"].contains(&id) && difference.advice.is_some();
        assert!(
            own || difference.advice.as_deref() == Some(check.advice),
            "{difference:?}"
        );
    }
}
