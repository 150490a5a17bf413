//! Objects: members by name, whatever their order; names that stand twice; names that changed.

use std::collections::{HashMap, HashSet};

use super::diff::Diff;
use super::path::{Step, write};
use super::renaming::{self, Name};
use super::tree::{Id, Type};
use crate::compare::words;
use crate::pair::{Pair, Side};
use crate::results::{Kind, Severity};

/// A member of an object: all values that its name has.
struct Member {
    /// The name that it is looked for by on the new side.
    name: Vec<u8>,
    own: String,
    ids: Vec<Id>,
    /// The name that a rule gives it, which the old side has beside it: it keeps its own then.
    taken: Option<String>,
}

impl Diff<'_, '_> {
    pub(super) fn members(&mut self, old: Id, new: Id) {
        let mut olds = self.named(Side::Old, old);
        let news = self.named(Side::New, new);
        self.rename(&mut olds, &news);
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

    /// Gives the members of the old side the names that rules say they have on the new side.
    fn rename(&mut self, olds: &mut [Member], news: &[Member]) {
        let rule_of = |member: &Member| self.ruled.rename(*member.ids.last()?);
        let rules: Vec<_> = olds.iter().map(rule_of).collect();
        if rules.iter().all(Option::is_none) {
            return;
        }
        let own = olds.iter().map(|member| member.name.as_slice());
        let given = rules
            .iter()
            .map(|rule| rule.map(|(_, name)| name.as_bytes()));
        let fresh: HashSet<&[u8]> = news.iter().map(|member| member.name.as_slice()).collect();
        let became = renaming::decide(&own.zip(given).collect::<Vec<_>>(), &fresh);
        for ((member, rule), became) in olds.iter_mut().zip(rules).zip(became) {
            let Some((rule, name)) = rule else { continue };
            match became {
                Name::Own => {}
                Name::Taken => member.taken = Some(name.to_owned()),
                Name::Given => {
                    if fresh.contains(name.as_bytes()) {
                        self.found.used.add(rule);
                    }
                    member.name = name.as_bytes().to_vec();
                }
            }
        }
    }

    /// The members by their names.
    fn named(&self, side: Side, id: Id) -> Vec<Member> {
        let tree = self.trees[side];
        let mut members: Vec<Member> = Vec::new();
        let mut known: HashMap<Vec<u8>, usize> = HashMap::new();
        for child in tree.children(id) {
            let name = tree.key(child).into_owned();
            if let Some(member) = known.get(&name).and_then(|at| members.get_mut(*at)) {
                member.ids.push(child);
                continue;
            }
            known.insert(name.clone(), members.len());
            let own = String::from_utf8_lossy(&name).into_owned();
            members.push(Member {
                name,
                own,
                ids: vec![child],
                taken: None,
            });
        }
        members
    }

    fn both(&mut self, old: &Member, new: &Member) {
        self.place.old.push(Step::Name(old.own.clone()));
        self.place.new.push(Step::Name(new.own.clone()));
        let last = Pair::new(old.ids.last(), new.ids.last()).map(Option::<&Id>::copied);
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
            words::name_taken(explain, member.taken.as_deref()),
            Pair::new(Some(id), None),
        );
        // One gone, one new, one value: most likely it was renamed.
        if let ([_], [other]) = (gone, fresh)
            && member.taken.is_none()
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
}
