//! [`Progress`]: how far a run is, on standard error.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::escape::line;
use crate::results::{CaseResult, Verdict};

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressMode {
    /// A bar, and a line for each failure above it. Nothing is drawn where standard error is no
    /// terminal.
    Bar,
    /// A line for each case, as CI logs want it.
    Lines,
    /// Not at all.
    Silent,
}

/// Shows how far a run is. All workers share one.
#[derive(Debug)]
pub struct Progress {
    mode: ProgressMode,
    bar: ProgressBar,
    planned: AtomicUsize,
    done: AtomicUsize,
    failed: AtomicUsize,
}

impl Progress {
    /// Shows progress in a way.
    pub fn new(mode: ProgressMode) -> Self {
        Self {
            mode,
            bar: ProgressBar::hidden(),
            planned: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            failed: AtomicUsize::new(0),
        }
    }

    /// The run starts with so many cases.
    pub fn started(&self, planned: usize) {
        self.planned.store(planned, Ordering::Relaxed);
        if self.mode == ProgressMode::Bar {
            self.bar.set_length(planned as u64);
            if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}") {
                self.bar.set_style(style);
            }
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// A case has its verdict.
    pub fn case(&self, case: &CaseResult) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let has_failed = matches!(case.verdict, Verdict::Different | Verdict::Inconclusive);
        match self.mode {
            ProgressMode::Silent => {}
            ProgressMode::Lines => {
                let planned = self.planned.load(Ordering::Relaxed);
                let mut line = case_line(case, done, planned);
                line.push('\n');
                // One write: a line stays whole, and other workers wait for no more than that.
                // Progress that cannot be written is no reason to stop.
                let _ = io::stderr().lock().write_all(line.as_bytes());
            }
            ProgressMode::Bar => {
                if has_failed {
                    let failed = self.failed.fetch_add(1, Ordering::Relaxed) + 1;
                    self.bar.println(brief(case));
                    self.bar.set_message(format!("{failed} failed"));
                }
                self.bar.inc(1);
            }
        }
    }

    /// The run is over: the bar goes away.
    pub fn finished(&self) {
        if self.mode == ProgressMode::Bar {
            self.bar.finish_and_clear();
        }
    }
}

/// `[ 7/25] different     suites/orders.yaml::list orders`.
fn case_line(case: &CaseResult, done: usize, planned: usize) -> String {
    let width = planned.to_string().len();
    format!("[{done:>width$}/{planned}] {}", brief(case))
}

fn brief(case: &CaseResult) -> String {
    let reason = case.reason.map(|reason| format!(" ({reason})"));
    let reason = reason.unwrap_or_default();
    format!("{:<12}  {}{reason}", case.verdict.word(), line(&case.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::{CaseType, Reason};

    #[test]
    fn a_line_names_the_case_and_nothing_in_it_acts() {
        let case = CaseResult {
            id: "a.yaml::x\u{1b}[2J".into(),
            r#type: CaseType::Request,
            line: 1,
            suite: "A".into(),
            case: "x".into(),
            feature: None,
            verdict: Verdict::Inconclusive,
            reason: Some(Reason::Timeout),
            note: None,
            differences: Vec::new(),
            old: None,
            new: None,
        };
        assert_eq!(
            case_line(&case, 7, 25),
            "[ 7/25] inconclusive  a.yaml::x\\u{1b}[2J (timeout)"
        );
    }
}
