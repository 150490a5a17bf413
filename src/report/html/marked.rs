//! [`Marked`]: a value with the part marked that the other side has otherwise.

use crate::escape;
use crate::pair::Pair;
use crate::report::words::whole;
use crate::results::{Difference, Observed, Where};

/// A value in three parts, the middle one being what changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Marked {
    /// Whether nothing stands there.
    pub(super) absent: bool,
    pub(super) before: String,
    pub(super) changed: String,
    pub(super) after: String,
    /// How long it was, where it is shortened.
    pub(super) note: String,
}

/// What each side showed.
pub(super) fn marked(item: &Difference) -> Pair<Marked> {
    let shown = |observed: &Observed| whole(item.r#where, observed).map(|text| visible(&text));
    let texts = Pair::new(shown(&item.old), shown(&item.new));
    let bytes = Pair::new(item.old_bytes, item.new_bytes);
    let is_expected = item.r#where == Where::Expect;
    let (start, end) = match (&texts.old, &texts.new) {
        // What only one side has is all change; what was expected is compared with what it says.
        (Some(old), Some(new)) if !is_expected => common(old, new),
        _ => (0, 0),
    };
    let mark = !is_expected && texts.old.is_some() && texts.new.is_some();
    texts.zip(bytes).map(|(text, bytes)| {
        let Some(text) = text else {
            return Marked {
                absent: true,
                ..Marked::default()
            };
        };
        let note = bytes.map(|bytes| format!("{bytes} bytes, shortened"));
        let note = note.unwrap_or_default();
        let all: Vec<char> = text.chars().collect();
        if !mark {
            return Marked {
                before: text,
                note,
                ..Marked::default()
            };
        }
        let part = |from: usize, to: usize| all.get(from..to).unwrap_or_default().iter().collect();
        let last = all.len().saturating_sub(end).max(start);
        Marked {
            absent: false,
            before: part(0, start),
            changed: part(start, last),
            after: part(last, all.len()),
            note,
        }
    })
}

/// Nothing in it acts, and blanks at its ends can be seen.
fn visible(text: &str) -> String {
    escape::line(text).into_owned()
}

/// Characters that two texts have in common at their start, and then at their end. Words and
/// numbers differ as a whole: of `405` and `404` nothing is common.
fn common(old: &str, new: &str) -> (usize, usize) {
    let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let pairs = old.iter().zip(&new);
    let start = pairs.take_while(|(a, b)| a == b).count();
    let room = old.len().min(new.len()) - start;
    let pairs = old.iter().rev().zip(new.iter().rev()).take(room);
    let end = pairs.take_while(|(a, b)| a == b).count();
    let inner = |all: &[char], at: usize| {
        let beside = [at.checked_sub(1), Some(at)];
        let beside = beside.map(|at| at.and_then(|at| all.get(at).copied()));
        beside.iter().all(|c| c.is_some_and(char::is_alphanumeric))
    };
    let torn = |at: usize| inner(&old, at) || inner(&new, at);
    let start = (0..=start).rev().find(|at| !torn(*at)).unwrap_or(0);
    let cut = |end: usize| inner(&old, old.len() - end) || inner(&new, new.len() - end);
    let end = (0..=end).rev().find(|end| !cut(*end)).unwrap_or(0);
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::{Kind, Severity};

    fn parts(r#where: Where, old: Observed, new: Observed) -> [String; 2] {
        let item = Difference::new(r#where, "$.a", Kind::Value, Severity::Breaking, "");
        let Pair { old, new } = marked(&item.showing(old, new));
        [old, new].map(|m| format!("{}[{}]{}", m.before, m.changed, m.after))
    }

    #[test]
    fn only_what_changed_is_marked() {
        let text = Observed::text;
        assert_eq!(
            parts(
                Where::Header,
                text("https://old.example.com/a"),
                text("https://new.example.dev/a")
            ),
            ["https://[old.example.com]/a", "https://[new.example.dev]/a"]
        );
        assert_eq!(
            parts(Where::Body, Observed::raw("6.25"), text("6.25")),
            ["[6.25]", "[\"6.25\"]"]
        );
        assert_eq!(
            parts(Where::Status, Observed::raw("405"), Observed::raw("404")),
            ["[405]", "[404]"]
        );
        assert_eq!(
            parts(Where::Header, text("a, a, b"), text("a, b")),
            ["a, [a, ]b", "a, []b"]
        );
        let item = Difference::new(Where::Body, "$.a", Kind::Removed, Severity::Breaking, "");
        let sides = marked(&item.showing(Observed::raw("null"), Observed::Absent));
        assert!(sides.new.absent && sides.old.before == "null" && sides.old.changed.is_empty());
    }
}
