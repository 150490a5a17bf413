//! From the pair file, or from two URLs, to a checked [`PairFile`].

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::folder::Folder;
use super::interpolate::{EnvReader, interpolate};
use super::pair_file::PairDoc;
use super::url::BaseUrl;
use super::variable::VarDoc;
use crate::pair::{Pair, Side};
use crate::source::{
    Cx, Decode, Diagnostic, Diagnostics, Entry, Node, Source, Span, Spanned, Value, nearest, parse,
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

/// Reads the pair.
///
/// # Errors
/// Every problem of the file.
pub fn load_pair(input: PairInput<'_>, env: EnvReader<'_>) -> Result<PairFile, Diagnostics> {
    let alone = input.file.is_none();
    let (path, text) = input
        .file
        .unwrap_or((PathBuf::from("--old --new"), String::new()));
    let source = Source::new(path.display().to_string(), text);
    let mut cx = Cx::new(&source);
    let root = match parse(&source) {
        Ok(node) => node,
        Err(diagnostic) => {
            cx.report::<()>(*diagnostic);
            return Err(cx.diagnostics);
        }
    };
    let folder = Folder::of(&path);
    let mut root = match root.value {
        Value::Null if alone => Node::new(Value::Map(Vec::new()), root.span),
        _ => root,
    };
    if let Some(name) = input.environment {
        root = with_environment(root, name, &mut cx).unwrap_or_else(|node| node);
    }
    if let Some(urls) = &input.urls {
        root = with_urls(root, urls, alone);
    }
    // Other environments may name variables that are not set on this machine.
    let environments = take(&mut root, "environments");
    interpolate(&mut root, &mut cx, env, &folder);
    put(&mut root, environments);
    let doc = PairDoc::decode(&root, &mut cx);
    if let Some(doc) = &doc {
        check(doc, &mut cx);
    }
    match doc {
        Some(doc) if !cx.diagnostics.has_errors() => Ok(PairFile {
            source: Arc::clone(&source),
            folder,
            doc,
            environment: input.environment.map(str::to_owned),
        }),
        _ => Err(cx.diagnostics),
    }
}

fn with_environment(root: Node, name: &str, cx: &mut Cx<'_>) -> Result<Node, Node> {
    let known: Vec<String> = match root.get("environments").map(|node| &node.value) {
        Some(Value::Map(entries)) => entries.iter().map(|e| e.key.value.clone()).collect(),
        _ => Vec::new(),
    };
    let over = root
        .get("environments")
        .and_then(|node| node.get(name))
        .cloned();
    match over {
        Some(over) => Ok(root.merged(over)),
        None => {
            let span = root.get("environments").map_or(root.span, |node| node.span);
            let help = match nearest(name, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean --env {near}?"),
                None if known.is_empty() => "the file has no `environments`".to_owned(),
                None => format!("known: {}", known.join(", ")),
            };
            let message = format!("unknown environment `{name}`");
            cx.report::<()>(Diagnostic::error(cx.source, span, message).help(help));
            Err(root)
        }
    }
}

/// Lays the URLs of the command line over the file. Alone they make a pair of their own, on which
/// `--allow-writes` is the only key: there is no file that could hold the other.
fn with_urls(mut root: Node, urls: &UrlPair, alone: bool) -> Node {
    for side in Side::BOTH {
        let mut target = vec![entry("url", text(urls.urls[side].as_str()))];
        if alone {
            target.push(entry("writes", text("allowed")));
            target.push(entry("name", text(side.word())));
        }
        if let Some(variable) = &urls.bearer_env[side] {
            drop_key(&mut root, &[side.word(), "tokens"], "app");
            let credential = map(vec![
                entry("grant", text("static")),
                entry("value", text(&format!("${{env:{variable}}}"))),
            ]);
            target.push(entry("tokens", map(vec![entry("app", credential)])));
        }
        root = root.merged(map(vec![entry(side.word(), map(target))]));
    }
    root
}

fn check(doc: &PairDoc, cx: &mut Cx<'_>) {
    for target in [&doc.old, &doc.new] {
        for (name, credential) in target.tokens.iter() {
            credential.check(name, cx);
        }
        for (name, address) in target.resolve.iter() {
            if address.parse::<std::net::SocketAddr>().is_err() {
                let message = format!("`{}` is not address:port", address.value);
                cx.error::<()>(address.span, message, "such as 203.0.113.7:443");
            }
            if name
                .rsplit_once(':')
                .is_none_or(|(_, port)| port.parse::<u16>().is_err())
            {
                let message = format!("`{}` is not host:port", name.value);
                cx.error::<()>(name.span, message, "such as api.example.com:443");
            }
        }
    }
}

fn take(root: &mut Node, key: &str) -> Option<Entry> {
    let Value::Map(entries) = &mut root.value else {
        return None;
    };
    let at = entries.iter().position(|entry| entry.key.value == key)?;
    Some(entries.remove(at))
}

fn put(root: &mut Node, entry: Option<Entry>) {
    if let (Value::Map(entries), Some(entry)) = (&mut root.value, entry) {
        entries.push(entry);
    }
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

fn text(value: &str) -> Node {
    Node::new(Value::Text(value.to_owned()), Span::default())
}

fn map(entries: Vec<Entry>) -> Node {
    Node::new(Value::Map(entries), Span::default())
}

fn entry(key: &str, value: Node) -> Entry {
    Entry {
        key: Spanned::new(key.to_owned(), Span::default()),
        value,
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
