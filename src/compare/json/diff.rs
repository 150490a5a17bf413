//! Walks two documents side by side and says where they differ.

use super::hash::Hasher;
use super::number::{Decimal, Notation, notation};
use super::path::{Step, write};
use super::tree::{Id, ROOT, Tree, Type};
use crate::compare::ruled::Ruled;
use crate::compare::rules::Effects;
use crate::compare::{Comparison, Relation, Standing, Tolerance, words};
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// The walk.
pub(super) struct Diff<'t, 'a> {
    pub(super) trees: Pair<&'t Tree<'a>>,
    pub(super) ruled: &'t Ruled<'t>,
    pub(super) standing: &'t Standing,
    pub(super) hasher: Hasher<'t, 'a>,
    /// Whether the new document carries the old host anywhere.
    pub(super) leaky: bool,
    /// Whether ids are tied: equal ones are looked at then, too.
    pub(super) binds: bool,
    /// Whether elements that nothing else tells apart are paired by their index.
    pub(super) by_index: bool,
    pub(super) place: Pair<Vec<Step>>,
    pub(super) found: &'t mut Comparison,
}

/// The old and the new node of a difference; one of them may be missing.
pub(super) type Shown = Pair<Option<Id>>;

impl<'t, 'a> Diff<'t, 'a> {
    pub(super) fn new(
        trees: Pair<&'t Tree<'a>>,
        ruled: &'t Ruled<'t>,
        standing: &'t Standing,
        found: &'t mut Comparison,
    ) -> Self {
        Self {
            trees,
            ruled,
            standing,
            hasher: Hasher::new(trees, ruled, standing),
            leaky: standing.leaked(trees.new.text.as_bytes()).is_some(),
            binds: false,
            by_index: false,
            place: Pair::default(),
            found,
        }
    }

    /// Ties the values that `bind` names, equal ones too.
    pub(super) const fn binding(mut self) -> Self {
        self.binds = true;
        self
    }

    /// Pairs elements that nothing else tells apart by their index, if `yes`.
    pub(super) const fn by_index(mut self, yes: bool) -> Self {
        self.by_index = yes;
        self
    }

    /// Compares the whole documents.
    pub(super) fn run(&mut self) {
        self.visit(ROOT, ROOT);
    }

    pub(super) fn visit(&mut self, old: Id, new: Id) {
        let raw = Pair::new(self.trees.old.raw(old), self.trees.new.raw(new));
        let leaks = self.leaky && self.standing.leaked(raw.new.as_bytes()).is_some();
        if raw.old == raw.new && !leaks && !self.binds {
            return;
        }
        let effects = self.ruled.between(old, new);
        if effects.ignore {
            return;
        }
        let what = Pair::new(self.trees.old.what(old), self.trees.new.what(new));
        if what.old != what.new {
            self.retyped(old, new, what);
            return;
        }
        let any = effects.pattern.is_some_and(crate::compare::Pattern::is_any);
        match what.old {
            _ if any => {}
            Type::Object => self.members(old, new),
            Type::Array => self.elements(old, new, &effects),
            _ => self.scalar(old, new, &effects),
        }
    }

    fn retyped(&mut self, old: Id, new: Id, what: Pair<Type>) {
        if self.trees.new.what(new) == Type::Text && self.host_leak(Some(old), new) {
            return;
        }
        let (from, to) = (what.old.word(), what.new.word());
        let effect = words::retyped(what.old == Type::Null, what.new == Type::Null);
        let explain = format!("{from} became {to}: {effect}");
        self.push(
            Kind::Type,
            Severity::Breaking,
            explain,
            Pair::new(Some(old), Some(new)),
        );
        self.leaks_below(new);
    }

    fn scalar(&mut self, old: Id, new: Id, effects: &Effects<'_>) {
        let what = self.trees.new.what(new);
        let text = Pair::new(self.trees.old.shown(old), self.trees.new.shown(new));
        if what == Type::Text && self.host_leak(Some(old), new) {
            return;
        }
        let shown = Pair::new(Some(old), Some(new));
        if self.same(old, new, what) {
            if effects.bind {
                self.bound(text.as_ref().map(AsRef::as_ref), shown);
            }
            return;
        }
        let rewritten = effects.rewrite(&text.old, &mut self.found.used);
        let texts = Pair::new(rewritten.as_str(), text.new.as_ref());
        if texts.old == texts.new && !effects.rewrite.is_empty() {
            return;
        }
        if self.ruled_out(texts, effects, shown) {
            return;
        }
        if effects.bind {
            self.bound(texts, shown);
            return;
        }
        let path = write(&self.place.old);
        let relation = if texts.old == texts.new {
            // Only lone surrogates differ, which the texts for people cannot show.
            Relation::Different
        } else {
            self.standing.relation(texts, &path)
        };
        match relation {
            Relation::Same => {}
            Relation::Broken => self.broken_reference(shown),
            Relation::Different => {
                let (kind, severity, explain) = words::other_value(texts, what == Type::Number);
                self.push(kind, severity, explain, shown);
                self.advise_tolerance(texts, what);
            }
        }
    }

    /// Whether two values of one type are the same; another notation of a number is said.
    fn same(&mut self, old: Id, new: Id, what: Type) -> bool {
        if self.trees.old.raw(old) == self.trees.new.raw(new) {
            return true;
        }
        match what {
            Type::Text => self.trees.old.string(old) == self.trees.new.string(new),
            Type::Number => self.same_number(old, new),
            _ => false,
        }
    }

    /// Two ids that a `bind` rule names: each stands for the other and for no third.
    fn bound(&mut self, values: Pair<&str>, shown: Shown) {
        let path = write(&self.place.old);
        let relation = match self.standing.tied(values, &path) {
            Relation::Different => self.standing.relation(values, &path),
            known => known,
        };
        if relation == Relation::Broken {
            self.broken_reference(shown);
        } else {
            let values = values.map(str::to_owned);
            self.found.born.push((path, values));
        }
    }

    fn broken_reference(&mut self, shown: Shown) {
        let explain = words::BROKEN.to_owned();
        self.push(Kind::BrokenReference, Severity::Breaking, explain, shown);
    }

    /// Whether a pattern or a tolerance has the last word on two values; a form that only one of
    /// them has is said.
    fn ruled_out(&mut self, texts: Pair<&str>, effects: &Effects<'_>, shown: Shown) -> bool {
        if let Some(pattern) = effects.pattern {
            let fits = texts.map(|text| pattern.matches(text));
            if fits.old != fits.new {
                let explain = words::pattern(&pattern.what(), fits.old);
                self.push(Kind::Value, Severity::Breaking, explain, shown);
            }
            if fits.old || fits.new {
                return true;
            }
        }
        let tolerated = |rule: &Tolerance| rule.allows(texts.old, texts.new) == Some(true);
        effects.tolerance.is_some_and(tolerated)
    }

    fn advise_tolerance(&mut self, texts: Pair<&str>, what: Type) {
        let advice = match what {
            Type::Number => words::number_advice(texts),
            Type::Text => words::text_advice(texts),
            _ => None,
        };
        if self.standing.differ_in_short_ids(texts)
            && let Some(last) = self.found.differences.last_mut()
        {
            last.advice = Some(words::SHORT_ID.to_owned());
            return;
        }
        if let (Some(rule), Some(last)) = (advice, self.found.differences.last_mut()) {
            last.advice = Some(words::if_meant(&last.path, &rule));
        }
    }

    /// Whether two numbers have one value; another notation of it is said.
    fn same_number(&mut self, old: Id, new: Id) -> bool {
        let raw = Pair::new(self.trees.old.raw(old), self.trees.new.raw(new));
        match (Decimal::read(raw.old), Decimal::read(raw.new)) {
            (Some(old), Some(new)) if old == new => {}
            _ => return false,
        }
        let notation: Pair<Notation> = raw.map(notation);
        let (severity, explain) = if notation.old == notation.new {
            (
                Severity::Cosmetic,
                "the same number with other digits: only a client that compares text notices",
            )
        } else {
            (
                Severity::Risky,
                "the same number in another notation: typed clients that read an integer fail on a fraction or exponent",
            )
        };
        self.push(
            Kind::Format,
            severity,
            explain.to_owned(),
            Pair::new(Some(old), Some(new)),
        );
        true
    }

    /// Says that a new string carries the old host, if it does.
    pub(super) fn host_leak(&mut self, old: Option<Id>, new: Id) -> bool {
        if !self.leaky {
            return false;
        }
        let text = self.trees.new.shown(new);
        let Some(host) = self.standing.leaked(text.as_bytes()).map(str::to_owned) else {
            return false;
        };
        let shown = Pair::new(old, Some(new));
        self.push(
            Kind::HostLeak,
            Severity::Breaking,
            words::host_leak(&host),
            shown,
        );
        self.detail("host", host);
        true
    }

    /// Says every leak in a value that only the new side has.
    pub(super) fn leaks_below(&mut self, id: Id) {
        let tree = self.trees.new;
        if !self.leaky || self.standing.leaked(tree.raw(id).as_bytes()).is_none() {
            return;
        }
        if tree.what(id) == Type::Text {
            self.host_leak(None, id);
        }
        let array = tree.what(id) == Type::Array;
        for (at, child) in tree.children(id).enumerate() {
            let step = if array {
                Step::Index(at)
            } else {
                Step::Name(String::from_utf8_lossy(&tree.key(child)).into_owned())
            };
            self.place.old.push(step.clone());
            self.place.new.push(step);
            self.leaks_below(child);
            self.place.old.pop();
            self.place.new.pop();
        }
    }

    /// Adds a difference at the present place.
    pub(super) fn push(&mut self, kind: Kind, severity: Severity, explain: String, shown: Shown) {
        let old = shown
            .old
            .map_or(Observed::Absent, |id| Observed::raw(self.trees.old.raw(id)));
        let new = shown
            .new
            .map_or(Observed::Absent, |id| Observed::raw(self.trees.new.raw(id)));
        let difference =
            Difference::new(Where::Body, write(&self.place.old), kind, severity, explain)
                .new_path(write(&self.place.new))
                .showing(old, new);
        self.found.differences.push(difference);
    }

    /// Adds a number to the last difference.
    pub(super) fn detail(&mut self, name: &str, value: impl Into<serde_json::Value>) {
        if let Some(last) = self.found.differences.last_mut() {
            last.detail.insert(name.to_owned(), value.into());
        }
    }
}
