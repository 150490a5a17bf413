//! [`Standing`]: which values of the two sides stand for each other.
//!
//! Each side has its own base URLs, hosts, client ids and tokens, and makes its own ids. A text is
//! brought into a canonical form in which each of them is a mark; two texts that are equal then say
//! the same thing to a consumer.

use std::collections::{HashMap, HashSet};
use std::fmt;

use aho_corasick::AhoCorasick;
use percent_encoding::percent_decode_str;
use url::Url;

use super::marks::{self, Boundary};
use crate::pair::{Pair, Side};

/// A born value of fewer characters stands for nothing outside the place where it was captured: a
/// small number means too many other things. All elements of a list are one place.
const SHORTEST: usize = 4;

/// What stands for what on each side.
///
/// It holds tokens, so its `Debug` shows counts only.
#[derive(Clone, Default)]
pub struct Standing {
    bases: Vec<Pair<Base>>,
    words: Vec<Pair<String>>,
    /// How many pairs of born values there are.
    born: usize,
    /// The pair of each born value; a short one by its place and itself.
    index: Pair<HashMap<String, usize>>,
    /// Pairs of short values.
    short: HashSet<Pair<String>>,
    leak: Option<Leak>,
}

/// A base URL in the forms in which a text may carry it.
#[derive(Clone, Default)]
struct Base {
    url: String,
    encoded: String,
    authority: String,
    /// The authority as it stands in a query value; empty where that is no other text.
    encoded_authority: String,
    path: String,
}

/// Finds the old side's hosts.
#[derive(Clone)]
struct Leak {
    finder: AhoCorasick,
    /// The host of each pattern.
    hosts: Vec<String>,
}

/// What two texts are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// They say the same.
    Same,
    /// One of them stands for another value than the one shown.
    Broken,
    /// They say different things.
    Different,
}

impl fmt::Debug for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Standing")
            .field("bases", &self.bases.len())
            .field("words", &self.words.len())
            .field("born", &self.born)
            .finish_non_exhaustive()
    }
}

impl Standing {
    /// Adds a base URL of each side: the URL, its host and its path stand for each other. Give the
    /// target's URL and the URL with the API's base path alike; the longest match counts.
    pub fn base(&mut self, urls: Pair<&str>) {
        let base = urls.map(Base::read);
        if base.old.url == base.new.url && base.old.authority == base.new.authority {
            return;
        }
        self.bases.push(base);
        self.bases
            .sort_by_key(|base| std::cmp::Reverse(base.old.url.len().max(base.new.url.len())));
        self.leak = Leak::of(&self.bases);
    }

    /// Adds a value that the run itself gave each side: a client id, a token, a `{{side}}`.
    pub fn word(&mut self, values: Pair<&str>) {
        if values.old != values.new && !values.old.is_empty() && !values.new.is_empty() {
            self.words.push(values.map(str::to_owned));
        }
    }

    /// Adds a value that each side made in this case or its chain, and the place where it was seen
    /// (`$.id`, `header:location`). `false` when one of the two already stands for another value.
    pub fn born(&mut self, values: Pair<&str>, place: &str) -> bool {
        let keys = if is_short(values) {
            self.short.insert(values.map(str::to_owned));
            values.map(|value| scoped(place, value))
        } else {
            values.map(str::to_owned)
        };
        let known = Pair::of(|side| self.index[side].get(&keys[side]).copied());
        match (known.old, known.new) {
            (None, None) => {}
            (old, new) => return old == new,
        }
        self.index.old.insert(keys.old, self.born);
        self.index.new.insert(keys.new, self.born);
        self.born += 1;
        true
    }

    /// Whether nothing stands for anything.
    pub fn is_empty(&self) -> bool {
        self.bases.is_empty() && self.words.is_empty() && self.born == 0
    }

    /// What a text of each side is to the other, at a place of the answer.
    pub fn relation(&self, texts: Pair<&str>, place: &str) -> Relation {
        if texts.old == texts.new {
            return Relation::Same;
        }
        if self.is_empty() {
            return Relation::Different;
        }
        let born = self.tied(texts, place);
        if born != Relation::Different {
            return born;
        }
        let canonical = texts.map_sides(|side, text| self.canonical(side, text));
        if canonical.old == canonical.new {
            return Relation::Same;
        }
        parted(canonical.as_ref().map(String::as_str))
    }

    /// Whole values by the renaming of born values, equal ones too: where each side makes its own
    /// ids, one that both made is one of them. [`Relation::Different`] where neither is known.
    pub fn tied(&self, values: Pair<&str>, place: &str) -> Relation {
        let known = values.map_sides(|side, value| {
            let index = &self.index[side];
            let long = index.get(value);
            long.or_else(|| index.get(&scoped(place, value))).copied()
        });
        match (known.old, known.new) {
            (None, None) => Relation::Different,
            (old, new) if old == new => Relation::Same,
            _ => Relation::Broken,
        }
    }

    /// Whether two texts differ only in born values that are too short to stand for each other here.
    pub fn differ_in_short_ids(&self, texts: Pair<&str>) -> bool {
        if self.short.is_empty() {
            return false;
        }
        let canonical = texts.map_sides(|side, text| self.canonical(side, text));
        let parts = canonical
            .as_ref()
            .map(|text| marks::parts(text).collect::<Vec<_>>());
        let is_short = |old: &str, new: &str| {
            let pair = Pair::new(old, new).map(str::to_owned);
            self.short.contains(&pair)
        };
        parts.old.len() == parts.new.len()
            && parts
                .old
                .iter()
                .zip(&parts.new)
                .all(|(old, new)| old == new || is_short(old, new))
    }

    /// A text of a side with everything that stands for something turned into marks.
    pub fn canonical(&self, side: Side, text: &str) -> String {
        let mut text = text.to_owned();
        for (at, base) in self.bases.iter().enumerate() {
            let base = &base[side];
            text = marks::replace(&text, &base.url, &marks::url(at), Boundary::Host);
            text = marks::replace(&text, &base.encoded, &marks::url(at), Boundary::Host);
        }
        for (at, base) in self.bases.iter().enumerate() {
            let base = &base[side];
            let same = |other: &&Pair<Base>| other[side].authority == base.authority;
            let first = self.bases.iter().position(|other| same(&other));
            let mark = marks::host(first.unwrap_or(at));
            text = marks::replace(&text, &base.authority, &mark, Boundary::Host);
            text = marks::replace(&text, &base.encoded_authority, &mark, Boundary::Host);
            let moved = self
                .bases
                .get(at)
                .is_some_and(|base| base.old.path != base.new.path);
            if moved && text.starts_with('/') && text.starts_with(&base.path) {
                let rest = text.get(base.path.len()..).unwrap_or_default();
                if rest.is_empty() || rest.starts_with(['/', '?', '#']) {
                    text = format!("{}{rest}", marks::path(at));
                }
            }
        }
        for (at, word) in self.words.iter().enumerate() {
            text = marks::replace(&text, &word[side], &marks::word(at), Boundary::Word);
        }
        self.born_parts(side, text)
    }

    /// Marks born values at whole URL path segments and query values.
    fn born_parts(&self, side: Side, text: String) -> String {
        if self.born == 0 || !text.contains(['/', '?', '=']) {
            return text;
        }
        let mut marked = String::with_capacity(text.len());
        for part in marks::pieces(&text) {
            let decoded = percent_decode_str(part).decode_utf8_lossy();
            match self.index[side].get(decoded.as_ref()) {
                Some(at) => marked.push_str(&marks::born(*at)),
                None => marked.push_str(part),
            }
        }
        marked
    }

    /// The old side's host, if bytes of the new side carry it.
    pub fn leaked(&self, bytes: &[u8]) -> Option<&str> {
        let leak = self.leak.as_ref()?;
        leak.finder.find_overlapping_iter(bytes).find_map(|found| {
            let before = bytes.get(..found.start())?;
            let free = marks::host_ends(before, bytes.get(found.end()..)?);
            let host = leak.hosts.get(found.pattern().as_usize())?;
            free.then_some(host.as_str())
        })
    }

    /// The URL that a side's relative reference (`/orders/1`) means; anything else as it is.
    pub fn absolute(&self, side: Side, reference: &str) -> String {
        if !reference.starts_with('/') || reference.starts_with("//") {
            return reference.to_owned();
        }
        let base = self
            .bases
            .first()
            .and_then(|base| Url::parse(&base[side].url).ok());
        match base {
            Some(base) => format!("{}{reference}", base.origin().ascii_serialization()),
            None => reference.to_owned(),
        }
    }
}

/// Texts that differ only in parts that stand for others: a broken reference.
fn parted(canonical: Pair<&str>) -> Relation {
    let parts = canonical.map(|text| marks::parts(text).collect::<Vec<_>>());
    if parts.old.len() != parts.new.len() {
        return Relation::Different;
    }
    let differing = parts.old.iter().zip(&parts.new).filter(|(a, b)| a != b);
    let broken = differing
        .clone()
        .all(|(a, b)| marks::is_mark(a) || marks::is_mark(b));
    if broken && differing.count() > 0 {
        Relation::Broken
    } else {
        Relation::Different
    }
}

/// Whether one of two values is too short to stand for the other everywhere.
pub(crate) fn is_short(values: Pair<&str>) -> bool {
    let short = values.map(|value| value.chars().nth(SHORTEST - 1).is_none());
    short.old || short.new
}

/// The key of a short value: its place, whatever the element, and itself.
fn scoped(place: &str, value: &str) -> String {
    let mut key = String::with_capacity(place.len() + value.len() + 1);
    for (at, piece) in place.split('[').enumerate() {
        let index = piece.split_once(']');
        match index.filter(|(index, _)| at > 0 && index.bytes().all(|b| b.is_ascii_digit())) {
            Some((_, rest)) => key.extend(["[*]", rest]),
            None if at > 0 => key.extend(["[", piece]),
            None => key.push_str(piece),
        }
    }
    key.push('\0');
    key.push_str(value);
    key
}

impl Base {
    fn read(url: &str) -> Self {
        let url = url.trim_end_matches('/');
        let parsed = Url::parse(url).ok();
        let authority = parsed.as_ref().and_then(authority).unwrap_or_default();
        let path = parsed.map(|url| url.path().trim_end_matches('/').to_owned());
        let encoded_authority = Some(encoded(&authority)).filter(|text| *text != authority);
        Self {
            url: url.to_owned(),
            encoded: encoded(url),
            authority,
            encoded_authority: encoded_authority.unwrap_or_default(),
            path: path.unwrap_or_default(),
        }
    }
}

/// A text as it stands in a query value: all but what is unreserved (RFC 3986 section 2.3) encoded.
fn encoded(text: &str) -> String {
    const RESERVED: percent_encoding::AsciiSet = percent_encoding::NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    percent_encoding::utf8_percent_encode(text, &RESERVED).to_string()
}

/// Host and port, as a URL shows them.
fn authority(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

impl Leak {
    fn of(bases: &[Pair<Base>]) -> Option<Self> {
        let new_hosts: Vec<&str> = bases.iter().map(|base| host(&base.new.authority)).collect();
        let mut hosts: Vec<String> = Vec::new();
        for base in bases {
            let authority = base.old.authority.as_str();
            // The bare host tells more, unless both sides live on one host.
            let sought = if new_hosts.contains(&host(authority)) {
                authority
            } else {
                host(authority)
            };
            let new_too = bases.iter().any(|base| base.new.authority == sought);
            if !sought.is_empty() && !new_too && !hosts.iter().any(|known| known == sought) {
                hosts.push(sought.to_owned());
            }
        }
        let forms = hosts.iter().flat_map(|host| {
            let encoded = encoded(host);
            let other = (encoded != *host).then_some(encoded);
            std::iter::once(host.clone())
                .chain(other)
                .map(|form| (form, host.clone()))
        });
        let (patterns, hosts): (Vec<String>, Vec<String>) = forms.unzip();
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(&patterns)
            .ok()?;
        (!hosts.is_empty()).then_some(Self { finder, hosts })
    }
}

/// The host of an authority.
fn host(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests;
