//! [`Progress`]: how far a run is, on standard error.

use std::fmt;
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::at_work::AtWork;
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
    work: AtWork,
    width: usize,
}

/// How often the time that is left is told anew.
const TICK: Duration = Duration::from_millis(250);
/// The bar, how many failed, and the time that is left; below it what is at work.
///
/// The rest of the first line takes up to 42 columns with a hundred thousand cases: the bar has what is left.
const fn lines(width: usize) -> &'static str {
    match width {
        ..54 => "{pos}/{len}  {msg}{left}\n{work}",
        54..80 => "{bar:10} {pos}/{len}  {msg}{left}\n{work}",
        _ => "{bar:20} {pos}/{len}  {msg}{left}\n{work}",
    }
}

impl Progress {
    /// Shows progress in a way, in so many columns.
    pub fn new(mode: ProgressMode, width: usize) -> Self {
        Self {
            mode,
            work: AtWork::default(),
            width,
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
            if let Ok(style) = ProgressStyle::with_template(lines(self.width)) {
                let (work, width) = (self.work.clone(), self.width);
                let told = move |_: &ProgressState, out: &mut dyn fmt::Write| {
                    // A line that cannot be written is seen by nobody.
                    let _ = out.write_str(&work.told(width));
                };
                self.bar
                    .set_style(style.with_key("work", told).with_key("left", left));
            }
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.bar.enable_steady_tick(TICK);
        }
    }

    /// A case has begun.
    pub fn began(&self, id: &str) {
        if self.mode == ProgressMode::Bar {
            self.work.began(id);
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
                self.work.ended(&case.id);
                self.bar.inc(1);
                if has_failed {
                    let failed = self.failed.fetch_add(1, Ordering::Relaxed) + 1;
                    self.bar.println(shortened(&brief(case), self.width));
                    self.bar.set_message(format!("{failed} failed, "));
                }
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

/// `12s left`. Before the first case has ended nothing is known of it.
fn left(state: &ProgressState, out: &mut dyn fmt::Write) {
    if state.pos() > 0 {
        // A line that cannot be written is seen by nobody.
        let _ = write!(out, "{:#} left", HumanDuration(state.eta()));
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

/// A line of at most so many characters: what is in the middle says least.
fn shortened(text: &str, width: usize) -> String {
    let all: Vec<char> = text.chars().collect();
    if all.len() <= width {
        return text.to_owned();
    }
    // The verdict stands in the first 14.
    let behind = width.saturating_sub(15).min(all.len());
    let (start, end) = (&all[..14.min(width)], &all[all.len() - behind..]);
    start
        .iter()
        .chain(['…'].iter().filter(|_| width > 14))
        .chain(end)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_keeps_its_verdict_and_its_end() {
        let text = "different     suites/orders.yaml::a case with a long name (timeout)";
        assert_eq!(
            shortened(text, 40),
            "different     …ith a long name (timeout)"
        );
        assert_eq!(shortened(text, 100), text);
        for width in 0..80 {
            assert!(shortened(text, width).chars().count() <= width, "{width}");
        }
    }
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
