//! From documents to cases: defaults merged in, names looked up, chains tied.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::doc::{CaseDoc, SuiteDoc};
use super::feature::check_feature;
use super::may_name::Known;
use super::model::{Case, Extras, Poll, SideCase, Suite, info};
use super::order::{Named, Order};
use super::rows::{Rows, Table};
use super::shared::Shared;
use super::unique::check_ids;
use super::variables::{Names, Uses, check_variables};
use crate::compare::Rules;
use crate::config::{Folder, TimeSpan};
use crate::judge::{Accepts, Expect};
use crate::pair::Pair;
use crate::source::{Cx, Spanned};
use crate::template::check_built_in;

/// The shortest pause of a poll.
const LEAST_PAUSE: Duration = Duration::from_millis(1);

/// Turns the documents of one suite into cases, one after the other.
pub(super) struct Compiler<'a, 'c> {
    /// The suite. Its own lists of cases are looked at only to say what is wrong.
    pub(super) doc: &'a SuiteDoc,
    pub(super) known: Known<'a>,
    pub(super) folder: Folder,
    pub(super) shared: Shared,
    pub(super) cx: &'a mut Cx<'c>,
    order: Order,
    names: Names,
    cases: Vec<Arc<Case>>,
    /// Cases that were looked at, sound or not.
    count: usize,
}

impl<'a, 'c> Compiler<'a, 'c> {
    /// Begins with what the suite says of all its cases.
    pub(super) fn new(
        doc: &'a SuiteDoc,
        path: &Path,
        known: Known<'a>,
        cx: &'a mut Cx<'c>,
    ) -> Self {
        check_feature(doc.feature.as_ref(), cx);
        for (name, _) in doc.vars.iter() {
            check_built_in(name, "a variable", cx);
        }
        let platforms = [known.platforms.old, known.platforms.new];
        let accepts = Accepts::new(&doc.accept, platforms, cx);
        let rules = doc.compare.as_ref().map(|doc| {
            doc.check(cx);
            Rules::new(doc, cx.source)
        });
        if let Some(timeout) = &doc.timeout {
            timeout.check_some(cx);
        }
        let accepts = known.accepts.merge(&accepts);
        Self {
            doc,
            known,
            folder: Folder::of(path),
            shared: Shared::new(doc, rules.unwrap_or_default(), accepts),
            cx,
            order: Order::default(),
            names: Names::default(),
            cases: Vec::new(),
            count: 0,
        }
    }

    /// Adds a case. Those that clean up come behind all others.
    pub(super) fn add(&mut self, doc: &CaseDoc, cleanup: bool) {
        let index = self.count;
        self.count += 1;
        let named = self.order.add(doc, index, self.cx);
        let rules = match &doc.compare {
            Some(doc) => {
                doc.check(self.cx);
                Arc::new(self.shared.rules.merge(&Rules::new(doc, self.cx.source)))
            }
            None => Arc::clone(&self.shared.rules),
        };
        let accepts = self.accepts_of(doc);
        let head = Head {
            index,
            named,
            cleanup,
            rules,
            accepts,
        };
        if let Some(case) = self.case(doc, head) {
            self.cases.push(Arc::new(case));
        }
    }

    /// What was captured so far.
    pub(super) const fn names(&self) -> &Names {
        &self.names
    }

    /// The suite, once all its cases are in.
    pub(super) fn finish(mut self) -> Suite {
        self.names.warn_of_unused(self.cx);
        self.check_suite_rules(self.cases.iter().any(|case| case.is_grant()));
        check_ids(self.doc, &self.cases, &self.folder, self.cx);
        let mut cases = self.cases;
        cases.shrink_to_fit();
        Suite {
            info: info(
                self.cx.source,
                &self.doc.name.value,
                self.doc.feature.as_ref(),
            ),
            vars: self.doc.vars.clone(),
            redact: self.doc.redact.clone(),
            cases,
            client: None,
        }
    }

    fn accepts_of(&mut self, case: &CaseDoc) -> Arc<Accepts> {
        if case.accept.is_empty() {
            return Arc::clone(&self.shared.accepts);
        }
        let platforms = [self.known.platforms.old, self.known.platforms.new];
        let own = Accepts::new(&case.accept, platforms, self.cx);
        Arc::new(self.shared.accepts.merge(&own))
    }

    fn case(&mut self, doc: &CaseDoc, head: Head) -> Option<Case> {
        let sides = self.sides(doc);
        let rows = match &doc.rows {
            Some(rows) => Some(Arc::new(rows.table(&self.folder, self.cx)?)),
            None => None,
        };
        let expects = self.expects(doc);
        let sides = sides?;
        self.check_rows(doc, rows.as_deref());
        self.check_useless(doc);
        self.check_filled(&sides, rows.as_deref());
        let depends = self.depends(doc, &sides, &expects, rows.as_deref());
        self.names.captured(head.index, &doc.capture);
        let extras = self.extras(doc, expects.1);
        let case = Case {
            index: head.index,
            name: head.named.name,
            line: head.named.line,
            tags: self.shared.tags(&doc.tags),
            cleanup: head.cleanup,
            sides,
            rows,
            expect: self.shared.expect(expects.0),
            accept: head.accepts,
            rules: head.rules,
            safe: doc.safe,
            depends,
            extras: self.shared.extras(extras),
        };
        self.check_poll(doc, &case);
        self.check_samples(doc, &case);
        Some(case)
    }

    /// The cases that a case is tied to: whose captures it uses, and those that it needs.
    fn depends(
        &mut self,
        doc: &CaseDoc,
        sides: &Pair<Arc<SideCase>>,
        expects: &(Expect, Option<Expect>),
        rows: Option<&Table>,
    ) -> Box<[usize]> {
        let uses = Uses {
            doc,
            sides,
            expects: [Some(&expects.0), expects.1.as_ref()],
        };
        let names = &mut self.names;
        let mut depends = check_variables(&uses, rows, self.known, self.doc, names, self.cx);
        depends.extend(self.order.needs(doc, self.doc, self.cx));
        depends.sort_unstable();
        depends.dedup();
        depends.into()
    }

    fn extras(&mut self, doc: &CaseDoc, until: Option<Expect>) -> Extras {
        let capture = doc.capture.iter();
        let samples = doc.samples.as_ref().or(self.doc.samples.as_ref());
        Extras {
            skip: doc.skip.0.clone(),
            capture: capture
                .map(|(name, place)| (name.value.clone(), place.value.clone()))
                .collect(),
            poll: doc.poll.as_ref().zip(until).map(|(poll, until)| Poll {
                until,
                every: duration(poll.every.as_ref().map(|every| every.value), 1),
                within: duration(poll.r#for, 30),
            }),
            timeout: self.timeout(doc),
            samples: samples.map(|samples| samples.0),
        }
    }

    /// The time for one exchange: the case's own, or its suite's.
    fn timeout(&mut self, doc: &CaseDoc) -> Option<Duration> {
        if let Some(timeout) = &doc.timeout {
            timeout.check_some(self.cx);
        }
        let timeout = doc.timeout.as_ref().or(self.doc.timeout.as_ref());
        timeout.map(|span| span.0)
    }

    /// What each side must answer, and what a poll waits for.
    fn expects(&mut self, doc: &CaseDoc) -> (Expect, Option<Expect>) {
        let expect = doc
            .expect
            .as_ref()
            .map(|expect| Expect::new(expect, self.cx));
        let until = doc
            .poll
            .as_ref()
            .map(|poll| Expect::new(&poll.until, self.cx));
        (expect.unwrap_or_default(), until)
    }

    fn check_rows(&mut self, doc: &CaseDoc, table: Option<&Table>) {
        let (Some(rows), Some(table)) = (&doc.rows, table) else {
            return;
        };
        match &rows.value {
            Rows::Inline(rows) => {
                for (name, _) in rows.first().iter().flat_map(|row| row.iter()) {
                    check_built_in(name, "a column", self.cx);
                }
            }
            Rows::File(_) => {
                for name in &table.columns {
                    let name = Spanned::new(name.clone(), rows.span);
                    check_built_in(&name, "a column", self.cx);
                }
            }
        }
        if table.is_empty() {
            self.cx
                .error::<()>(rows.span, "a table without rows", "this makes no case");
        }
        if !doc.capture.0.is_empty() {
            let message = "a case with rows cannot capture: which row would later cases use?";
            self.cx
                .error::<()>(rows.span, message, "take `rows` or `capture` away");
        }
    }

    fn check_poll(&mut self, doc: &CaseDoc, case: &Case) {
        if doc.poll.is_some() && case.is_write() {
            let message = "only a safe request can be asked again and again";
            let label = "this case is a write: take `poll` away, or say `safe: true`";
            self.cx.error::<()>(doc.name.span, message, label);
        }
        let Some(poll) = &doc.poll else {
            return;
        };
        if let Some(every) = poll
            .every
            .as_ref()
            .filter(|every| every.value.0 < LEAST_PAUSE)
        {
            let message = "a poll without a pause would ask as often as it can";
            self.cx
                .error::<()>(every.span, message, "1ms at least, such as 500ms or 1s");
        }
        let until = &case.extras.poll;
        if until.as_ref().is_some_and(|poll| poll.until.is_empty()) {
            let message = "this waits for nothing: every answer would do";
            self.cx
                .error::<()>(poll.until.span, message, "such as { status: 200 }");
        }
    }

    fn check_samples(&mut self, doc: &CaseDoc, case: &Case) {
        let Some(samples) = doc.samples.as_ref().filter(|samples| samples.0 > 1) else {
            return;
        };
        if case.samples(None) == 1 {
            let message = "only a safe request can be asked several times";
            let label = "this case is a write, a grant or a probe: take `samples` away, or say `safe: true`";
            self.cx.error::<()>(samples.span, message, label);
        }
    }
}

/// What a case takes from its place in the file.
struct Head {
    index: usize,
    named: Named,
    cleanup: bool,
    rules: Arc<Rules>,
    accepts: Arc<Accepts>,
}

fn duration(span: Option<TimeSpan>, default_seconds: u64) -> Duration {
    span.map_or(Duration::from_secs(default_seconds), |span| span.0)
}
