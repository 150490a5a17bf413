//! [`Pack`]: the shipped suites that a demo runs.

use std::collections::BTreeSet;

use crate::mock::DefectInfo;
use crate::plural::plural;
use crate::shipped;

/// The folder of the quick pack, as the ids of its cases have it.
const QUICK: &str = "/quick/";

/// The suites of a demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pack {
    /// The quick pack, over plain TCP.
    Quick,
    /// Every suite, over plain TCP and over TLS.
    Whole,
    /// The suites that see a defect which the quick pack does not, over plain TCP and over TLS.
    Seeing {
        /// The name of the defect.
        defect: String,
        /// The paths of the suites, as their case ids begin.
        suites: BTreeSet<String>,
    },
}

impl Pack {
    /// The pack for what is asked. A name that is no defect's is refused where the doubles start.
    pub(super) fn of(all: bool, defect: Option<&str>, known: &[DefectInfo]) -> Self {
        if all {
            return Self::Whole;
        }
        let defect = defect.and_then(|name| known.iter().find(|defect| defect.name == name));
        let Some(defect) = defect else {
            return Self::Quick;
        };
        let cases = || defect.findings.iter().map(|finding| finding.case.as_str());
        if cases().all(|case| case.contains(QUICK)) {
            return Self::Quick;
        }
        let suites = cases().filter_map(|case| case.split_once("::"));
        Self::Seeing {
            defect: defect.name.clone(),
            suites: suites.map(|(suite, _)| suite.to_owned()).collect(),
        }
    }

    /// Whether it goes over TLS too.
    pub(super) fn by_both_ways(&self) -> bool {
        *self != Self::Quick
    }

    /// Its suites: path and text of each.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let all = shipped::suites(self.by_both_ways());
        all.filter(move |(path, _)| match self {
            Self::Quick | Self::Whole => true,
            Self::Seeing { suites, .. } => suites.contains(*path),
        })
    }

    /// What is said where the suites are others than those that were asked for.
    pub(super) fn said(&self) -> Option<String> {
        let Self::Seeing { defect, suites } = self else {
            return None;
        };
        let seeing = match suites.len() {
            1 => "the suite that sees it".to_owned(),
            count => format!("the {} that see it", plural(count, "suite")),
        };
        Some(format!(
            "the quick pack does not see {defect}: running {seeing}; --all runs every suite"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::Double;

    #[test]
    fn every_defect_is_looked_for_where_it_is_found() {
        let defects = Double::embedded().unwrap().new.defects();
        let mut wider = 0;
        for defect in &defects {
            let pack = Pack::of(false, Some(&defect.name), &defects);
            let run: BTreeSet<&str> = pack.texts().map(|(path, _)| path).collect();
            for finding in &defect.findings {
                let suite = finding.case.split("::").next().unwrap();
                assert!(run.contains(suite), "{}: {suite}", defect.name);
            }
            assert_eq!(pack.by_both_ways(), pack.said().is_some());
            wider += usize::from(pack.by_both_ways());
        }
        assert!(wider > 20, "{wider}");
        assert!(wider < defects.len());
    }

    #[test]
    fn what_is_asked_for_is_run() {
        let defects = Double::embedded().unwrap().new.defects();
        assert_eq!(Pack::of(false, None, &defects), Pack::Quick);
        assert_eq!(Pack::of(false, Some("nothing"), &defects), Pack::Quick);
        let whole = Pack::of(true, Some("no-refresh-token"), &defects);
        assert_eq!((&whole, whole.said()), (&Pack::Whole, None));
        let every = shipped::suites(true).count();
        assert_eq!(whole.texts().count(), every);
        let some = Pack::of(false, Some("no-refresh-token"), &defects);
        assert_eq!(some.texts().count(), 3);
        assert_eq!(
            some.said().unwrap(),
            "the quick pack does not see no-refresh-token: running the 3 suites that see it; --all runs every suite"
        );
    }
}
