//! The backend behind the doubles: one value in the process, fronted by every double that names it.

mod extras;
mod notes;
mod orders;
mod seed;
mod wire;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::mock::answer::{Answer, Call};
use crate::mock::json::Json;
use crate::mock::pattern::{Parts, Pattern};

/// A request as the backend sees it, and the address that its links must carry.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    /// The request; its path is below the base path of the gateway.
    pub(crate) call: &'a Call,
    /// The address of the API as the consumer knows it.
    pub(crate) address: &'a str,
    /// What stood at the names of the operation's path.
    pub(crate) parts: Parts,
}

impl Seen<'_> {
    /// A named part of the path.
    fn part(&self, name: &str) -> &str {
        let found = self.parts.iter().find(|(part, _)| part == name);
        found.map_or("", |(_, value)| value)
    }
}

/// What answers one operation.
type Handler = fn(&Backend, &Seen<'_>) -> Answer;

/// An API of orders and customers, with state.
pub(crate) struct Backend {
    operations: Vec<(Pattern, Handler)>,
    orders: Mutex<Vec<Json>>,
    notes: Mutex<Vec<Json>>,
}

impl Backend {
    /// The backend with its seed data.
    pub(crate) fn new() -> Arc<Self> {
        let all = [
            orders::OPERATIONS,
            extras::OPERATIONS,
            notes::OPERATIONS,
            wire::OPERATIONS,
        ];
        let operations = all
            .concat()
            .into_iter()
            .filter_map(|(text, handler)| Some((Pattern::parse(text)?, handler)))
            .collect();
        Arc::new(Self {
            operations,
            orders: Mutex::new(seed::orders()),
            notes: Mutex::default(),
        })
    }

    /// The operations whose path fits.
    pub(crate) fn operations_at<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Pattern> {
        self.operations
            .iter()
            .map(|(pattern, _)| pattern)
            .filter(move |pattern| pattern.parts(path).is_some())
    }

    /// The answer to a request, where there is such an operation.
    pub(crate) fn answer(&self, call: &Call, address: &str) -> Option<Answer> {
        self.operations.iter().find_map(|(pattern, handler)| {
            let parts = pattern.parts(&call.path)?;
            let seen = Seen {
                call,
                address,
                parts,
            };
            pattern.allows(&call.method).then(|| handler(self, &seen))
        })
    }

    fn notes(&self) -> MutexGuard<'_, Vec<Json>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn orders(&self) -> MutexGuard<'_, Vec<Json>> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
