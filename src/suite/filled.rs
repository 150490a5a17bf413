//! Requests whose placeholders have values that are known before the run: what they become is checked too.

use std::borrow::Cow;
use std::sync::Arc;

use super::compile::Compiler;
use super::faithful::check_target;
use super::model::{Action, SideCase};
use super::rows::Table;
use super::variables::{Anything, Names};
use crate::config::VarDoc;
use crate::pair::{Pair, Side};
use crate::source::{Diagnostic, Entries};
use crate::suite::Given;
use crate::template::{Scalar, Scope, Template};

/// The values of a row, of variables and from outside; a plain word for what only the run knows.
struct Known<'a> {
    side: Side,
    row: Option<(&'a Table, usize)>,
    names: &'a Names,
    given: &'a Given,
    suite: &'a Entries<VarDoc>,
}

impl Scope for Known<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Scalar>> {
        if let Some(value) = self.row.and_then(|(table, row)| table.get(row, name)) {
            return Some(Cow::Borrowed(value));
        }
        if self.names.is_captured(name) {
            return Anything.get(name);
        }
        let suite = || self.suite.get(name)?.on(self.side).map(Cow::Borrowed);
        let known = self.given.get(name, self.side).or_else(suite);
        known.or_else(|| Anything.get(name))
    }
}

impl Compiler<'_, '_> {
    /// Reports the first row, or the values of variables, with which a request would be changed on its way:
    /// `/orders/{{id}}` with `..` asks for `/`.
    pub(super) fn check_filled(&mut self, sides: &Pair<Arc<SideCase>>, rows: Option<&Table>) {
        for (side, case) in sides.iter() {
            let (Action::Request { target, .. } | Action::Probe { target, .. }) = &case.action
            else {
                continue;
            };
            if target.names().next().is_some() {
                self.check_values(target, case, side, rows);
            }
        }
    }

    fn check_values(
        &mut self,
        target: &Template,
        case: &SideCase,
        side: Side,
        rows: Option<&Table>,
    ) {
        let url = self.known.pair.target(side).url.as_str();
        let api = case.api.as_deref();
        let api = api.and_then(|api| self.known.pair.doc.apis.get(api));
        let base = api.map_or_else(|| url.to_owned(), |api| api.base(side, url));
        let changed = (0..rows.map_or(1, Table::len)).find_map(|row| {
            let scope = Known {
                side,
                row: rows.map(|table| (table, row)),
                names: self.names(),
                given: self.known.given,
                suite: &self.doc.vars,
            };
            let text = target.render_url(&scope).ok()?;
            Some((row, check_target(&base, &text).err()?))
        });
        let Some((row, changed)) = changed else {
            return;
        };
        let with = match rows {
            Some(_) => format!("with row {}, this request", row + 1),
            None => "with its values, this request".to_owned(),
        };
        let message = format!("{with} would be changed on its way");
        let diagnostic = Diagnostic::error(self.cx.source, target.span, message);
        self.once_with::<()>(side, diagnostic.help(changed.in_words()));
    }
}
