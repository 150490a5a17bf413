//! [`Profile`]: one token behaviour that a client program is put through.

use std::path::Path;
use std::sync::Arc;

use super::shipped::{BASE, PROFILES};
use crate::mock::Double;
use crate::mock::document::TokenDoc;
use crate::source::{
    Cx, Decode, Diagnostic, Diagnostics, Entry, Node, Source, Span, Spanned, Value, document,
    nearest, parse,
};

/// The profile that every other is held against.
pub const BASELINE: &str = "opaque-uuid";
/// What stands in the place of a profile for the case of `--capacity`: no profile has its name.
pub const CAPACITY: &str = "capacity";
/// Runs of the program in one profile, at most.
const MOST_RUNS: u64 = 10;

document! {
    /// One token behaviour.
    pub struct ProfileDoc is "a profile" {
        /// Its name, as reports and `--profiles` have it.
        required name: Spanned<String>,
        /// What it is, in a line.
        required about: String,
        /// Where it is seen in the wild.
        required seen_in: String,
        /// What a right program does.
        required expectation: String,
        /// Runs of the program, one after the other in the same folders; 1 if not given.
        optional runs: Option<Spanned<u64>>,
        /// Whether it takes seconds: `--fast` leaves it out.
        optional waits: bool,
        /// Whether a service is sent each request five times at once.
        optional together: bool,
        /// The `token:` part of a double, merged over what all profiles have.
        required token: Node,
        /// The `gateway:` part, where refusals are told in another way.
        optional gateway: Option<Node>,
    }
}

/// One token behaviour, checked.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// What it is, in a line.
    pub about: String,
    /// Where it is seen in the wild.
    pub seen_in: String,
    /// What a right program does.
    pub expectation: String,
    /// Runs of the program.
    pub runs: u64,
    /// Whether it takes seconds.
    pub waits: bool,
    /// Whether a service is sent each request several times at once.
    pub together: bool,
    node: Node,
    source: Arc<Source>,
    token: TokenDoc,
}

impl Profile {
    /// Every shipped profile, the baseline first.
    ///
    /// # Errors
    /// None while the shipped files are sound, which a test sees to.
    pub fn shipped() -> Result<Vec<Self>, Diagnostics> {
        let read = PROFILES
            .iter()
            .map(|(_, path, text)| Self::read(&Source::new(*path, *text)));
        read.collect()
    }

    /// The shipped profile of a name; else what may be meant.
    ///
    /// # Errors
    /// What to do about the name.
    pub fn named(name: &str) -> Result<Self, String> {
        let names = || PROFILES.iter().map(|(name, ..)| *name);
        let found = PROFILES.iter().find(|(known, ..)| *known == name);
        match found {
            Some((_, path, text)) => {
                Self::read(&Source::new(*path, *text)).map_err(|problems| problems.render(false))
            }
            None => Err(match nearest(name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "--list-profiles lists them; the path of a profile file ends with .yaml"
                    .to_owned(),
            }),
        }
    }

    /// Reads a profile of the user's own.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn load(path: &Path) -> Result<Self, Diagnostics> {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::read(&Source::new(name, text)),
            Err(error) => {
                let source = Source::new(name, "");
                let message = format!("cannot be read: {error}");
                let mut problems = Diagnostics::default();
                problems.push(Diagnostic::error(&source, Span::default(), message));
                Err(problems)
            }
        }
    }

    /// Reads a profile from a text.
    ///
    /// # Errors
    /// Every problem of the text.
    pub fn read(source: &Arc<Source>) -> Result<Self, Diagnostics> {
        let (node, mut cx) = Cx::open(source)?;
        let doc = ProfileDoc::decode(&node, &mut cx);
        if let Some(doc) = &doc {
            check(doc, &mut cx);
        }
        // What is wrong further in is told in the same go.
        let over = over_base(&node, doc.as_ref());
        let double = Double::of(&base().merged(over.clone()), source, None);
        let double = double.map_err(|problems| cx.diagnostics.append(problems));
        let token = double.ok().and_then(|double| double.doc.token);
        match doc.zip(token) {
            Some((doc, token)) if !cx.diagnostics.has_errors() => Ok(Self {
                name: doc.name.value,
                about: doc.about,
                seen_in: doc.seen_in,
                expectation: doc.expectation,
                runs: doc.runs.map_or(1, |runs| runs.value),
                waits: doc.waits,
                together: doc.together,
                node: over,
                source: Arc::clone(source),
                token,
            }),
            _ => Err(cx.diagnostics),
        }
    }

    /// Whether it is the one that others are held against.
    pub fn is_baseline(&self) -> bool {
        self.name == BASELINE
    }

    /// Its token server, as it is served.
    pub(crate) const fn token(&self) -> &TokenDoc {
        &self.token
    }

    /// The double that serves it: what all profiles have, what the suite serves, the profile itself.
    pub(crate) fn double(&self, served: Option<&Node>, tls: bool) -> Result<Double, Diagnostics> {
        let mut node = base();
        if let Some(served) = served {
            node = node.merged(served.clone());
        }
        node = node.merged(self.node.clone());
        if tls {
            let listen = Node::map(vec![Entry::new("tls", Node::text("server"))]);
            node = node.merged(Node::map(vec![Entry::new("listen", listen)]));
        }
        Double::of(&node, &self.source, None)
    }
}

fn check(doc: &ProfileDoc, cx: &mut Cx<'_>) {
    let name = &doc.name;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(fits) {
        let message = format!("`{}` is no name of a profile", name.value);
        cx.error::<()>(name.span, message, "small letters, digits and hyphens");
    }
    if name.value == CAPACITY {
        let message = format!("`{CAPACITY}` is no name of a profile");
        cx.error::<()>(name.span, message, "the case of `--capacity` has it");
    }
    if let Some(runs) = &doc.runs
        && !(1..=MOST_RUNS).contains(&runs.value)
    {
        let message = format!("{} runs cannot be made", runs.value);
        cx.error::<()>(runs.span, message, "from 1 to 10");
    }
}

/// What a profile puts over the base.
fn over_base(node: &Node, doc: Option<&ProfileDoc>) -> Node {
    let parts = ["token", "gateway"].into_iter();
    let parts = parts.filter_map(|key| Some(Entry::new(key, node.get(key)?.clone())));
    let mut entries: Vec<Entry> = parts.collect();
    if let Some(doc) = doc {
        let name = Node::new(Value::Text(doc.name.value.clone()), doc.name.span);
        entries.push(Entry::new("name", name));
    }
    Node::new(Value::Map(entries), node.span)
}

fn base() -> Node {
    let (path, text) = BASE;
    // It is sound, which a test sees to.
    parse(&Source::new(path, text)).unwrap_or_else(|_| Node::map(Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_profile_is_sound_and_goes_by_the_name_of_its_file() {
        let profiles = Profile::shipped().expect("sound files");
        let names: Vec<&str> = profiles
            .iter()
            .map(|profile| profile.name.as_str())
            .collect();
        let files: Vec<&str> = PROFILES.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names, files);
        assert_eq!((names.len(), names[0]), (29, BASELINE));
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        let text = "name: Big One\nabout: a\nseen_in: b\nexpectation: c\nruns: 0\n\
                    token: { format: jwtt, lenght: 9 }\n";
        let problems = Profile::read(&Source::new("own.yaml", text)).expect_err("mistakes");
        let told = problems.render(false);
        for part in ["`Big One`", "0 runs", "`jwt`?", "`length`?", "own.yaml:6"] {
            assert!(told.contains(part), "{part}: {told}");
        }
        let text =
            "name: big\nabout: a\nseen_in: b\nexpectation: c\nwait: true\ntoken: { lenght: 9 }\n";
        let problems = Profile::read(&Source::new("own.yaml", text)).expect_err("mistakes");
        let told = problems.render(false);
        for part in ["`waits`?", "own.yaml:5", "`length`?", "own.yaml:6"] {
            assert!(told.contains(part), "{part}: {told}");
        }
        let text = "name: big\nabout: a\nseen_in: b\nexpectation: c\n\
                    token: { length: 99999999999, refresh_length: 0, content_type: \"a\\nb\" }\n";
        let problems = Profile::read(&Source::new("own.yaml", text)).expect_err("mistakes");
        let told = problems.render(false);
        for part in [
            "99999999999 characters",
            "has 0 characters",
            "`Content-Type`",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }

    #[test]
    fn a_wrong_name_is_answered_with_the_nearest() {
        assert_eq!(
            Profile::named("jwt-4").map(|p| p.name),
            Err("did you mean `jwt-4k`?".to_owned())
        );
    }
}
