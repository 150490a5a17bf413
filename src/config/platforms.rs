//! The platforms of a pair: shipped ones by name, others by path.

use std::sync::Arc;

use super::load::PairFile;
use crate::pair::{Pair, Side};
use crate::platform::Platform;
use crate::source::{Diagnostic, Diagnostics, Source, Spanned, nearest};

/// The platform of each side; `generic` where none is given.
///
/// # Errors
/// A name that is neither shipped nor a path, or the problems of a platform file.
pub fn platforms(pair: &PairFile) -> Result<Pair<Arc<Platform>>, Diagnostics> {
    let found = Pair::of(|side| {
        let target = pair.target(side);
        let mut platform = match &target.platform {
            None => Platform::generic().clone(),
            Some(name) => platform(pair, name)?,
        };
        platform.documents = target.documents.unwrap_or_default();
        Ok(Arc::new(platform))
    });
    match (found.old, found.new) {
        (Ok(old), Ok(new)) => Ok(Pair::new(old, new)),
        (old, new) => {
            let mut problems = Diagnostics::default();
            for problem in [old.err(), new.err()].into_iter().flatten() {
                problems.append(problem);
            }
            Err(problems)
        }
    }
}

fn platform(pair: &PairFile, name: &Spanned<String>) -> Result<Platform, Diagnostics> {
    if let Some(shipped) = Platform::shipped(name) {
        return Ok(shipped.clone());
    }
    let problem = |message: String, help: String| {
        let mut problems = Diagnostics::default();
        problems.push(Diagnostic::error(&pair.source, name.span, message).help(help));
        problems
    };
    let known: Vec<&str> = Platform::names().collect();
    if !name.contains(['/', '.']) {
        let help = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "known: {}; or the path of a platform file",
                known.join(", ")
            ),
        };
        return Err(problem(format!("unknown platform `{}`", name.value), help));
    }
    let text = pair.folder.text(name).map_err(|error| {
        let help = "a platform is a shipped name, or a path beside this file".to_owned();
        problem(error.to_string(), help)
    })?;
    Platform::parse(&Source::new(name.value.clone(), text))
}

/// What stands in the place of a side's platform in reports.
pub(crate) fn platform_name(pair: &PairFile, side: Side) -> String {
    let given = pair.target(side).platform.as_ref();
    given.map_or_else(|| "generic".to_owned(), |name| name.value.clone())
}
