//! [`Shared`]: what the cases of a suite have in common, held once.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::body::Body;
use super::doc::SuiteDoc;
use super::model::Extras;
use crate::compare::Rules;
use crate::judge::{Accepts, Expect};
use crate::template::Template;

/// Headers of a request by name; none takes away one of the target's.
type Headers = Vec<(String, Option<Template>)>;

/// What most cases say nothing of is their suite's, and what many say is said once.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) rules: Arc<Rules>,
    pub(super) accepts: Arc<Accepts>,
    pub(super) tags: Arc<[String]>,
    /// No body.
    pub(super) nothing: Arc<Body>,
    /// The expectation of the case before: the next one often has the same.
    expect: Arc<Expect>,
    /// Likewise its headers.
    headers: Arc<Headers>,
    /// Likewise what else it has.
    extras: Arc<Extras>,
    words: BTreeSet<Arc<str>>,
}

impl Shared {
    pub(super) fn new(doc: &SuiteDoc, rules: Rules, accepts: Accepts) -> Self {
        Self {
            rules: Arc::new(rules),
            accepts: Arc::new(accepts),
            tags: doc.tags.clone().into(),
            nothing: Arc::default(),
            expect: Arc::default(),
            headers: Arc::default(),
            extras: Arc::default(),
            words: BTreeSet::new(),
        }
    }

    /// A word that many cases use: a credential's name, an API's.
    pub(super) fn word(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.words.get(word) {
            return Arc::clone(known);
        }
        let new: Arc<str> = word.into();
        self.words.insert(Arc::clone(&new));
        new
    }

    /// The tags of a case, behind those of its suite.
    pub(super) fn tags(&self, own: &[String]) -> Arc<[String]> {
        if own.is_empty() {
            return Arc::clone(&self.tags);
        }
        self.tags.iter().chain(own).cloned().collect()
    }

    pub(super) fn expect(&mut self, expect: Expect) -> Arc<Expect> {
        if *self.expect != expect {
            self.expect = Arc::new(expect);
        }
        Arc::clone(&self.expect)
    }

    pub(super) fn headers(&mut self, headers: Headers) -> Arc<Headers> {
        if *self.headers != headers {
            self.headers = Arc::new(headers);
        }
        Arc::clone(&self.headers)
    }

    pub(super) fn extras(&mut self, extras: Extras) -> Arc<Extras> {
        if *self.extras != extras {
            self.extras = Arc::new(extras);
        }
        Arc::clone(&self.extras)
    }

    pub(super) fn body(&self, body: Body) -> Arc<Body> {
        match body {
            Body::None => Arc::clone(&self.nothing),
            body => Arc::new(body),
        }
    }
}
