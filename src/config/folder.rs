//! [`Folder`]: files beside a file, and none outside.

use std::path::{Component, Path, PathBuf};

use thiserror::Error;

/// The folder of a file that names other files. What it names must stay inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(PathBuf);

/// Why a file beside another cannot be read.
#[derive(Debug, Error)]
pub enum FolderError {
    /// The path leads out of the folder.
    #[error("`{0}` leads out of the folder of this file")]
    Outside(String),
    /// The file cannot be read.
    #[error("cannot read `{0}`: {1}")]
    Unreadable(String, std::io::Error),
    /// The file is not UTF-8.
    #[error("`{0}` is not UTF-8 text")]
    NotText(String),
}

impl Folder {
    /// The folder in which a file stands.
    pub fn of(file: &Path) -> Self {
        let parent = file.parent().filter(|p| !p.as_os_str().is_empty());
        Self(parent.unwrap_or(Path::new(".")).to_owned())
    }

    /// The bytes of a file, named relative to the folder.
    ///
    /// # Errors
    /// See [`FolderError`].
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, FolderError> {
        let path = self.inside(name)?;
        std::fs::read(path).map_err(|error| FolderError::Unreadable(name.to_owned(), error))
    }

    /// The text of a file, named relative to the folder.
    ///
    /// # Errors
    /// See [`FolderError`].
    pub fn text(&self, name: &str) -> Result<String, FolderError> {
        let bytes = self.bytes(name)?;
        String::from_utf8(bytes).map_err(|_| FolderError::NotText(name.to_owned()))
    }

    fn inside(&self, name: &str) -> Result<PathBuf, FolderError> {
        let outside = || FolderError::Outside(name.to_owned());
        let unreadable = |error| FolderError::Unreadable(name.to_owned(), error);
        let relative = Path::new(name);
        let stays = relative
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !stays || name.is_empty() {
            return Err(outside());
        }
        // Links are followed before the answer: a link out of the folder is a way out too.
        let root = self.0.canonicalize().map_err(unreadable)?;
        let path = root.join(relative).canonicalize().map_err(unreadable)?;
        if path.starts_with(&root) {
            Ok(path)
        } else {
            Err(outside())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_is_read() {
        let root = tempfile::tempdir().expect("a folder");
        let inner = root.path().join("in");
        std::fs::create_dir(&inner).expect("inner");
        std::fs::write(root.path().join("secret"), "s").expect("outside");
        std::fs::write(inner.join("own"), "mine").expect("inside");
        let folder = Folder::of(&inner.join("pair.yaml"));
        assert_eq!(folder.text("own").expect("inside"), "mine");
        for name in ["../secret", "/etc/hostname", "own/../../secret", ""] {
            assert!(
                matches!(folder.text(name), Err(FolderError::Outside(_))),
                "{name}"
            );
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(root.path().join("secret"), inner.join("link"))
                .expect("link");
            assert!(matches!(folder.text("link"), Err(FolderError::Outside(_))));
        }
    }
}
