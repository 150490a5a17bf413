//! [`Space`]: the folders of a run, gone with it; and the search for tokens in what was written there.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::group::{forget, keep_in_mind};
use super::judge::Tokens;
use super::observation::Holding;

/// Files that are looked into.
const FILES: usize = 20_000;
/// Bytes of a file that are looked into.
const BYTES: u64 = 16 * 1024 * 1024;
/// How far the time of a file may lag behind the clock.
const COARSE: Duration = Duration::from_millis(20);
/// Folders that hold what others wrote.
const PASSED_OVER: [&str; 4] = [".git", ".venv", "node_modules", "target"];

/// The folders of one run, or of several that follow each other.
#[derive(Debug)]
pub(crate) struct Space {
    root: tempfile::TempDir,
    started: SystemTime,
}

impl Space {
    /// Makes the folders; only their owner can look into them.
    pub(crate) fn new() -> io::Result<Self> {
        let root = tempfile::Builder::new()
            .prefix("cutover-client-")
            .tempdir()?;
        keep_in_mind(root.path());
        for name in ["home", "tmp", "files", "run"] {
            let path = root.path().join(name);
            fs::create_dir(&path)?;
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                fs::set_permissions(&path, fs::Permissions::from_mode(0o700))?;
            }
        }
        Ok(Self {
            root,
            started: SystemTime::now() - COARSE,
        })
    }

    /// The folder for the files that the suite gives, which is the working folder of `cwd: temp`.
    pub(crate) fn files(&self) -> PathBuf {
        self.root.path().join("files")
    }

    /// Puts a file there.
    pub(crate) fn add(&self, name: &Path, bytes: &[u8]) -> io::Result<()> {
        let path = self.files().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)
    }

    /// The same for one that can be run, as it can be beside the suite.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let at = |name: &str| self.root.path().join(name).display().to_string();
        let home = |name: &str| format!("{}/{name}", at("home"));
        [
            ("HOME", at("home")),
            ("TMPDIR", at("tmp")),
            ("XDG_CONFIG_HOME", home(".config")),
            ("XDG_CACHE_HOME", home(".cache")),
            ("XDG_DATA_HOME", home(".local/share")),
            ("XDG_STATE_HOME", home(".local/state")),
            ("XDG_RUNTIME_DIR", at("run")),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    /// The files with a token in them: those of these folders, and those of the working folder that
    /// were written since.
    pub(crate) fn search(&self, wanted: &Tokens, cwd: &Path) -> Vec<Holding> {
        let mut search = Search {
            wanted,
            left: FILES,
            found: Vec::new(),
        };
        search.folder(self.root.path(), self.root.path(), None);
        if !cwd.starts_with(self.root.path()) {
            search.folder(cwd, cwd, Some(self.started));
        }
        search.found.sort_by(|a, b| a.name.cmp(&b.name));
        search.found
    }
}

impl Drop for Space {
    // The folder itself goes right after this.
    fn drop(&mut self) {
        forget(self.root.path());
    }
}

struct Search<'a> {
    wanted: &'a Tokens,
    left: usize,
    found: Vec<Holding>,
}

impl Search<'_> {
    fn folder(&mut self, folder: &Path, root: &Path, since: Option<SystemTime>) {
        let Ok(entries) = fs::read_dir(folder) else {
            return;
        };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            // Links are not followed: what they lead to is found where it is, or is not ours.
            let Ok(metadata) = fs::symlink_metadata(&path) else {
                continue;
            };
            let name = path.file_name().unwrap_or_default();
            if metadata.is_dir() && !PASSED_OVER.iter().any(|passed| name == *passed) {
                self.folder(&path, root, since);
            }
            let fresh = since.is_none_or(|since| metadata.modified().is_ok_and(|at| at >= since));
            if metadata.is_file() && fresh {
                self.file(&path, root, &metadata);
            }
        }
    }

    fn file(&mut self, path: &Path, root: &Path, metadata: &fs::Metadata) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(BYTES).read_to_end(&mut bytes));
        if let Some(share) = read.ok().and_then(|_| self.wanted.share(&bytes)) {
            let name = path.strip_prefix(root).unwrap_or(path);
            self.found.push(Holding {
                name: name.display().to_string(),
                open: is_open(metadata),
                share,
            });
        }
    }
}

#[cfg(unix)]
fn is_open(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open(_: &fs::Metadata) -> bool {
    true
}
