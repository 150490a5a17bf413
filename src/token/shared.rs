//! [`SharedTokens`]: tokens that several processes of one run share, in a locked file.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::acquire::Acquired;
use super::answer::TokenAnswer;
use super::held::Token;
use crate::hex::hex;
use crate::message::{Headers, Request, Response};
use crate::private;
use crate::redact::Secrets;

/// How long an entry is kept whose answer does not say how long the token lives.
const UNSAID: u64 = 3_600;
/// How long an entry with a refresh token is kept.
const REFRESHABLE: u64 = 86_400;

/// A file of tokens, readable by its owner only (mode 0600). One process at a time looks at it, and
/// holds it while it asks for a token: the others find that token.
#[derive(Debug)]
pub struct SharedTokens {
    path: PathBuf,
}

/// The file, held.
#[derive(Debug)]
pub(super) struct Locked {
    file: File,
    entries: BTreeMap<String, Entry>,
}

/// A token answer as it came. The request is not kept: it has the client's secret in it.
#[derive(Serialize, Deserialize)]
pub(super) struct Entry {
    asked_at: u64,
    ends_at: u64,
    method: String,
    url: String,
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    wire_bytes: u64,
    strict: Option<String>,
    took_ms: u64,
    refresh: Option<String>,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry").finish_non_exhaustive()
    }
}

impl SharedTokens {
    /// The file of a name in a folder.
    pub fn new(folder: &Path, name: &str) -> Self {
        Self {
            path: folder.join(format!("{name}.json")),
        }
    }

    /// Waits until no other process has the file.
    ///
    /// # Errors
    /// It cannot be opened, locked or read.
    pub(super) async fn lock(&self) -> io::Result<Locked> {
        let path = self.path.clone();
        let locked = tokio::task::spawn_blocking(move || Locked::open(&path));
        locked.await.map_err(io::Error::other)?
    }
}

/// Whether every token of a file has ended.
///
/// # Errors
/// The file cannot be opened or read.
fn has_ended(path: &Path) -> io::Result<bool> {
    let now = seconds(SystemTime::now());
    let entries = read(&mut File::open(path)?)?;
    Ok(entries.values().all(|entry| entry.ends_at <= now))
}

impl Locked {
    fn open(path: &Path) -> io::Result<Self> {
        let mut file = private::open_or_create(path)?;
        file.lock()?;
        let entries = read(&mut file)?;
        Ok(Self { file, entries })
    }

    /// The answer that is kept under a key, its refresh token, and its age.
    pub(super) fn get(
        &self,
        key: &str,
        secrets: &Secrets,
    ) -> Option<(Acquired, Option<SecretString>, Duration)> {
        let entry = self.entries.get(&hashed(key))?;
        let age = seconds(SystemTime::now()).saturating_sub(entry.asked_at);
        let refresh = entry.refresh.clone().map(SecretString::from);
        Some((entry.acquired(secrets)?, refresh, Duration::from_secs(age)))
    }

    /// Keeps a token under a key, and drops those that have ended.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn keep(&mut self, key: &str, token: &Token) -> io::Result<()> {
        let Some(acquired) = &token.acquired else {
            return Ok(());
        };
        let now = seconds(SystemTime::now());
        self.entries.retain(|_, entry| entry.ends_at > now);
        let entry = Entry::new(acquired, token.refresh.as_ref(), now);
        self.entries.insert(hashed(key), entry);
        self.write()
    }

    /// Drops what is kept under a key.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn remove(&mut self, key: &str) -> io::Result<()> {
        self.entries.remove(&hashed(key));
        self.write()
    }

    fn write(&mut self) -> io::Result<()> {
        let text = serde_json::to_vec(&self.entries)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.set_len(0)?;
        self.file.write_all(&text)
    }
}

impl Entry {
    fn new(acquired: &Acquired, refresh: Option<&SecretString>, now: u64) -> Self {
        let life = match refresh {
            Some(_) => REFRESHABLE,
            None => acquired.answer.expires_in().unwrap_or(UNSAID),
        };
        let response = &acquired.response;
        let headers = response.headers.iter();
        Self {
            asked_at: now,
            ends_at: now.saturating_add(life),
            method: acquired.request.method.clone(),
            url: acquired.request.url.clone(),
            status: response.status,
            headers: headers.map(|(n, v)| (n.to_owned(), v.into())).collect(),
            body: STANDARD.encode(&response.body),
            wire_bytes: response.wire_bytes,
            strict: acquired.strict.clone(),
            took_ms: u64::try_from(acquired.took.as_millis()).unwrap_or(u64::MAX),
            refresh: refresh.map(|token| token.expose_secret().to_owned()),
        }
    }

    fn acquired(&self, secrets: &Secrets) -> Option<Acquired> {
        let body = STANDARD.decode(&self.body).ok()?;
        let headers = self.headers.iter();
        let headers = headers.map(|(n, v)| (n.clone(), v.clone().into_bytes()));
        let response = Response {
            wire_bytes: self.wire_bytes,
            ..Response::plain(self.status, Headers(headers.collect()), Bytes::from(body))
        };
        Some(Acquired {
            request: Request {
                method: self.method.clone(),
                url: self.url.clone(),
                headers: Headers::default(),
                body: Bytes::new(),
            },
            answer: TokenAnswer::read(&response, secrets),
            response,
            strict: self.strict.clone(),
            took: Duration::from_millis(self.took_ms),
            at: i64::try_from(self.asked_at).unwrap_or(i64::MAX),
        })
    }
}

/// What the file holds; a file that another version left behind counts as empty.
fn read(file: &mut File) -> io::Result<BTreeMap<String, Entry>> {
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    Ok(serde_json::from_slice(&text).unwrap_or_default())
}

/// Keys tell of endpoints and client ids; the file need not.
fn hashed(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes()))
}

fn seconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

/// Cleans up after other runs, whose folders stand beside `own`: files of tokens that have all
/// ended, and folders that nobody touched for a day.
///
/// # Errors
/// A folder cannot be read, or another process cleans up at the same time.
pub fn sweep(own: &Path) -> io::Result<()> {
    let Some(above) = own.parent() else {
        return Ok(());
    };
    for folder in fs::read_dir(above)? {
        let folder = folder?.path();
        if folder == own {
            continue;
        }
        let age = fs::metadata(&folder)?.modified()?.elapsed();
        if age.is_ok_and(|age| age.as_secs() > REFRESHABLE) {
            fs::remove_dir_all(&folder)?;
            continue;
        }
        for file in fs::read_dir(&folder)? {
            let file = file?.path();
            if file.extension().is_some_and(|ending| ending == "json") && has_ended(&file)? {
                fs::remove_file(&file)?;
            }
        }
    }
    Ok(())
}
