//! [`place`]: where the journal of a run is kept, and whether it can be.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::context::Context;
use super::output::Outputs;
use super::problem::{BAD_INPUT, Problem};
use crate::journal::{Writer, default_path, is_journal};

/// Where the journal of a run is kept: what `--journal` names, or a place of its own. Neither it nor a
/// report is in the way of the other.
pub(super) fn place(
    wanted: Option<&Path>,
    run: &str,
    outputs: &Outputs,
    context: &Context,
) -> Result<PathBuf, Problem> {
    let path = wanted.map_or_else(|| default_path(&context.folder, run), Path::to_owned);
    outputs.try_places(&path)?;
    if let Some(earlier) = make_room(&path)? {
        let earlier = earlier.display();
        context.say(&format!("the journal of an earlier run is now {earlier}"));
    }
    Ok(path)
}

/// Makes room for a journal: asked before anything is sent, since without it nothing is known of what
/// was. A journal that is there is the evidence of another run: it is put aside as `NAME.earlier`,
/// which is given back. Any other file stays as it is.
fn make_room(path: &Path) -> Result<Option<PathBuf>, Problem> {
    let shown = path.display();
    let refuse = |text: String| Err(Problem::new(BAD_INPUT, text));
    let earlier = match fs::metadata(path) {
        Ok(there) if there.is_dir() => {
            return refuse(format!("{shown} is a folder; --journal names a file"));
        }
        Ok(there) if !there.is_file() => {
            return refuse(format!(
                "{shown} cannot be read again, and reports are made from the journal; --journal names a file"
            ));
        }
        Ok(there) if there.len() > 0 && !is_journal(path) => {
            return refuse(format!(
                "{shown} is there already and is no journal; choose another path or remove it"
            ));
        }
        Ok(there) if there.len() > 0 => Some(put_aside(path)),
        _ => None,
    };
    let made = earlier.transpose().and_then(|earlier| {
        Writer::try_place(path)?;
        Ok(earlier)
    });
    made.or_else(|error| {
        refuse(format!(
            "cannot write the journal {shown}: {error}; --journal PATH takes another place"
        ))
    })
}

fn put_aside(path: &Path) -> std::io::Result<PathBuf> {
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    name.push(".earlier");
    let earlier = path.with_file_name(name);
    fs::rename(path, &earlier)?;
    Ok(earlier)
}
