//! The table of client libraries that is expected, held cell by cell against what small drivers saw of each library
//! (`tests/real/clients/seen.txt`): what differs has its reason there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Findings of a cell.
type Found = BTreeSet<String>;

fn read(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/clients");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// What must be found and what may be, by library and profile; the libraries and the profiles.
#[derive(Default)]
struct Expected {
    must: BTreeMap<(String, String), Found>,
    may: BTreeMap<(String, String), Found>,
    libraries: BTreeSet<String>,
    profiles: BTreeSet<String>,
}

impl Expected {
    fn read() -> Self {
        let mut expected = Self::default();
        for line in read("expected.txt").lines() {
            if let Some(version) = line.strip_prefix("# version ") {
                let name = version.split(' ').next().unwrap();
                expected.libraries.insert(name.to_owned());
            } else if let Some(names) = line.strip_prefix("# profiles ") {
                expected.profiles = words(names);
            } else if !line.starts_with('#') {
                let (cells, line) = match line.strip_prefix("? ") {
                    Some(line) => (&mut expected.may, line),
                    None => (&mut expected.must, line),
                };
                let mut parts = line.splitn(3, ' ').map(str::to_owned);
                let cell = (parts.next().unwrap(), parts.next().unwrap());
                cells.entry(cell).or_default().insert(parts.next().unwrap());
            }
        }
        expected
    }

    /// Whether a cell has just these findings; those that hang on how threads meet may be among them. Counts of
    /// requests are held where they are what is seen.
    fn has(&self, library: &str, profile: &str, seen: &Found) -> bool {
        let counts = seen.iter().any(|finding| finding.starts_with("requests "));
        let of = |cells: &BTreeMap<(String, String), Found>| -> Found {
            let cell = cells.get(&(library.to_owned(), profile.to_owned()));
            let cell = cell.into_iter().flatten();
            cell.filter(|line| line.starts_with("requests ") == counts)
                .cloned()
                .collect()
        };
        let (must, may) = (of(&self.must), of(&self.may));
        must.is_subset(seen)
            && seen
                .iter()
                .all(|one| must.contains(one) || may.contains(one))
    }
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(' ').map(str::to_owned).collect()
}

fn found(text: &str) -> Found {
    match text {
        "-" => Found::new(),
        some => some.split("; ").map(str::to_owned).collect(),
    }
}

/// A row: its profiles, and what was seen of which library; what is found in its place, of one profile or of all.
#[derive(Default)]
struct Row {
    profiles: Vec<String>,
    all: Found,
    seen: BTreeMap<String, Found>,
    but: Vec<(String, Option<String>, Found)>,
}

impl Row {
    fn add(&mut self, line: &str) {
        let (line, reason) = match line.split_once(" because ") {
            Some((line, reason)) => (line, Some(reason)),
            None => (line, None),
        };
        if let Some(line) = line.strip_prefix("but ") {
            assert!(reason.is_some_and(|reason| reason.len() > 20), "{line}");
            let (library, rest) = line.split_once(' ').unwrap();
            let first = rest.split(' ').next().unwrap();
            let one = self.profiles.iter().find(|profile| *profile == first);
            let rest = one.map_or(rest, |_| rest.split_once(' ').unwrap().1);
            self.but
                .push((library.to_owned(), one.cloned(), found(rest)));
        } else if let Some(all) = line.strip_prefix("* ") {
            self.all = found(all);
        } else {
            let (library, rest) = line.split_once(' ').unwrap();
            self.seen.insert(library.to_owned(), found(rest));
        }
    }

    /// What is to be found of a library in a profile; none where it was not driven.
    fn of(&self, library: &str, profile: &str) -> Option<&Found> {
        let but = self.but.iter().find(|(name, one, _)| {
            name == library && one.as_deref().is_none_or(|one| one == profile)
        });
        let seen = self.seen.get(library);
        match but {
            Some((_, _, found)) => Some(found),
            None if ["google-auth", "curl"].contains(&library) => seen,
            None => Some(seen.unwrap_or(&self.all)),
        }
    }
}

#[test]
fn the_expected_table_is_what_the_drivers_saw_or_says_why_not() {
    let expected = Expected::read();
    let mut rows: Vec<Row> = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let text = read("seen.txt");
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some((_, profiles)) = line
            .strip_prefix("== ")
            .map(|row| row.rsplit_once(": ").unwrap())
        {
            let profiles: Vec<String> = profiles.split(' ').map(str::to_owned).collect();
            known.extend(profiles.iter().cloned());
            rows.push(Row {
                profiles,
                ..Row::default()
            });
        } else if let Some(beside) = line.strip_prefix("beside ") {
            let (profiles, reason) = beside.split_once(" because ").unwrap();
            assert!(!reason.is_empty(), "{line}");
            known.extend(words(profiles));
        } else if !line.starts_with('#') {
            rows.last_mut().unwrap().add(line);
        }
    }
    assert_eq!(known, expected.profiles, "each profile has its row");
    let mut cells = 0;
    for row in &rows {
        let named = row.seen.keys().chain(row.but.iter().map(|(name, ..)| name));
        let unknown: Vec<&String> = named
            .filter(|name| !expected.libraries.contains(*name))
            .collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        for profile in &row.profiles {
            for library in &expected.libraries {
                let Some(seen) = row.of(library, profile) else {
                    continue;
                };
                cells += 1;
                assert!(
                    expected.has(library, profile, seen),
                    "{library} {profile}: seen {seen:?}, expected {:?}",
                    expected.must.get(&(library.clone(), profile.clone()))
                );
            }
        }
    }
    assert!(cells > 400, "{cells} cells");
}
