//! Walks two documents side by side and says where they differ.

use std::collections::HashMap;

use super::hash::Hasher;
use super::number::{Decimal, Notation, notation};
use super::path::{Step, write};
use super::ruled::Ruled;
use super::tree::{Id, ROOT, Tree, Type};
use crate::compare::rules::Effects;
use crate::compare::{Comparison, Relation, Standing, words};
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// The walk.
pub(super) struct Diff<'t, 'a> {
    pub(super) trees: Pair<&'t Tree<'a>>,
    pub(super) ruled: &'t Ruled<'t>,
    pub(super) standing: &'t Standing,
    pub(super) hasher: Hasher<'t, 'a>,
    /// Whether the new document carries the old host anywhere.
    pub(super) leaky: bool,
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
            place: Pair::default(),
            found,
        }
    }

    /// Compares the whole documents.
    pub(super) fn run(&mut self) {
        self.visit(ROOT, ROOT);
    }

    pub(super) fn visit(&mut self, old: Id, new: Id) {
        let raw = Pair::new(self.trees.old.raw(old), self.trees.new.raw(new));
        let leaks = self.leaky && self.standing.leaked(raw.new.as_bytes()).is_some();
        if raw.old == raw.new && !leaks {
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

    #[expect(
        clippy::too_many_lines,
        reason = "one arm for each pair of scalar types"
    )]
    fn scalar(&mut self, old: Id, new: Id, effects: &Effects<'_>) {
        let what = self.trees.new.what(new);
        let text = Pair::new(self.trees.old.shown(old), self.trees.new.shown(new));
        if what == Type::Text && self.host_leak(Some(old), new) {
            return;
        }
        if what == Type::Text && self.trees.old.string(old) == self.trees.new.string(new) {
            return;
        }
        if what == Type::Number && self.same_number(old, new) {
            return;
        }
        let rewritten = effects.rewritten(&text.old);
        let texts = Pair::new(rewritten.as_str(), text.new.as_ref());
        if texts.old == texts.new && !effects.rewrite.is_empty() {
            return;
        }
        let shown = Pair::new(Some(old), Some(new));
        if let Some(pattern) = effects.pattern {
            let fits = texts.map(|text| pattern.matches(text));
            if fits.old && fits.new {
                return;
            }
            if fits.old != fits.new {
                let explain = words::pattern(&pattern.what(), fits.old);
                self.push(Kind::Value, Severity::Breaking, explain, shown);
                return;
            }
        }
        if effects
            .tolerance
            .is_some_and(|rule| rule.allows(texts.old, texts.new) == Some(true))
        {
            return;
        }
        let path = write(&self.place.old);
        if effects.bind {
            let values = texts.map(str::to_owned);
            if self.standing.relation(texts, &path) != Relation::Broken {
                self.found.born.push((path, values));
                return;
            }
        }
        let relation = if texts.old == texts.new {
            // Only lone surrogates differ, which the texts for people cannot show.
            Relation::Different
        } else {
            self.standing.relation(texts, &path)
        };
        match relation {
            Relation::Same => {}
            Relation::Broken => {
                self.push(
                    Kind::BrokenReference,
                    Severity::Breaking,
                    words::BROKEN.to_owned(),
                    shown,
                );
            }
            Relation::Different => {
                let explain = words::value(texts, what == Type::Number);
                self.push(Kind::Value, Severity::Breaking, explain, shown);
                self.advise_tolerance(texts, what);
            }
        }
    }

    fn advise_tolerance(&mut self, texts: Pair<&str>, what: Type) {
        let advice = match what {
            Type::Number => words::number_advice(texts),
            Type::Text => words::text_advice(texts),
            _ => None,
        };
        if let (Some(rule), Some(last)) = (advice, self.found.differences.last_mut()) {
            last.advice = Some(format!(
                "if this is meant: {} \"{}\": {rule}",
                words::RULE,
                last.path
            ));
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

    fn members(&mut self, old: Id, new: Id) {
        let olds = self.named(Side::Old, old);
        let news = self.named(Side::New, new);
        let mut left: HashMap<&[u8], usize> = HashMap::with_capacity(news.len());
        for (at, member) in news.iter().enumerate() {
            left.insert(&member.name, at);
        }
        let mut gone = Vec::new();
        for member in &olds {
            match left.remove(member.name.as_slice()) {
                Some(at) => {
                    if let Some(other) = news.get(at) {
                        self.both(member, other);
                    }
                }
                None => gone.push(member),
            }
        }
        let fresh: Vec<&Member> = news
            .iter()
            .filter(|m| left.contains_key(m.name.as_slice()))
            .collect();
        for member in &gone {
            self.removed(member, &gone, &fresh);
        }
        for member in fresh {
            self.added(member);
        }
    }

    /// The members that count, by the names they have on the new side.
    fn named(&self, side: Side, id: Id) -> Vec<Member> {
        let tree = self.trees[side];
        let mut members: Vec<Member> = Vec::new();
        let mut known: HashMap<Vec<u8>, usize> = HashMap::new();
        for child in tree.children(id) {
            let own = tree.key(child).into_owned();
            let renamed = self.ruled.renamed(child).filter(|_| side == Side::Old);
            let name = renamed.map_or_else(|| own.clone(), |name| name.as_bytes().to_vec());
            if let Some(member) = known.get(&name).and_then(|at| members.get_mut(*at)) {
                member.ids.push(child);
                continue;
            }
            known.insert(name.clone(), members.len());
            let own = String::from_utf8_lossy(&own).into_owned();
            members.push(Member {
                name,
                own,
                ids: vec![child],
            });
        }
        members
    }

    fn both(&mut self, old: &Member, new: &Member) {
        self.place.old.push(Step::Name(old.own.clone()));
        self.place.new.push(Step::Name(new.own.clone()));
        let last = Pair::new(old.ids.last(), new.ids.last()).map(Option::<&_>::copied);
        if old.ids.len() == new.ids.len() {
            for (old, new) in old.ids.iter().zip(&new.ids) {
                self.visit(*old, *new);
            }
        } else {
            if !last.old.is_some_and(|id| self.ruled.ignored(Side::Old, id)) {
                let count = Pair::new(old.ids.len(), new.ids.len());
                let explain = words::duplicate(count);
                self.push(Kind::DuplicateKey, Severity::Risky, explain, last);
                self.detail("old_count", count.old);
                self.detail("new_count", count.new);
            }
            if let (Some(old), Some(new)) = (last.old, last.new) {
                self.visit(old, new);
            }
        }
        self.place.old.pop();
        self.place.new.pop();
    }

    fn removed(&mut self, member: &Member, gone: &[&Member], fresh: &[&Member]) {
        let Some(id) = member.ids.last().copied() else {
            return;
        };
        if self.ruled.ignored(Side::Old, id) {
            return;
        }
        self.place.old.push(Step::Name(member.own.clone()));
        let null = self.trees.old.what(id) == Type::Null;
        let (severity, explain) = if null {
            (Severity::Risky, words::NULL_TO_MISSING)
        } else {
            (Severity::Breaking, words::REMOVED)
        };
        let parent = self.place.new.clone();
        self.place.new.push(Step::Name(member.own.clone()));
        self.push(
            Kind::Removed,
            severity,
            explain.to_owned(),
            Pair::new(Some(id), None),
        );
        // One gone, one new, one value: most likely it was renamed.
        if let ([_], [other]) = (gone, fresh)
            && let Some(twin) = other.ids.last()
            && self.trees.new.raw(*twin) == self.trees.old.raw(id)
            && let Some(last) = self.found.differences.last_mut()
        {
            let mut to = parent;
            to.push(Step::Name(other.own.clone()));
            let rule = format!("rename: {{ \"{}\": \"{}\" }}", last.path, write(&to));
            last.advice = Some(format!(
                "it seems to have a new name; if this is meant: compare: {{ {rule} }}"
            ));
        }
        self.place.old.pop();
        self.place.new.pop();
    }

    fn added(&mut self, member: &Member) {
        let Some(id) = member.ids.last().copied() else {
            return;
        };
        if self.ruled.ignored(Side::New, id) {
            return;
        }
        self.place.old.push(Step::Name(member.own.clone()));
        self.place.new.push(Step::Name(member.own.clone()));
        let null = self.trees.new.what(id) == Type::Null;
        let explain = if null {
            words::MISSING_TO_NULL
        } else {
            words::ADDED
        };
        self.push(
            Kind::Added,
            Severity::Risky,
            explain.to_owned(),
            Pair::new(None, Some(id)),
        );
        self.leaks_below(id);
        self.place.old.pop();
        self.place.new.pop();
    }

    /// Says that a new string carries the old host, if it does.
    fn host_leak(&mut self, old: Option<Id>, new: Id) -> bool {
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

/// A member of an object: all values that its name has.
struct Member {
    name: Vec<u8>,
    own: String,
    ids: Vec<Id>,
}
