//! [`AtWork`]: which cases have begun and not ended, as a line.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::escape::line;

/// The cases at work, oldest first. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct AtWork {
    cases: Arc<Mutex<Vec<(String, Instant)>>>,
}

impl AtWork {
    /// A case has begun.
    pub(super) fn began(&self, id: &str) {
        let mut cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        cases.push((id.to_owned(), Instant::now()));
    }

    /// A case has ended.
    pub(super) fn ended(&self, id: &str) {
        let mut cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = cases.iter().position(|(other, _)| other == id) {
            cases.remove(at);
        }
    }

    /// What is at work, in at most so many characters.
    pub(super) fn told(&self, width: usize) -> String {
        let cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = cases.first();
        oldest.map_or_else(String::new, |(id, since)| {
            text(cases.len(), since.elapsed(), id, width)
        })
    }
}

/// `8 at work, longest 12 s: …ders.yaml::list orders`: the end of an id says most.
fn text(count: usize, longest: Duration, id: &str, width: usize) -> String {
    let lead = format!("{count} at work, longest {} s: ", longest.as_secs());
    let id: Vec<char> = line(id).chars().collect();
    let room = width.saturating_sub(lead.chars().count());
    let from = id.len().saturating_sub(room.saturating_sub(1));
    let id: String = match id.get(from..) {
        Some(end) if id.len() > room => format!("…{}", end.iter().collect::<String>()),
        _ => id.iter().collect(),
    };
    lead.chars()
        .take(width)
        .chain(id.chars())
        .take(width)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_an_id_is_kept() {
        let id = "suites/orders.yaml::list \u{1b}orders";
        let told = |width| text(8, Duration::from_millis(12_900), id, width);
        assert_eq!(
            told(80),
            "8 at work, longest 12 s: suites/orders.yaml::list \\u{1b}orders"
        );
        assert_eq!(told(40), "8 at work, longest 12 s: …t \\u{1b}orders");
        for width in 0..90 {
            assert!(told(width).chars().count() <= width, "{width}");
        }
    }

    #[test]
    fn what_has_ended_is_not_at_work() {
        let work = AtWork::default();
        assert_eq!(work.told(40), "");
        work.began("a");
        work.began("b");
        work.ended("a");
        assert_eq!(work.told(40), "1 at work, longest 0 s: b");
        work.ended("b");
        assert_eq!(work.told(40), "");
    }
}
