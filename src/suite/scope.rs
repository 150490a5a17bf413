//! [`CaseScope`]: what the placeholders of a case stand for on one side.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::BTreeMap;

use super::rows::Table;
use crate::config::VarDoc;
use crate::pair::Side;
use crate::source::Entries;
use crate::template::{Scalar, Scope};

/// Values from outside the suites, strongest first.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// `--var NAME=VALUE`.
    pub options: BTreeMap<String, String>,
    /// `CUTOVER_VAR_NAME`.
    pub environment: BTreeMap<String, String>,
    /// `vars` of the pair file, those of the environment merged in.
    pub pair: Entries<VarDoc>,
}

impl Given {
    /// The value of a name on a side.
    pub fn get(&self, name: &str, side: Side) -> Option<Cow<'_, Scalar>> {
        let text = self
            .options
            .get(name)
            .or_else(|| self.environment.get(name));
        match text {
            Some(text) => Some(Cow::Owned(Scalar::Text(text.clone()))),
            None => self.pair.get(name)?.on(side).map(Cow::Borrowed),
        }
    }
}

/// What is the same for a case on both sides.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// The run's id.
    pub id: &'a str,
    /// The time at which the case began, RFC 3339; read where somebody asks for it.
    pub now: &'a LazyCell<String>,
}

/// The values of one case on one side.
#[derive(Debug)]
pub struct CaseScope<'a> {
    /// The side.
    pub side: Side,
    /// The run.
    pub run: Run<'a>,
    /// A UUID of its own for the case and side; made where somebody asks for it.
    pub uuid: &'a LazyCell<String>,
    /// The row, if the case has rows.
    pub row: Option<(&'a Table, usize)>,
    /// What the chain captured on this side.
    pub captured: &'a BTreeMap<String, String>,
    /// Values from outside.
    pub given: &'a Given,
    /// The suite's own values.
    pub suite: &'a Entries<VarDoc>,
}

impl Scope for CaseScope<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Scalar>> {
        let text = |text: &str| Some(Cow::Owned(Scalar::Text(text.to_owned())));
        match name {
            "side" => return text(self.side.word()),
            "run.id" => return text(self.run.id),
            "uuid" => return text(self.uuid),
            "now" => return text(self.run.now),
            _ => {}
        }
        if let Some(value) = self.row.and_then(|(table, row)| table.get(row, name)) {
            return Some(Cow::Borrowed(value));
        }
        if let Some(value) = self.captured.get(name) {
            return text(value);
        }
        if let Some(value) = self.given.get(name, self.side) {
            return Some(value);
        }
        self.suite.get(name)?.on(self.side).map(Cow::Borrowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pair::Pair;
    use crate::source::{Span, Spanned};

    fn vars(value: &str) -> Entries<VarDoc> {
        let value = VarDoc::Given(Pair::both(Scalar::Text(value.into())));
        Entries(vec![(Spanned::new("v".into(), Span::default()), value)])
    }

    #[test]
    fn the_nearest_value_wins() {
        let mut given = Given::default();
        let mut captured = BTreeMap::new();
        let suite = vars("suite");
        let get = |given: &Given, captured: &BTreeMap<String, String>| {
            let nothing: fn() -> String = String::new;
            let (now, uuid) = (LazyCell::new(nothing), LazyCell::new(nothing));
            let run = Run { id: "r", now: &now };
            let scope = CaseScope {
                side: Side::New,
                run,
                uuid: &uuid,
                row: None,
                captured,
                given,
                suite: &suite,
            };
            scope.get("v").map(|value| value.as_text().to_owned())
        };
        assert_eq!(get(&given, &captured).as_deref(), Some("suite"));
        given.pair = vars("pair");
        assert_eq!(get(&given, &captured).as_deref(), Some("pair"));
        given.environment.insert("v".into(), "environment".into());
        assert_eq!(get(&given, &captured).as_deref(), Some("environment"));
        given.options.insert("v".into(), "option".into());
        assert_eq!(get(&given, &captured).as_deref(), Some("option"));
        captured.insert("v".into(), "captured".into());
        assert_eq!(get(&given, &captured).as_deref(), Some("captured"));
    }
}
