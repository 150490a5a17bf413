//! Client suites: a suite with `client:` in place of `cases:`. Each profile is one case.

use std::path::{Component, Path};
use std::sync::Arc;

use super::client_choice::{Choice, is_file};
use super::client_pass::pass;
use super::client_service::{service, stopping, templates};
use super::feature::check_feature;
use super::model::{Action, Case, SideCase, Suite, info};
use super::scope::Given;
use crate::client::doc::{ClientDoc, Cwd};
use crate::client::{CA, CAPACITY, Client, NAMES, PORT, Profile, TIMEOUT};
use crate::config::Folder;
use crate::mock::Double;
use crate::pair::{Pair, Side};
use crate::source::{
    Cx, Diagnostic, Diagnostics, Entries, Entry, Node, Source, Span, Spanned, Value, document,
    nearest, parse,
};
use crate::template::Template;

document! {
    /// A suite that puts a client program through token profiles.
    pub struct ClientSuiteDoc is "a client suite" {
        /// Its name, used in every report.
        required name: Spanned<String>,
        /// The feature that it speaks for.
        optional feature: Option<Spanned<String>>,
        /// Words to select it by.
        optional tags: Vec<String>,
        /// The program and how it is run.
        required client: Spanned<ClientDoc>,
    }
}

/// Names that a client suite has beside those of its run.
const BUILT_IN: [&str; 3] = ["run.id", "uuid", "now"];

/// Reads what a client suite says; every mistake is told. `path` is where the file is.
pub(super) fn build(
    doc: &ClientSuiteDoc,
    source: &Arc<Source>,
    path: &Path,
    (given, choice): (&Given, &Choice),
    cx: &mut Cx<'_>,
) -> Suite {
    check_feature(doc.feature.as_ref(), cx);
    if doc.name.trim().is_empty() {
        cx.error::<()>(
            doc.name.span,
            "a client suite needs a name",
            "every report knows it by this",
        );
    }
    check_names(&doc.client.value, given, cx);
    let client = client(&doc.client.value, path, (given, choice), cx);
    let line = cx.source.line(doc.name.span.start);
    let cases = cases(&doc.name.value, line, &doc.tags, names(&client, choice));
    Suite {
        info: info(source, &doc.name.value, doc.feature.as_ref()),
        vars: Entries::default(),
        redact: Vec::new(),
        cases,
        client: Some(Arc::new(client)),
    }
}

/// The client suite of `cutover client -- COMMAND`.
///
/// # Errors
/// None while the shipped profiles are sound.
pub fn command_suite(
    command: &[String],
    folder: &Path,
    choice: &Choice,
) -> Result<Suite, Diagnostics> {
    let profiles = choice.profiles(Vec::new())?;
    // An interpreter alone says little: its script is named too.
    let parts = command.iter().take(2).enumerate();
    let parts = parts.filter(|(at, part)| *at == 0 || folder.join(part).is_file());
    let parts = parts.filter_map(|(_, part)| Path::new(part).file_name());
    let parts: Vec<String> = parts
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let name = parts.join(" ");
    let client = Client {
        run: command.iter().map(|part| template(part)).collect(),
        cwd: Some(folder.to_owned()),
        folder: folder.to_owned(),
        files: Vec::new(),
        env: Vec::new(),
        pass_env: Vec::new(),
        timeout: TIMEOUT,
        serves: None,
        service: None,
        stopping: None,
        profiles,
        served: None,
        pass: None,
        tls: false,
    };
    // The arguments may hold secrets; the name is enough to know the suite by.
    let source = Source::new("--", name.clone());
    Ok(Suite {
        info: info(&source, &name, None),
        cases: cases(&name, 1, &[], names(&client, choice)),
        vars: Entries::default(),
        redact: Vec::new(),
        client: Some(Arc::new(client)),
    })
}

/// The name of each case: the profiles, and the capacity behind them.
fn names<'c>(client: &'c Client, choice: &Choice) -> impl Iterator<Item = &'c str> {
    let profiles = client.profiles.iter().map(|profile| profile.name.as_str());
    profiles.chain(choice.capacity.then_some(CAPACITY))
}

/// An argument of the command line: with placeholders, or as it is.
fn template(text: &str) -> Template {
    Template::parse(text).unwrap_or_else(|_| Template::plain(text))
}

/// One case for each profile; all hang on the baseline, which comes first.
fn cases<'n>(
    suite: &str,
    line: usize,
    tags: &[String],
    profiles: impl Iterator<Item = &'n str>,
) -> Vec<Arc<Case>> {
    let side = Arc::new(SideCase {
        action: Action::Client,
        headers: Arc::default(),
        body: Arc::default(),
        token: None,
        api: None,
    });
    let case = |(index, profile): (usize, &str)| {
        Arc::new(Case {
            index,
            name: format!("{suite} [{profile}]").into(),
            line,
            tags: tags.into(),
            cleanup: false,
            sides: Pair::both(Arc::clone(&side)),
            rows: None,
            expect: Arc::default(),
            accept: Arc::default(),
            rules: Arc::default(),
            safe: true,
            depends: if index == 0 {
                Box::default()
            } else {
                Box::new([0])
            },
            extras: Arc::default(),
        })
    };
    profiles.enumerate().map(case).collect()
}

fn client(
    doc: &ClientDoc,
    path: &Path,
    (given, choice): (&Given, &Choice),
    cx: &mut Cx<'_>,
) -> Client {
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    if doc.run.is_empty() {
        cx.error::<()>(
            doc.run.span,
            "nothing to run",
            "the program and its arguments, as a list",
        );
    }
    for time in [&doc.timeout, &doc.r#for].into_iter().flatten() {
        time.check_some(cx);
    }
    for name in doc.env.iter().map(|(name, _)| name).chain(&doc.pass_env) {
        check_variable(name, cx);
    }
    Client {
        run: doc.run.value.clone(),
        cwd: (doc.cwd != Some(Cwd::Temp)).then(|| folder.clone()),
        files: files(doc, path, cx),
        env: doc
            .env
            .iter()
            .map(|(name, value)| (name.value.clone(), value.clone()))
            .collect(),
        pass_env: doc.pass_env.iter().map(|name| name.value.clone()).collect(),
        timeout: doc.timeout.as_ref().map_or(TIMEOUT, |time| time.0),
        serves: doc.r#for.as_ref().map(|time| time.0),
        service: service(doc, given, cx),
        stopping: stopping(doc, cx),
        profiles: profiles(doc, path, choice, cx),
        served: served(doc, path, cx),
        pass: pass(doc, cx.source),
        tls: doc.tls,
        folder,
    }
}

fn check_variable(name: &Spanned<String>, cx: &mut Cx<'_>) {
    if name.is_empty() || name.contains(['=', '\0']) {
        let message = format!("`{}` is no name of a variable", name.value);
        cx.error::<()>(name.span, message, "letters, digits and underscores");
    } else if let Some(message) = set_by_every_run(name) {
        let help = "take it away; a program that needs a folder or a file finds those of `files:` at \
                    `CUTOVER_FILES`";
        let taken = Diagnostic::error(cx.source, name.span, message).help(help);
        cx.diagnostics.push(taken);
    }
}

/// Why a variable cannot be given to a program: every run sets it.
#[must_use]
pub fn set_by_every_run(name: &str) -> Option<String> {
    let what = if name.starts_with("CUTOVER_") {
        "CUTOVER_* tell a program where it finds what it needs"
    } else if name == "HOME" || name == "TMPDIR" || name.starts_with("XDG_") {
        "it leads into the temporary folder of each run, which is searched for tokens and removed"
    } else {
        return None;
    };
    Some(format!("`{name}` is set by every run: {what}"))
}

fn files(doc: &ClientDoc, path: &Path, cx: &mut Cx<'_>) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let folder = Folder::of(path);
    let mut files = Vec::new();
    for (name, file) in doc.files.iter() {
        let stays = |name: &str| {
            let mut parts = Path::new(name).components();
            !name.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
        };
        if !stays(name) {
            let message = format!("`{}` leads out of the program's folder", name.value);
            cx.error::<()>(name.span, message, "a relative path without `..`");
        }
        match folder.bytes(file) {
            Ok(bytes) => files.push((name.value.clone().into(), bytes)),
            Err(error) => cx
                .error(file.span, error.to_string(), "a file beside this one")
                .unwrap_or(()),
        }
    }
    files
}

/// The profiles that the suite names, the baseline first; all that ship where it names none.
fn profiles(doc: &ClientDoc, path: &Path, choice: &Choice, cx: &mut Cx<'_>) -> Vec<Profile> {
    let folder = Folder::of(path);
    let mut found = Vec::new();
    for name in &doc.profiles {
        let profile = if is_file(name) {
            own(name, &folder, cx)
        } else {
            Profile::named(name)
                .map_err(|help| {
                    let message = format!("unknown profile `{}`", name.value);
                    let unknown = Diagnostic::error(cx.source, name.span, message).help(help);
                    cx.diagnostics.push(unknown);
                })
                .ok()
        };
        found.extend(profile);
    }
    choice.profiles(found).unwrap_or_else(|problems| {
        cx.diagnostics.append(problems);
        Vec::new()
    })
}

fn own(name: &Spanned<String>, folder: &Folder, cx: &mut Cx<'_>) -> Option<Profile> {
    match folder.text(name) {
        Ok(text) => match Profile::read(&Source::new(name.value.clone(), text)) {
            Ok(profile) => Some(profile),
            Err(problems) => {
                cx.diagnostics.append(problems);
                None
            }
        },
        Err(error) => cx.error(
            name.span,
            error.to_string(),
            "a profile file beside this one",
        ),
    }
}

/// The parts of a double's file that a program finds behind its API.
fn served(doc: &ClientDoc, path: &Path, cx: &mut Cx<'_>) -> Option<Node> {
    let serve = doc.serve.as_ref()?;
    if let Some(pass) = &serve.pass {
        return Some(open_to_all(pass.span));
    }
    if let Some(token) = &serve.token {
        let message = "`token` says whose token is passed on to a side";
        cx.error::<()>(
            token.span,
            message,
            "take it away, or say `pass: old` or `pass: new`",
        );
    }
    let api = serve.api.as_ref().filter(|api| api.value != "json")?;
    let folder = Folder::of(path);
    let text = match folder.text(api) {
        Ok(text) => text,
        Err(error) => {
            let label = "`json`, or the file of a double beside this one";
            return cx.error(api.span, error.to_string(), label);
        }
    };
    let source = Source::new(api.value.clone(), text);
    if let Err(problems) = Double::parse(&source) {
        cx.diagnostics.append(problems);
        return None;
    }
    let node = parse(&source).ok()?;
    let Value::Map(entries) = node.value else {
        return None;
    };
    // Its clients and tokens are the profile's.
    let kept = ["gateway", "routes", "backend"];
    let entries = entries
        .into_iter()
        .filter(|entry| kept.contains(&entry.key.value.as_str()));
    let mut entries: Vec<_> = entries.collect();
    if !entries.iter().any(|entry| entry.key.value == "routes") {
        let none = Node::new(Value::List(Vec::new()), api.span);
        entries.push(Entry {
            key: Spanned::new("routes".to_owned(), api.span),
            value: none,
        });
    }
    Some(Node::new(Value::Map(entries), api.span))
}

/// The parts of a double that lets everything through, and answers nothing by itself.
fn open_to_all(span: Span) -> Node {
    let entry = |key: &str, value: Node| Entry {
        key: Spanned::new(key.to_owned(), span),
        value,
    };
    let any = Node::new(Value::Text("* /*".to_owned()), span);
    let route = Node::new(Value::Map(vec![entry("request", any)]), span);
    let routes = Node::new(Value::List(vec![route]), span);
    Node::new(Value::Map(vec![entry("routes", routes)]), span)
}

/// Every placeholder has a value.
fn check_names(doc: &ClientDoc, given: &Given, cx: &mut Cx<'_>) {
    let templates = doc
        .run
        .iter()
        .chain(doc.env.iter().map(|(_, value)| value))
        .chain(templates(doc));
    for template in templates {
        for name in template.names() {
            let of_run = NAMES.contains(&name) || BUILT_IN.contains(&name);
            let own = of_run || name == CA && doc.tls || name == PORT && doc.ready.is_some();
            if own || given.get(name, Side::New).is_some() {
                continue;
            }
            let known = NAMES.into_iter().chain(BUILT_IN).chain([CA, PORT]);
            let help = if name == CA {
                "say `tls: true`, or there is no certificate".to_owned()
            } else if name == PORT {
                "say `ready:`, or there is no port: it is given to services".to_owned()
            } else {
                match nearest(name, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "give it with --var {name}=…; always there are {}",
                        NAMES.join(", ")
                    ),
                }
            };
            let message = format!("undefined variable `{name}`");
            let undefined = Diagnostic::error(cx.source, template.span, message).help(help);
            cx.diagnostics.push(undefined);
        }
    }
}
