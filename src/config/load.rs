//! From the pair file, or from two URLs, to a checked [`PairFile`].

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::check::check;
use super::folder::Folder;
use super::interpolate::{EnvReader, interpolate};
use super::outside::Outside;
use super::pair_file::PairDoc;
use super::partial;
use super::url::BaseUrl;
use super::variable::VarDoc;
use crate::pair::{Pair, Side};
use crate::redact::Secrets;
use crate::source::{
    Cx, Decode, Diagnostic, Diagnostics, Entry, Node, Source, Span, Value, nearest,
};

/// The pair, checked, for one environment.
#[derive(Debug, Clone)]
pub struct PairFile {
    /// The file.
    pub source: Arc<Source>,
    /// The folder in which its paths start.
    pub folder: Folder,
    /// What it says, the environment merged in.
    pub doc: PairDoc,
    /// The name of that environment.
    pub environment: Option<String>,
    /// What it takes from the environment variables and files around it.
    pub outside: Outside,
}

/// Two base URLs given on the command line.
#[derive(Debug, Clone)]
pub struct UrlPair {
    /// The base URLs.
    pub urls: Pair<BaseUrl>,
    /// Environment variables that hold a bearer token, if any.
    pub bearer_env: Pair<Option<String>>,
}

/// Where the pair comes from.
#[derive(Debug)]
pub struct PairInput<'a> {
    /// The pair file, if there is one: its path and text.
    pub file: Option<(PathBuf, String)>,
    /// URLs that replace those of the file, or stand alone.
    pub urls: Option<UrlPair>,
    /// `--env NAME`.
    pub environment: Option<&'a str>,
}

/// What a pair file says, sound or not.
#[derive(Debug)]
pub struct PairRead {
    /// The pair, without what cannot be read; nothing where too little can.
    pub file: Option<PairFile>,
    /// The same with each environment that was not asked for.
    pub others: Vec<PairFile>,
    /// Every problem found so far.
    pub problems: Diagnostics,
}

impl PairRead {
    const fn nothing(problems: Diagnostics) -> Self {
        Self {
            file: None,
            others: Vec::new(),
            problems,
        }
    }
}

/// Reads the pair.
///
/// # Errors
/// Every problem of the file.
pub fn load_pair(input: PairInput<'_>, env: EnvReader<'_>) -> Result<PairFile, Diagnostics> {
    let read = read_pair(input, env);
    match read.file {
        Some(file) if !read.problems.has_errors() => Ok(file),
        _ => Err(read.problems),
    }
}

/// Reads the pair as far as it can be read, for those who have more to look up in it.
pub fn read_pair(input: PairInput<'_>, env: EnvReader<'_>) -> PairRead {
    let alone = input.file.is_none();
    let (path, text) = input
        .file
        .unwrap_or((PathBuf::from("--old --new"), String::new()));
    let source = Source::new(path.display().to_string(), text);
    let (mut root, mut cx) = match opened(&source, alone) {
        Ok(opened) => opened,
        Err(problems) => return PairRead::nothing(problems),
    };
    let folder = Folder::of(&path);
    let environments = environments(&mut root, &mut cx);
    let pair = |doc, environment, outside| PairFile {
        source: Arc::clone(&source),
        folder: folder.clone(),
        doc,
        environment,
        outside,
    };
    let laid = |over: Option<&Node>| {
        let over = over.filter(|over| over.value != Value::Null);
        let root = over.map_or_else(|| root.clone(), |over| root.clone().merged(over.clone()));
        match &input.urls {
            Some(urls) => with_urls(root, urls, alone),
            None => root,
        }
    };
    let chosen = input
        .environment
        .and_then(|name| chosen(&environments, name, root.span, &mut cx));
    let name = input.environment.map(str::to_owned);
    // Nothing is missed in a pair of which the environment is not known.
    let effective = (name.is_some() == chosen.is_some()).then(|| laid(chosen.as_ref()));
    let file = effective.and_then(|mut effective| {
        let outside = interpolate(&mut effective, &mut cx, env, &folder);
        let unfilled: Vec<Span> = cx.diagnostics.iter().map(|problem| problem.span).collect();
        let doc = checked(&effective, &unfilled, Some(&folder), &mut cx)?;
        Some(pair(doc, name, outside))
    });
    let is_other = |entry: &Entry| input.environment != Some(entry.key.value.as_str());
    let others = environments.into_iter().filter(is_other);
    let others = others.filter_map(|entry| {
        // Other environments may name variables that are not set on this machine: what depends on
        // them is not looked at.
        let other = laid(Some(&entry.value));
        let doc = checked(&other, &open_spans(&other), None, &mut cx)?;
        Some(pair(doc, Some(entry.key.value), Outside::default()))
    });
    let others = others.collect();
    PairRead {
        file,
        others,
        problems: cx.diagnostics.distinct(),
    }
}

/// The tree of the file. Where there is none, the URLs of the command line are laid over nothing.
fn opened(source: &Arc<Source>, alone: bool) -> Result<(Node, Cx<'_>), Diagnostics> {
    let (mut root, cx) = Cx::open(source)?;
    if alone && root.value == Value::Null {
        root.value = Value::Map(Vec::new());
    }
    Ok((root, cx))
}

/// The document of a tree, or of what can be read of it; reports problems save those at places that
/// have theirs. Files that it names are looked for where a folder is given.
fn checked(
    root: &Node,
    told: &[Span],
    folder: Option<&Folder>,
    cx: &mut Cx<'_>,
) -> Option<PairDoc> {
    let mut own = Cx::new(cx.source);
    let doc = PairDoc::decode(root, &mut own);
    let doc = doc.or_else(|| partial::readable(root, cx.source));
    if let Some(doc) = &doc {
        check(doc, folder, &mut own);
    }
    for problem in own.diagnostics.iter() {
        if !told.contains(&problem.span) {
            cx.diagnostics.push(problem.clone());
        }
    }
    doc
}

/// Takes the environments out of a file.
fn environments(root: &mut Node, cx: &mut Cx<'_>) -> Vec<Entry> {
    let Value::Map(entries) = &mut root.value else {
        return Vec::new();
    };
    let Some(at) = entries
        .iter()
        .position(|entry| entry.key.value == "environments")
    else {
        return Vec::new();
    };
    let node = entries.remove(at).value;
    let all = match node.value {
        Value::Map(all) => all,
        Value::Null => Vec::new(),
        _ => {
            cx.expected::<()>(&node, "a mapping from names to settings");
            Vec::new()
        }
    };
    let sound = |entry: &Entry| match &entry.value.value {
        Value::Map(keys) => {
            let inner = keys.iter().find(|key| key.key.value == "environments");
            if let Some(inner) = inner {
                let message = "an environment has no `environments`";
                cx.error::<()>(inner.key.span, message, "move them one level up");
            }
            inner.is_none()
        }
        Value::Null => true,
        _ => {
            cx.expected::<()>(&entry.value, "a mapping, as the file itself is one");
            false
        }
    };
    all.into_iter().filter(sound).collect()
}

/// The settings of the environment that was asked for.
fn chosen(environments: &[Entry], name: &str, root: Span, cx: &mut Cx<'_>) -> Option<Node> {
    let found = environments.iter().find(|entry| entry.key.value == name);
    if let Some(entry) = found {
        return Some(entry.value.clone());
    }
    let known: Vec<&str> = environments.iter().map(|e| e.key.value.as_str()).collect();
    let span = environments.first().map_or(root, |entry| entry.key.span);
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean --env {near}?"),
        None if known.is_empty() => "the file has no `environments`".to_owned(),
        None => format!("known: {}", known.join(", ")),
    };
    let message = format!("unknown environment `{name}`");
    cx.report(Diagnostic::error(cx.source, span, message).help(help))
}

/// Where texts stand that are filled in from outside.
fn open_spans(node: &Node) -> Vec<Span> {
    match &node.value {
        Value::List(items) => items.iter().flat_map(open_spans).collect(),
        Value::Map(entries) => entries.iter().flat_map(|e| open_spans(&e.value)).collect(),
        Value::Text(text) if text.contains("${") => vec![node.span],
        _ => Vec::new(),
    }
}

/// Lays the URLs of the command line over the file. Alone they make a pair of their own, on which
/// `--allow-writes` is the only key: there is no file that could hold the other.
fn with_urls(mut root: Node, urls: &UrlPair, alone: bool) -> Node {
    for side in Side::BOTH {
        let mut target = vec![Entry::new("url", Node::text(urls.urls[side].as_str()))];
        if alone {
            target.push(Entry::new("writes", Node::text("allowed")));
            target.push(Entry::new("name", Node::text(side.word())));
        }
        if let Some(variable) = &urls.bearer_env[side] {
            drop_key(&mut root, &[side.word(), "tokens"], "app");
            let credential = Node::map(vec![
                Entry::new("grant", Node::text("static")),
                Entry::new("value", Node::text(&format!("${{env:{variable}}}"))),
            ]);
            target.push(Entry::new(
                "tokens",
                Node::map(vec![Entry::new("app", credential)]),
            ));
        }
        root = root.merged(Node::map(vec![Entry::new(side.word(), Node::map(target))]));
    }
    root
}

fn drop_key(node: &mut Node, path: &[&str], key: &str) {
    let Value::Map(entries) = &mut node.value else {
        return;
    };
    match path.split_first() {
        None => entries.retain(|entry| entry.key.value != key),
        Some((first, rest)) => {
            for entry in entries.iter_mut().filter(|entry| entry.key.value == *first) {
                drop_key(&mut entry.value, rest, key);
            }
        }
    }
}

impl PairFile {
    /// The document of a side.
    pub fn target(&self, side: Side) -> &super::TargetDoc {
        match side {
            Side::Old => &self.doc.old,
            Side::New => &self.doc.new,
        }
    }

    /// Makes known what it says that must not be shown, beside its credentials.
    pub fn register(&self, secrets: &Secrets) {
        self.outside.register(secrets);
        for side in Side::BOTH {
            for (name, value) in self.target(side).headers.iter() {
                secrets.add_header(&name.value, value, false);
            }
        }
    }

    /// Exchanges the sides, in everything that is said of a side.
    pub fn swap(&mut self) {
        std::mem::swap(&mut self.doc.old, &mut self.doc.new);
        for (_, api) in &mut self.doc.apis.0 {
            std::mem::swap(&mut api.old, &mut api.new);
        }
        for (_, var) in &mut self.doc.vars.0 {
            if let VarDoc::Given(pair) = var {
                *pair = pair.clone().swap();
            }
        }
    }

    /// The path that was read, as it was given.
    pub fn path(&self) -> &Path {
        Path::new(&self.source.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
old:
  url: https://old.example.com
  tokens: { app: { client_id: a, client_secret: '${env:SECRET}', token_endpoint: 'https://old.example.com/token' } }
new: { url: 'https://new.example.com/', writes: allowed }
environments:
  prod: { new: { url: 'https://prod.example.com' } }
  dark: { new: { url: '${env:NOT_SET}' } }
";

    fn load(text: &str, environment: Option<&str>) -> Result<PairFile, String> {
        let file = Some((PathBuf::from("cutover.yaml"), text.to_owned()));
        let input = PairInput {
            file,
            urls: None,
            environment,
        };
        load_pair(input, &|name| {
            (name == "SECRET").then(|| "s3cret!".to_owned())
        })
        .map_err(|problems| problems.render(false))
    }

    #[test]
    fn an_environment_is_merged_key_by_key_and_the_others_are_left_alone() {
        let pair = load(FILE, Some("prod")).expect("a pair");
        assert_eq!(pair.doc.new.url.as_str(), "https://prod.example.com");
        assert_eq!(pair.doc.new.writes, Some(super::super::WritesDoc::Allowed));
        assert!(!format!("{pair:?}").contains("s3cret!"));
        let problem = load(FILE, Some("prd")).expect_err("unknown");
        assert!(problem.contains("did you mean --env prod?"), "{problem}");
    }

    #[test]
    fn a_credential_says_what_its_grant_needs() {
        let text = FILE.replace("client_id: a, ", "username: u, ");
        let problem = load(&text, None).expect_err("incomplete");
        assert!(
            problem.contains("(client_credentials) needs `client_id`"),
            "{problem}"
        );
        assert!(problem.contains("has no use for `username`"), "{problem}");
    }

    #[test]
    fn two_urls_are_a_pair() {
        let url = |text| BaseUrl::parse(text).expect("URL");
        let urls = UrlPair {
            urls: Pair::new(url("http://127.0.0.1:1"), url("http://127.0.0.1:2/v1/")),
            bearer_env: Pair::new(Some("T".into()), None),
        };
        let input = PairInput {
            file: None,
            urls: Some(urls),
            environment: None,
        };
        let pair = load_pair(input, &|_| Some("token-value".into())).expect("a pair");
        assert_eq!(pair.doc.new.url.as_str(), "http://127.0.0.1:2/v1");
        assert_eq!(pair.doc.old.tokens.names().collect::<Vec<_>>(), ["app"]);
    }
}
