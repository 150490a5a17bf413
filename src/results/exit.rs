//! [`exit_code`]: verdicts to the exit code of `run`, `demo`, `client` and `report`.

use super::run::Summary;

/// What the exit code depends on beside the verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Whether every planned case has a result and the run came to its end.
    pub complete: bool,
    /// Whether the run came to its own end, be it early; false where it was killed.
    pub ended: bool,
    /// Cases that were withheld: writes or probes without their keys, and what needs them.
    pub withheld: usize,
    /// Whether this is an empty shard of a plan that is not empty.
    pub empty_shard: bool,
    /// Whether `--strict` was given.
    pub strict: bool,
}

/// The exit code of finished work. Bad input (2) and signals (130, 143) are not decided here.
///
/// - 3 when the run was killed, whatever its verdicts: what is missing could be worse;
/// - 1 when a case is `different`;
/// - 3 when a case is `inconclusive`, or the run ended early;
/// - 0 for an empty shard, else 4 when no case is `same` or `accepted`;
/// - 3 when something was withheld under `--strict`;
/// - 0 otherwise.
pub const fn exit_code(summary: &Summary, outcome: Outcome) -> u8 {
    if !outcome.ended {
        3
    } else if summary.different > 0 {
        1
    } else if summary.inconclusive > 0 || !outcome.complete {
        3
    } else if summary.cases == 0 && outcome.empty_shard {
        0
    } else if summary.same + summary.accepted == 0 {
        4
    } else if outcome.strict && outcome.withheld > 0 {
        3
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DONE: Outcome = Outcome {
        complete: true,
        ended: true,
        withheld: 0,
        empty_shard: false,
        strict: false,
    };

    fn summary(counts: [usize; 5]) -> Summary {
        let [same, accepted, different, inconclusive, skipped] = counts;
        Summary {
            cases: counts.iter().sum(),
            same,
            accepted,
            different,
            inconclusive,
            skipped,
        }
    }

    #[test]
    fn each_row_of_the_table() {
        assert_eq!(exit_code(&summary([1, 0, 0, 0, 3]), DONE), 0);
        assert_eq!(exit_code(&summary([0, 1, 0, 0, 0]), DONE), 0);
        assert_eq!(exit_code(&summary([5, 0, 1, 1, 0]), DONE), 1);
        assert_eq!(exit_code(&summary([5, 0, 0, 1, 0]), DONE), 3);
        assert_eq!(exit_code(&summary([0, 0, 0, 0, 4]), DONE), 4);
        assert_eq!(exit_code(&summary([0; 5]), DONE), 4);
    }

    #[test]
    fn what_is_missing_weighs_more_than_what_was_found() {
        let torn = Outcome {
            complete: false,
            ended: false,
            ..DONE
        };
        for counts in [[5, 0, 0, 0, 0], [5, 0, 1, 0, 0], [0; 5]] {
            assert_eq!(exit_code(&summary(counts), torn), 3);
        }
        // A run that ended early, as `--fail-fast` does, has its answer.
        let early = Outcome {
            ended: true,
            ..torn
        };
        assert_eq!(exit_code(&summary([5, 0, 1, 0, 0]), early), 1);
        assert_eq!(exit_code(&summary([5, 0, 0, 0, 0]), early), 3);
    }

    #[test]
    fn withheld_cases_count_under_strict_and_an_empty_shard_is_no_failure() {
        let strict = Outcome {
            withheld: 2,
            strict: true,
            ..DONE
        };
        let lax = Outcome {
            strict: false,
            ..strict
        };
        assert_eq!(exit_code(&summary([3, 0, 0, 0, 2]), strict), 3);
        assert_eq!(exit_code(&summary([3, 0, 0, 0, 2]), lax), 0);
        let shard = Outcome {
            empty_shard: true,
            ..DONE
        };
        assert_eq!(exit_code(&summary([0; 5]), shard), 0);
        assert_eq!(exit_code(&summary([0, 0, 0, 0, 1]), shard), 4);
    }
}
