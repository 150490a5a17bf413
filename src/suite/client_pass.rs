//! `serve: { pass: .. }` of a client suite: what it names is there in the pair file.

use std::sync::Arc;

use crate::client::Pass;
use crate::client::doc::{ClientDoc, PassTo};
use crate::config::PairFile;
use crate::pair::Side;
use crate::source::{Diagnostic, Diagnostics, Source, Spanned, nearest};

/// Where the calls of a program are passed on to, if they are.
pub(super) fn pass(doc: &ClientDoc, source: &Arc<Source>) -> Option<Pass> {
    let serve = doc.serve.as_ref()?;
    let to = serve.pass.as_ref()?;
    Some(Pass {
        side: match to.value {
            PassTo::Old => Side::Old,
            PassTo::New => Side::New,
        },
        api: serve.api.clone(),
        token: serve.token.clone(),
        source: Arc::clone(source),
        span: to.span,
    })
}

/// Tells what a pair file does not have of what a suite names.
pub fn check_pass(pass: &Pass, pair: &PairFile) -> Diagnostics {
    let mut problems = Diagnostics::default();
    let mut unknown = |what: &str, name: &Spanned<String>, known: &[&str]| {
        let message = format!("unknown {what} `{}`", name.value);
        let help = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the pair file has: {}", known.join(", ")),
        };
        problems.push(Diagnostic::error(&pass.source, name.span, message).help(help));
    };
    let tokens = &pair.target(pass.side).tokens;
    if let Some(api) = pass
        .api
        .as_ref()
        .filter(|api| pair.doc.apis.get(api).is_none())
    {
        let known: Vec<&str> = pair.doc.apis.names().collect();
        unknown("API", api, &known);
    }
    let named = pass.token.as_ref().filter(|name| name.value != "none");
    if let Some(name) = named.filter(|name| tokens.get(name).is_none()) {
        let known: Vec<&str> = tokens.names().collect();
        unknown("credential", name, &known);
    }
    if pass.token.is_none() && token_of(pass, pair).is_none() && tokens.names().count() > 0 {
        let message = format!("the {} side has several credentials", pass.side);
        let help = format!(
            "name the one whose token goes along: serve: {{ pass: {}, token: NAME }}; it has {}",
            pass.side,
            tokens.names().collect::<Vec<_>>().join(", ")
        );
        problems.push(Diagnostic::error(&pass.source, pass.span, message).help(help));
    }
    problems
}

/// The credential whose token goes along: the one that is named, else `app`, else the only one.
pub fn token_of(pass: &Pass, pair: &PairFile) -> Option<String> {
    let tokens = &pair.target(pass.side).tokens;
    let mut names = tokens.names();
    match (&pass.token, names.next(), names.next()) {
        (Some(name), ..) => Some(name.value.clone()).filter(|name| name != "none"),
        (None, ..) if tokens.get("app").is_some() => Some("app".to_owned()),
        (None, Some(only), None) => Some(only.to_owned()),
        (None, ..) => None,
    }
}
