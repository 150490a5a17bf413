//! [`Form`]: what values that vary *are*, and when two sides' values are not the same thing.

use super::times;
use super::words as say;
use crate::compare::{Pattern, time};
use crate::pair::Pair;
use crate::results::{Kind, Severity};

/// Shortest text of letters and digits that no two things have by chance.
const LONG: usize = 10;
/// Digits from which a number is an id rather than an amount.
const ID_DIGITS: usize = 6;
/// Fewest characters, of all values of a side, that tell which alphabet they are from.
const ENOUGH: usize = 40;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Bool,
    Uuid,
    Moment,
    HttpDate,
    Day,
    Jwt,
    Seconds,
    Milliseconds,
    Integer,
    Decimal,
    Hex,
    Text,
}

/// The values of one side at one place, and what they all are.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Form {
    pub(super) class: Class,
    texts: Vec<String>,
}

/// How two forms differ.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    pub(super) kind: Kind,
    pub(super) severity: Severity,
    pub(super) explain: String,
}

impl Change {
    pub(super) fn value(explain: String) -> Self {
        Self {
            kind: Kind::Value,
            severity: Severity::Breaking,
            explain,
        }
    }

    fn format(explain: String) -> Self {
        Self {
            kind: Kind::Format,
            severity: Severity::Risky,
            explain,
        }
    }
}

impl Class {
    /// Whether a text is of this class. What is near to what counts for times in numbers, which
    /// [`Form::of`] sees to.
    fn takes(self, text: &str) -> bool {
        let named = |name: &str| Pattern::named(name).is_some_and(|form| form.matches(text));
        match self {
            Self::Bool => matches!(text, "true" | "false"),
            Self::Uuid => named("uuid"),
            Self::Moment => named("timestamp"),
            Self::HttpDate => text.contains(',') && time::http_date(text).is_some(),
            Self::Day => named("date"),
            // Two dots alone are in host names and versions too.
            Self::Jwt => text.starts_with("eyJ") && named("jwt"),
            Self::Integer | Self::Seconds | Self::Milliseconds => named("integer"),
            Self::Decimal => named("number"),
            Self::Hex => {
                let cases = [u8::is_ascii_uppercase, u8::is_ascii_lowercase];
                let mixed = cases
                    .iter()
                    .all(|case| text.bytes().any(|byte| case(&byte)));
                text.len() >= 8 && !mixed && named("hex")
            }
            Self::Text => true,
        }
    }
}

impl Form {
    /// What values of one side are; none where there are no scalars among them.
    pub(super) fn of(texts: Vec<String>) -> Option<Self> {
        if texts.is_empty() {
            return None;
        }
        let all = |class: &Class| texts.iter().all(|text| class.takes(text));
        let classes = [
            Class::Bool,
            Class::Uuid,
            Class::Moment,
            Class::HttpDate,
            Class::Day,
            Class::Jwt,
            Class::Integer,
            Class::Decimal,
            Class::Hex,
        ];
        let class = classes.into_iter().find(all).unwrap_or(Class::Text);
        let class = match class {
            Class::Integer => times::unit(&texts).unwrap_or(Class::Integer),
            class => class,
        };
        Some(Self { class, texts })
    }

    /// Whether the values are names of things: no two things have the same by chance.
    pub(super) fn is_id(&self) -> bool {
        match self.class {
            Class::Uuid | Class::Jwt => true,
            Class::Integer => self.texts.iter().all(|text| text.len() >= ID_DIGITS),
            Class::Hex | Class::Text => self.texts.iter().all(|text| {
                let words = text.split(|sign: char| !sign.is_ascii_alphanumeric());
                let long = |word: &str| {
                    let digits = word.bytes().any(|byte| byte.is_ascii_digit());
                    word.len() >= 2 * LONG || digits && word.len() >= LONG
                };
                !text.contains(' ') && words.into_iter().any(long)
            }),
            _ => false,
        }
    }

    /// Whether the values rise or fall with every answer, as a counter does. Two values always do.
    fn counts(&self) -> bool {
        let numbers: Option<Vec<i128>> = self.texts.iter().map(|text| text.parse().ok()).collect();
        numbers.is_some_and(|numbers| {
            let rises = |pair: &[i128]| matches!(pair, [a, b] if a < b);
            let falls = |pair: &[i128]| matches!(pair, [a, b] if a > b);
            numbers.len() > 2 && (numbers.windows(2).all(rises) || numbers.windows(2).all(falls))
        })
    }

    /// Whether values that are made like these could have stayed the same in all answers of the
    /// other side, which showed `constant` each time.
    pub(super) fn could_be(&self, constant: &str) -> bool {
        let like = Self::of(vec![constant.to_owned()]);
        match self.class {
            Class::Bool => like.is_some_and(|like| like.class == Class::Bool),
            Class::Moment | Class::HttpDate | Class::Seconds | Class::Milliseconds => {
                times::within_a_tick(&self.texts, constant)
            }
            _ if self.is_id() || self.counts() => false,
            Class::Integer => constant.len() < ID_DIGITS && Class::Integer.takes(constant),
            Class::Decimal => false,
            _ => self.texts.iter().any(|text| text == constant),
        }
    }

    /// Whether a leaf that has this text in every answer may be one of them all the same: its
    /// neighbours in a list vary, and it could have been the same by chance.
    pub(super) fn could_include(&self, constant: &str) -> bool {
        match self.class {
            Class::Bool => Class::Bool.takes(constant),
            Class::Integer => {
                let small = |text: &str| text.len() < ID_DIGITS;
                small(constant)
                    && Class::Integer.takes(constant)
                    && self.texts.iter().all(|text| small(text))
                    && !self.counts()
            }
            Class::Moment | Class::HttpDate | Class::Seconds | Class::Milliseconds => {
                times::within_a_tick(&self.texts, constant)
            }
            _ => false,
        }
    }

    /// How the values of the new side are another thing than those of the old, if they are.
    pub(super) fn change(forms: Pair<&Self>) -> Option<Change> {
        let classes = forms.map(|form| form.class);
        if let Some(change) = times::apart(forms.map(|form| form.texts.as_slice()), classes) {
            return Some(change);
        }
        if classes.old != classes.new {
            return Self::other_class(forms);
        }
        match classes.old {
            Class::Uuid | Class::Hex => other_case(forms).or_else(|| other_length(forms)),
            Class::Moment => times::notation(forms.map(|form| form.texts.as_slice())),
            Class::Text => super::shape::change(forms.map(|form| form.texts.as_slice())),
            _ => None,
        }
    }

    fn other_class(forms: Pair<&Self>) -> Option<Change> {
        let classes = forms.map(|form| form.class);
        let whole = |class| matches!(class, Class::Integer | Class::Seconds | Class::Milliseconds);
        if whole(classes.old) && whole(classes.new) {
            let times = classes.old != Class::Integer && classes.new != Class::Integer;
            return times.then(|| Change::value(say::other_class(classes)));
        }
        let digits = |class| whole(class) || class == Class::Hex;
        if digits(classes.old) && digits(classes.new) {
            return other_length(forms);
        }
        if classes.old == Class::Text || classes.new == Class::Text {
            // What is text may be of the class, too, now and then.
            let (text, class) = match classes.new {
                Class::Text => (forms.new, classes.old),
                _ => (forms.old, classes.new),
            };
            if text.texts.iter().any(|text| class.takes(text)) {
                return None;
            }
        }
        let format = whole(classes.old) && classes.new == Class::Decimal
            || classes.old == Class::Decimal && whole(classes.new);
        let explain = say::other_class(classes);
        Some(if format {
            Change::format(explain)
        } else {
            Change::value(explain)
        })
    }

    /// The pattern that all values of both sides have, as a rule has it, quotes and all.
    pub(super) fn pattern(forms: Pair<&Self>) -> String {
        let texts: Vec<&str> = [forms.old, forms.new]
            .into_iter()
            .flat_map(|form| form.texts.iter().map(String::as_str))
            .collect();
        let fits = |name: &&str| {
            let pattern = Pattern::named(name);
            pattern.is_some_and(|pattern| texts.iter().all(|text| pattern.matches(text)))
        };
        let names = ["uuid", "timestamp", "date", "integer", "number"];
        if let Some(name) = names.iter().find(|name| fits(name)) {
            return (*name).to_owned();
        }
        let class = |class: Class| forms.old.class == class && forms.new.class == class;
        if class(Class::Jwt) {
            return "jwt".to_owned();
        }
        if class(Class::Hex)
            && forms.old.texts.first().map(String::len) != forms.new.texts.first().map(String::len)
        {
            return "hex".to_owned();
        }
        let regex = super::shape::regex(&texts);
        let sound = |regex: &String| {
            regex::Regex::new(regex)
                .is_ok_and(|regex| texts.iter().all(|text| regex.is_match(text)))
        };
        match regex.filter(sound) {
            Some(regex) => serde_json::Value::from(format!("/{regex}/")).to_string(),
            None => "any".to_owned(),
        }
    }
}

/// Letters of the other case.
fn other_case(forms: Pair<&Form>) -> Option<Change> {
    let has = |form: &Form, case: fn(&u8) -> bool| {
        form.texts
            .iter()
            .any(|text| text.bytes().any(|byte| case(&byte)))
    };
    let upper = forms.map(|form| has(form, u8::is_ascii_uppercase));
    let lower = forms.map(|form| has(form, u8::is_ascii_lowercase));
    let turned = upper.old != upper.new && lower.old != lower.new;
    turned.then(|| Change::format(say::OTHER_CASE.to_owned()))
}

/// Another length, where it is the same for all values of each side.
fn other_length(forms: Pair<&Form>) -> Option<Change> {
    length_changed(forms.map(|form| form.texts.as_slice()))
}

pub(super) fn length_changed(texts: Pair<&[String]>) -> Option<Change> {
    let lengths = texts.map(|texts| {
        let mut lengths = texts.iter().map(|text| text.chars().count());
        let first = lengths.next()?;
        lengths.all(|length| length == first).then_some(first)
    });
    let lengths = lengths.transpose()?;
    let differ = lengths.old != lengths.new && lengths.old.max(lengths.new) >= LONG;
    differ.then(|| Change {
        kind: Kind::Length,
        severity: Severity::Risky,
        explain: say::other_length(lengths),
    })
}

/// Another alphabet, where there is enough to tell.
pub(super) fn alphabet_changed(texts: Pair<&[String]>) -> Option<Change> {
    let long = |texts: &[String]| texts.iter().map(String::len).sum::<usize>() >= ENOUGH;
    if !(long(texts.old) && long(texts.new)) {
        return None;
    }
    let sorts = texts.map(|texts| {
        let any = |sort: fn(&u8) -> bool| {
            texts
                .iter()
                .any(|text| text.bytes().any(|byte| sort(&byte)))
        };
        [
            (any(u8::is_ascii_uppercase), "capital letters"),
            (any(u8::is_ascii_lowercase), "small letters"),
            (any(u8::is_ascii_digit), "digits"),
        ]
    });
    if sorts.old == sorts.new {
        return None;
    }
    let words = sorts.map(|sorts| {
        let there = sorts.iter().filter(|(there, _)| *there);
        there.map(|(_, word)| *word).collect::<Vec<_>>().join(", ")
    });
    Some(Change::format(say::other_alphabet(words)))
}

pub(super) fn format_changed(explain: String) -> Change {
    Change::format(explain)
}
