//! Files that hold evidence, tokens or secrets: only their owner reads them.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

/// The folder that keeps itself out of version control.
pub(crate) const OWN_FOLDER: &str = ".cutover";
/// What its `.gitignore` says.
const IGNORE: &str =
    "# Made by cutover: journals are evidence of runs and stay out of version control.\n*\n";

/// Makes the folders above a file. A folder `.cutover` among them gets its own `.gitignore`.
pub(crate) fn make_parents(path: &Path) -> io::Result<()> {
    let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) else {
        return Ok(());
    };
    fs::create_dir_all(parent)?;
    let own = parent
        .ancestors()
        .find(|folder| folder.file_name().is_some_and(|name| name == OWN_FOLDER));
    if let Some(own) = own {
        let ignore = own.join(".gitignore");
        if !ignore.exists() {
            fs::write(ignore, IGNORE)?;
        }
    }
    Ok(())
}

/// Makes a file that only its owner can read (mode 0600), in place of one that is there.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    open(path, &mut options)
}

/// Opens a file of this kind to read and write it, or makes an empty one and the folders above it.
pub(crate) fn open_or_create(path: &Path) -> io::Result<File> {
    make_parents(path)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    open(path, &mut options)
}

fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        let file = options.mode(0o600).open(path)?;
        // A file that was there before keeps its mode otherwise.
        if file.metadata()?.is_file() {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
        Ok(file)
    }
    #[cfg(not(unix))]
    options.open(path)
}
